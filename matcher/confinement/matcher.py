"""A work type whose fingerprints are made in a reading process."""

from collections.abc import Callable, Sequence

from domain.fingerprints import Abstention, Fingerprint
from domain.reasons import Reason, ReasonCode
from matcher.confinement.frames import Head
from matcher.confinement.serving import Task
from matcher.confinement.workers import ReadingFailedError, Workers
from matcher.segments.columns import Columns
from matcher.segments.snapshot import Snapshot
from matcher.worktypes import Content, Example, Reference, References, WorkTypeMatcher


class ConfinedMatcher:
    """A `WorkTypeMatcher` that is `matcher` in all else. `workers` serve its `fingerprinting` under its kind.

    What `elsewhere` is true of is not given to them: `matcher` hands it to a program of its own, which they cannot.
    """

    def __init__(
        self,
        matcher: WorkTypeMatcher,
        workers: Workers,
        *,
        seconds: float,
        elsewhere: Callable[[Content], bool] = lambda _: False,
    ) -> None:
        self._matcher = matcher
        self._workers = workers
        self._seconds = seconds
        self._elsewhere = elsewhere
        self.type = matcher.type
        self.kind = matcher.kind
        self.version = matcher.version

    def thresholds(self) -> Sequence[tuple[str, float]]:
        return self._matcher.thresholds()

    def accepts(self, content: Content) -> bool:
        return self._matcher.accepts(content)

    def fingerprint(self, content: Content, *, registering: bool = False) -> Fingerprint | Abstention:
        if self._elsewhere(content):
            return self._matcher.fingerprint(content, registering=registering)
        request = {
            "name": content.name,
            "media_type": content.media_type,
            "charset": content.charset,
            "registering": registering,
        }
        try:
            answer, payload = self._workers.run(self.kind, request, content.data, seconds=self._seconds)
        except ReadingFailedError as error:
            return Abstention(reason=error.reason)
        if "code" in answer:
            return Abstention(reason=Reason.of(ReasonCode(answer["code"]), **answer["values"]))
        return Fingerprint(kind=self.kind, version=self.version, payload=payload)

    @property
    def recipe(self) -> str:
        return self._matcher.recipe

    def segment(self, references: Sequence[Reference]) -> Columns:
        return self._matcher.segment(references)

    def open(self, snapshot: Snapshot) -> References:
        return self._matcher.open(snapshot)

    def examples(self) -> Sequence[Example]:
        return self._matcher.examples()


def fingerprinting(matcher: WorkTypeMatcher) -> Task:
    """The task that makes the fingerprints of `matcher`, in the reading process."""

    def task(request: Head, data: bytes) -> tuple[Head, bytes]:
        content = Content(data=data, name=request["name"], media_type=request["media_type"], charset=request["charset"])
        made = matcher.fingerprint(content, registering=request["registering"])
        if isinstance(made, Fingerprint):
            return {}, made.payload
        return {"code": made.reason.code, "values": dict(made.reason.values)}, b""

    return task


def warm(matcher: WorkTypeMatcher) -> None:
    """Fingerprint the examples, so that every library and compiled function that this takes is loaded."""
    for example in matcher.examples():
        for content in (example.registered, example.query):
            for registering in (False, True):
                matcher.fingerprint(content, registering=registering)
