"""Works that are judged by thresholds of their own, whatever their type.

The same index is opened once more by a matcher with other settings. Works with the same thresholds share that opening.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.findings import Comparison
from domain.fingerprints import Fingerprint
from domain.ids import WorkId
from matcher.worktypes import VERDICT_ORDER, References

OwnThresholds = Mapping[WorkId, Mapping[str, float]]
"""By work, the thresholds that differ from the settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Works with the same thresholds of their own."""

    works: frozenset[WorkId]
    judged: References
    """All references, opened by a matcher with these thresholds."""
    filter: References | None
    """Those of the group alone, by the same matcher: what it finds nothing in is not compared a second time.

    None for types whose works are judged together, where everything is.
    """


class GroupedReferences:
    """A `References` in which the works of some groups are judged by their own thresholds, all others as usual."""

    def __init__(self, usual: References, groups: Sequence[Group]) -> None:
        self._usual = usual
        self._groups = groups

    def __len__(self) -> int:
        return len(self._usual)

    def compare(self, query: Fingerprint) -> Sequence[Comparison]:
        found = list(self._usual.compare(query))
        for group in self._groups:
            own: Sequence[Comparison] = ()
            if group.filter is None or group.filter.compare(query):
                own = [c for c in group.judged.compare(query) if c.work_id in group.works]
            found = [c for c in found if c.work_id not in group.works] + list(own)
        return sorted(found, key=lambda c: VERDICT_ORDER[c.verdict])
