"""The software work type: programs, packages and archives of files."""

from collections.abc import Sequence
from dataclasses import replace

from config.settings import SoftwareMatcherSettings
from domain.fingerprints import Abstention, Fingerprint
from domain.reasons import Reason, ReasonCode
from domain.works import WorkType
from matcher.segments.columns import Columns
from matcher.segments.snapshot import Snapshot
from matcher.software.archives import foreign
from matcher.software.archives import zip as zipped
from matcher.software.archives.formats import is_archive
from matcher.software.archives.walk import Walk
from matcher.software.examples import examples
from matcher.software.identity import signers_of
from matcher.software.members import digest_members
from matcher.software.payload import KIND, VERSION, pack
from matcher.software.references import SoftwareReferences
from matcher.software.storage import FORM, columns_of
from matcher.worktypes import Content, Example, Reference

PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"dex\n")
DOCUMENTS = (b"mimetype", b"[Content_Types].xml")
"""First members of books and office documents, which are ZIP files too but no software."""


class SoftwareMatcher:
    """A `WorkTypeMatcher`."""

    type = WorkType.SOFTWARE
    kind = KIND
    version = VERSION

    def __init__(self, settings: SoftwareMatcherSettings) -> None:
        self._settings = settings

    def thresholds(self) -> Sequence[tuple[str, float]]:
        settings = self._settings
        return (
            ("minimum_weight", settings.minimum_weight),
            ("copy_share", settings.copy_share),
            ("copy_query_share", settings.copy_query_share),
            ("bundle_share", settings.bundle_share),
            ("absent_share", settings.absent_share),
            ("partial_share", settings.partial_share),
            ("near_distance", settings.near_distance),
            ("runner_up_ratio", settings.runner_up_ratio),
        )

    def accepts(self, content: Content) -> bool:
        head = content.data[:512]
        return (is_archive(content.data) and not head[30:].startswith(DOCUMENTS)) or head.startswith(PROGRAMS)

    def fingerprint(self, content: Content, *, registering: bool = False) -> Fingerprint | Abstention:
        walk = Walk(self._settings)
        package = digest_members(walk.members(content.data, content.name.rsplit("/", 1)[-1]))
        if registering and walk.bound:
            # Half a reference would make every other program with the same first half look like a copy.
            return Abstention(reason=Reason.of(ReasonCode.SOFTWARE_TOO_LARGE, bound=walk.bound))
        if walk.unopened:
            return Abstention(reason=Reason.of(ReasonCode.SOFTWARE_NOT_OPENED, problem=walk.problems[0]))
        weight, minimum = float(package.rows["weight"].sum()), self._settings.minimum_weight
        if weight < minimum:
            values = {"files": len(package), "weight": round(weight, 1), "minimum": minimum}
            return Abstention(reason=Reason.of(ReasonCode.SOFTWARE_TOO_LITTLE, **values))
        return pack(replace(package, signers=_signers(content.data)))

    @property
    def recipe(self) -> str:
        return f"{KIND}@{VERSION}.{FORM}"

    def segment(self, references: Sequence[Reference]) -> Columns:
        return columns_of(references)

    def open(self, snapshot: Snapshot) -> SoftwareReferences:
        return SoftwareReferences(snapshot, self._settings)

    def examples(self) -> Sequence[Example]:
        return examples()


def _signers(data: bytes) -> tuple[str, ...]:
    """Who signed an APK; nobody for anything else."""
    end = zipped.end_of(memoryview(data)) if data.startswith(zipped.LOCAL) else None
    return () if end is None else tuple(signers_of(data, int.from_bytes(data[end + 16 : end + 20], "little")))


def is_foreign(content: Content) -> bool:
    """Whether a content is an archive that only bsdtar reads, in a process of its own."""
    return foreign.is_foreign(content.data)
