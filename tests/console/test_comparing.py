"""Passages cut out for reading, and untrusted pictures made safe to show."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from console.differences import same_runs
from console.passages import CONTEXT, LONGEST_PASSAGE, MOST_PASSAGES, STRIP, compare_texts
from console.pictures import LONGEST_SIDE, UnreadablePictureError, frame_of, preview
from console.pieces import LONGEST, Kind, Piece, compared
from domain.findings import Span, SpanUnit
from tests.mocksite.pictures import drawing

TEXT = "".join(chr(0x4E00 + n % 4000) for n in range(20_000))


def span(a: float, b: float, c: float, d: float) -> Span:
    return Span(unit=SpanUnit.CHARACTER, query=(a, b), work=(c, d))


def read(pieces: tuple[Piece, ...]) -> str:
    return "".join(f"[{piece.text}]" if piece.kind is Kind.SAME else piece.text for piece in pieces)


def test_neighbouring_spans_are_one_passage_with_its_surroundings() -> None:
    made = compare_texts([span(300, 310, 100, 110), span(200, 290, 10, 100)], TEXT, TEXT)
    ((row,),) = (passage.rows for passage in made.passages)
    inner = f"[{TEXT[200:290]}]{TEXT[290:300]}[{TEXT[300:310]}]"
    assert read(row.page) == TEXT[200 - CONTEXT : 200] + inner + TEXT[310 : 310 + CONTEXT]
    assert read(row.work) == f"{TEXT[:10]}[{TEXT[10:100]}][{TEXT[100:110]}]{TEXT[110 : 110 + CONTEXT]}"


def test_lines_that_belong_together_stand_in_one_row() -> None:
    page, work = "one\nAD AD AD\ntwo\nthree", "zero\n\none\n\ntwo three"
    made = compare_texts([span(0, 3, 6, 9), span(13, 16, 11, 14), span(17, 22, 15, 20)], page, work)
    ((first, second, third),) = (passage.rows for passage in made.passages)
    assert (read(first.page), read(first.work)) == ("[one]", "zero\n[one]")
    assert (read(second.page), read(second.work)) == ("AD AD AD\n[two]", "[two]")
    assert (read(third.page), read(third.work)) == ("[three]", " [three]")


def test_what_differs_inside_a_passage_is_told_from_what_is_the_same() -> None:
    page = "船却都认得它。手机阅读更方便！每到黄昏，老顧提着一桶煤油"
    ours, theirs = compared(page, "船却都认得它。每到黄昏,老顾提着一桶煤油")
    assert read(tuple(ours)) == "[船却都认得它。]手机阅读更方便！[每到黄昏，老顧提着一桶煤油]"
    assert read(tuple(theirs)) == "[船却都认得它。][每到黄昏,老顾提着一桶煤油]"
    assert {piece.kind for piece in ours if piece.text.startswith("手机")} == {Kind.DIFFERENT}


def test_of_a_long_span_nothing_is_called_different_for_being_cut_off() -> None:
    ours, theirs = compared("广告" * 50 + TEXT[:5000], TEXT[:5000])
    assert [piece.text for piece in ours if piece.kind is Kind.DIFFERENT and piece.text] == ["广告" * 50]
    assert [piece.text for piece in theirs if piece.kind is Kind.DIFFERENT and piece.text] == []
    for pieces, length in ((ours, 5100), (theirs, 5000)):
        assert sum(len(piece.text) + piece.omitted for piece in pieces) == length


def test_endless_repetition_is_not_compared() -> None:
    page, work = "啊哦" * 800, "哦啊啊" * 500
    assert same_runs(page, work) == [((0, len(page)), (0, len(work)))]


@given(st.text("a灯 ，燈塔z", max_size=60), st.text("a灯 ，燈塔z", max_size=60))
def test_no_character_is_lost_or_moved(page: str, work: str) -> None:
    for text, pieces in zip((page, work), compared(page, work), strict=True):
        assert "".join(piece.text for piece in pieces) == text


def test_spans_far_apart_on_either_side_are_passages_of_their_own() -> None:
    assert len(compare_texts([span(0, 50, 0, 50), span(60, 99, 900, 939)], TEXT, TEXT).passages) == 2


def test_the_middle_of_a_long_span_is_left_out_and_counted() -> None:
    (passage,) = compare_texts([span(0, 5000, 0, 5000)], TEXT, TEXT).passages
    pieces = passage.rows[0].page
    assert sum(piece.omitted for piece in pieces) == 5000 - LONGEST
    assert pieces[0].text + TEXT[len(pieces[0].text) : 5000 - len(pieces[2].text)] + pieces[2].text == TEXT[:5000]


def test_a_copied_book_is_shown_in_part_and_the_rest_is_counted() -> None:
    spans = [span(n, n + 90, n, n + 90) for n in range(0, 19_900, 100)]
    made = compare_texts(spans, TEXT, TEXT)
    longest = max(sum(len(read(row.page)) for row in passage.rows) for passage in made.passages)
    assert longest < 2 * LONGEST_PASSAGE
    scattered = [span(n * 300, n * 300 + 20, n * 300, n * 300 + 20) for n in range(60)]
    made = compare_texts(scattered, TEXT, TEXT)
    assert (len(made.passages), made.more) == (MOST_PASSAGES, 20)


@given(st.lists(st.tuples(*[st.integers(-50, 400)] * 4), max_size=20), st.integers(0, 300), st.integers(0, 300))
def test_any_spans_are_clipped_to_the_texts(spans: list[tuple[int, ...]], page: int, work: int) -> None:
    made = compare_texts([span(*values) for values in spans], TEXT[:page], TEXT[:work])
    for row in (row for passage in made.passages for row in passage.rows):
        assert any(piece.kind is not Kind.AROUND for piece in row.work)
        assert all(piece.text in TEXT[:page] for piece in row.page)
    for strip in (made.page_strip, made.work_strip):
        assert all(start >= 0 and start + width <= STRIP + 1 for start, width in strip.marks)


def test_a_picture_is_turned_upright_scaled_and_stripped() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "secret"
    out = io.BytesIO()
    drawing(1).resize((4000, 1000)).save(out, "JPEG", exif=exif)
    shown = preview(out.getvalue())
    with Image.open(io.BytesIO(shown)) as image:
        assert (image.format, max(image.size)) == ("JPEG", LONGEST_SIDE)
        assert image.height > image.width
    assert b"secret" not in shown


def test_what_is_transparent_is_shown_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (60, 60), (200, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(preview(out.getvalue()))) as image:
        assert image.getpixel((30, 30)) == (255, 255, 255)


def huge_png(side: int) -> bytes:
    """A PNG that says it is enormous."""
    header = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk


@pytest.mark.parametrize(
    "data", [b"", b"<svg onload='alert(1)'/>", huge_png(60_000), huge_png(0), b"\xff\xd8\xff\xe0" + bytes(50)]
)
def test_what_cannot_be_shown_safely_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadablePictureError):
        preview(data)
    with pytest.raises(UnreadablePictureError):
        frame_of(data)
