"""The matchers, by the settings or by thresholds of a work's own, and the register opened by them."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import ValidationError

from config.settings import MatcherSettings
from domain.errors import UsageError
from domain.ids import WorkId
from domain.works import WorkType
from matcher.thresholds import Group, GroupedReferences
from matcher.worktypes import JUDGED_TOGETHER, References, WorkTypeMatcher
from monitor.matchers import matchers_of
from monitor.registering import RegisterKeeper
from store.thresholds import ThresholdStore

Thresholds = Mapping[str, float]


def matcher_with(settings: MatcherSettings, work_type: WorkType, thresholds: Thresholds) -> WorkTypeMatcher:
    """The matcher of a type with some thresholds changed. Raises `UsageError` when it cannot have them."""
    usual = next((matcher for matcher in matchers_of(settings) if matcher.type is work_type), None)
    if usual is None:
        raise UsageError(f"Works of type {work_type} cannot be compared yet.", "They have no thresholds.")
    known = dict(usual.thresholds())
    if unknown := sorted(thresholds.keys() - known.keys()):
        raise UsageError(f"{unknown[0]} is no threshold of type {work_type}.", f"Those are: {', '.join(known)}.")
    section = getattr(settings, work_type)
    whole = {name: int(value) for name, value in thresholds.items() if isinstance(known[name], int) and value % 1 == 0}
    try:
        changed = type(section).model_validate(section.model_dump() | dict(thresholds) | whole)
    except ValidationError as error:
        fault = error.errors()[0]
        name = ".".join(map(str, fault["loc"])) or "the thresholds together"
        raise UsageError(f"{name}: {fault['msg']}.", "docs/settings.md says what each takes.") from error
    made = next(m for m in matchers_of(settings.model_copy(update={work_type.value: changed})) if m.type is work_type)
    if made.recipe != usual.recipe:
        raise UsageError("That shapes the index, which all works share.", "Change it in the settings.")
    return made


class Opener:
    """Opens registered works for searching."""

    def __init__(
        self,
        matchers: Sequence[WorkTypeMatcher],
        settings: MatcherSettings,
        register: RegisterKeeper,
        thresholds: ThresholdStore,
        folder: Path,
    ) -> None:
        self._matchers = matchers
        self._settings = settings
        self._register = register
        self._thresholds = thresholds
        self._folder = folder

    def whole(self) -> Mapping[WorkType, References]:
        """The whole register, each work judged by its own thresholds."""
        opened: dict[WorkType, References] = {}
        for matcher in self._matchers:
            snapshot = self._register.current(matcher)
            usual = matcher.open(snapshot)
            groups = []
            for changed, works in self._groups(matcher.type):
                alone = None if matcher.type in JUDGED_TOGETHER else self._alone(changed, works)
                groups.append(Group(works=works, judged=changed.open(snapshot), filter=alone))
            opened[matcher.type] = GroupedReferences(usual, groups) if groups else usual
        return opened

    def some(self, ids: Collection[WorkId]) -> Mapping[WorkType, tuple[References, ...]]:
        """Some works alone, by type: one opening for each set of thresholds, none for a type without works."""
        opened: dict[WorkType, tuple[References, ...]] = {}
        for matcher in self._matchers:
            groups = [(changed, works.intersection(ids)) for changed, works in self._groups(matcher.type)]
            own = frozenset[WorkId]().union(*(works for _, works in groups))
            usual = (matcher, frozenset(ids) - own)
            alone = (self._alone(made, works) for made, works in (usual, *groups) if works)
            opened[matcher.type] = tuple(references for references in alone if len(references))
        return opened

    def _groups(self, work_type: WorkType) -> list[tuple[WorkTypeMatcher, frozenset[WorkId]]]:
        """Matchers with other thresholds, and the works that are judged by each."""
        groups: dict[tuple[tuple[str, float], ...], set[WorkId]] = {}
        for work_id, values in self._thresholds.of_type(work_type).items():
            groups.setdefault(tuple(sorted(values.items())), set()).add(work_id)
        return [(self._changed(work_type, values, works), frozenset(works)) for values, works in sorted(groups.items())]

    def _changed(
        self, work_type: WorkType, values: tuple[tuple[str, float], ...], works: Collection[WorkId]
    ) -> WorkTypeMatcher:
        try:
            return matcher_with(self._settings, work_type, dict(values))
        except UsageError as error:
            one = min(works)
            mend = f"The settings changed since: set it anew by `piracy-monitor works thresholds {one} …`."
            raise UsageError(f"Work {one} has thresholds that do not hold: {error.problem}", mend) from error

    def _alone(self, matcher: WorkTypeMatcher, ids: Collection[WorkId]) -> References:
        """Some works searchable by a matcher, through an index that is gone when nothing refers to it any more."""
        self._folder.mkdir(parents=True, exist_ok=True)
        # What is mapped into memory stays readable after its file is removed.
        with TemporaryDirectory(dir=self._folder, prefix=".index-") as made:
            return self._register.some(matcher, ids, Path(made))
