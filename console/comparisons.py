"""What a finding matched, made ready for its page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console.passages import TextComparison, compare_texts
from console.pictures import LARGEST_FILE, frame_of
from console.stores import ConsoleStores
from domain.errors import NotFoundError, StoreError
from domain.findings import Finding, Span, SpanUnit
from domain.ids import Digest
from domain.works import WorkType
from evidence.exchange import decoded_body, from_warc
from evidence.vault import Vault
from matcher.text.payload import KIND, text_of
from matcher.video.wording import clock

Box = tuple[float, float, float, float]
MOST_SPANS = 200


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture's size in the pixels its boxes are measured in."""

    width: int
    height: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureComparison:
    """Two pictures; None where one cannot be shown."""

    page: Frame | None
    work: Frame | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanComparison:
    """Times of sound and film, or files of software: as found, and in the work."""

    rows: tuple[tuple[str, str], ...]
    more: int
    """Rows that are not shown."""


def comparison_of(
    finding: Finding, stores: ConsoleStores
) -> TextComparison | PictureComparison | SpanComparison | None:
    """The two sides of a finding, or None when they are not there (any more)."""
    if finding.type is WorkType.TEXT:
        return _texts(finding, stores)
    if finding.type is WorkType.IMAGE:
        return _pictures(finding, stores)
    return span_comparison(finding.comparison.spans)


def span_comparison(spans: Sequence[Span]) -> SpanComparison:
    """The spans of a comparison, made ready for reading."""
    rows = tuple((_side(span.unit, span.query), _side(span.unit, span.work)) for span in spans[:MOST_SPANS])
    return SpanComparison(rows=rows, more=len(spans) - len(rows))


def found_picture(finding: Finding, vault: Vault) -> bytes:
    """The picture as fetched. Raises `NotFoundError`, or `IntegrityError` when the evidence was changed."""
    return decoded_body(from_warc(vault.read(finding.evidence)), LARGEST_FILE)


def registered_picture(reference: Digest, references: Vault) -> bytes:
    """The picture as filed. Raises `NotFoundError`, or `IntegrityError` when it was changed."""
    return references.read(reference)


def _side(unit: SpanUnit, values: tuple[float | str, ...]) -> str:
    if unit is SpanUnit.SECOND:
        return "–".join(clock(float(value)) for value in values)
    return " ".join(str(value) for value in values)


def _texts(finding: Finding, stores: ConsoleStores) -> TextComparison | None:
    capture = stores.captures.get(finding.capture_id)
    fingerprint = stores.works.fingerprint_of(finding.work_id, finding.comparison.reference, KIND)
    if capture is None or fingerprint is None:
        return None
    return compare_texts(finding.comparison.spans, capture.text, text_of(fingerprint))


def _pictures(finding: Finding, stores: ConsoleStores) -> PictureComparison:
    spans = [span for span in finding.comparison.spans if span.unit is SpanUnit.BOX]
    return PictureComparison(
        page=_frame(lambda: found_picture(finding, stores.vault), [span.query for span in spans]),
        work=_frame(
            lambda: registered_picture(finding.comparison.reference, stores.references), [span.work for span in spans]
        ),
    )


def _frame(read: Callable[[], bytes], boxes: list[tuple[float | str, ...]]) -> Frame | None:
    try:
        width, height = frame_of(read())
    except (NotFoundError, StoreError):
        # The page says that the picture cannot be shown; everything else on it still can.
        return None
    drawn = tuple(_box(box) for box in boxes)
    # A box around the whole picture says nothing.
    return Frame(width, height, tuple(box for box in drawn if box != (0, 0, width, height)))


def _box(given: tuple[float | str, ...]) -> Box:
    left, top, right, bottom = (float(value) for value in given)
    return left, top, right, bottom
