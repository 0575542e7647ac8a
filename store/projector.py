"""Keeps the search index up with the records, from the outbox."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from domain.errors import NotFoundError
from domain.findings import Finding
from domain.ids import FindingId
from store.captures import CaptureStore
from store.findings import FindingStore
from store.outbox import Outbox
from store.search import Document, DocumentsRefusedError, SearchIndex

CONSUMER = "search"


def project(outbox: Outbox, findings: FindingStore, captures: CaptureStore, index: SearchIndex, limit: int) -> int:
    """Bring up to `limit` waiting changes into the index; how many there were.

    Events are forgotten only after the index has them, so a crash in between repeats them and loses none.
    """
    events = outbox.take(CONSUMER, limit)
    changed = [FindingId(key) for key in dict.fromkeys(event.key for event in events)]
    refused: Mapping[str, str] = {}
    try:
        index.put(list(_documents(changed, findings, captures, index)))
    except DocumentsRefusedError as error:
        refused = error.reasons
    outbox.done(events, refused)
    return len(events)


def refresh(finding_id: FindingId, findings: FindingStore, captures: CaptureStore, index: SearchIndex) -> None:
    """Show one change at once. Its event stays for `project`, which puts right whatever overtook this."""
    index.put(list(_documents([finding_id], findings, captures, index)))


def rebuild(outbox: Outbox, findings: FindingStore, captures: CaptureStore, index: SearchIndex, now: datetime) -> int:
    """Fill the index anew from the records, while readers see the old one; how many findings it was offered.

    Nothing may be projected meanwhile: it would go into the old index.
    """
    count = 0
    refused: Mapping[str, str] = {}

    def documents() -> Iterator[Document]:
        nonlocal count
        for finding in findings.export():
            count += 1
            yield _document(finding, captures)

    try:
        index.replace(documents())
    except DocumentsRefusedError as error:
        refused = error.reasons
    outbox.replace_parked(CONSUMER, refused, now)
    return count


def _documents(
    ids: list[FindingId], findings: FindingStore, captures: CaptureStore, index: SearchIndex
) -> Iterator[Document]:
    for finding_id in ids:
        try:
            finding = findings.get(finding_id)
        except NotFoundError:
            index.remove([finding_id])
        else:
            yield _document(finding, captures)


def _document(finding: Finding, captures: CaptureStore) -> Document:
    capture = captures.get(finding.capture_id)
    return Document(
        finding_id=finding.finding_id,
        work_id=finding.work_id,
        work_title=finding.work_title,
        owner=finding.owner,
        type=finding.type,
        host=finding.host,
        url=finding.url,
        state=finding.state,
        verdict=finding.comparison.verdict,
        similarity=finding.comparison.similarity,
        found_at=finding.found_at,
        title=capture.title if capture else "",
        text=capture.text if capture else "",
    )
