"""Every decoder's entry under damaged and made-up input: for minutes in `make check-deep`, for moments otherwise.

Decoders run in this process here, so that whatever they raise is seen: in use a reading process would hide it as one
failed file.
"""

import io
import random
import sys
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from config.loading import load_settings
from domain.errors import UsageError
from domain.fingerprints import Abstention, Fingerprint
from matcher.audio import payload as audio
from matcher.confinement.matcher import ConfinedMatcher
from matcher.confinement.workers import Workers
from matcher.image import payload as image
from matcher.software import payload as software
from matcher.text.decoding import decode
from matcher.text.extraction import readable
from matcher.text.normalise import tokenise
from matcher.worktypes import Content, WorkTypeMatcher
from monitor.matchers import matchers_of
from store.catalogue.reading import read_rows
from tests.matcher.hostile.depth import EXAMPLES, HEAVY_EXAMPLES
from tests.matcher.hostile.pictures import tiff, whole, with_exif
from tests.matcher.software.hostile import FILES
from tests.matcher.software.packing import ar, deb, program, seven, tarred, zipped
from tests.mocksite.catalogue import STORIES
from tests.support.sounds import encoded, tone, wav

MATCHERS = {matcher.kind: matcher for matcher in matchers_of(load_settings().matcher)}
STORY = (STORIES / "zh-postman.txt").read_text(encoding="utf-8")[:3000]
PAGE = f"<html><head><meta charset=gbk><title>t</title></head><body><div><p>{STORY}</p></div></body></html>".encode()
SEEDS: dict[str, list[bytes]] = {
    "image": [whole(form) for form in ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "PPM", "ICO")]
    + [with_exif(tiff((274, 3, 1, 6)))],
    "text": [PAGE, STORY.encode(), STORY.encode("gb18030"), STORY.encode("utf-16")],
    "software": [zipped(FILES), tarred(FILES, "w:xz"), seven(FILES), deb(FILES), ar(FILES), program(b"x" * 5000)],
    "audio": [wav(tone(6)), encoded(tone(6), "mp3", "libmp3lame"), encoded(tone(6), "ogg", "flac", rate=48_000)],
}
CHARSETS = ["", "utf-8", "gbk", "big5", "utf-16", "utf-7", "hz", "punycode", "idna", "undefined", "iso-2022-kr"]


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    settings = load_settings().matcher
    limits = settings.confinement.model_copy(update={"processes": 1})
    made = Workers((sys.executable, "-P", "-m", "monitor.reading"), settings.model_dump_json().encode(), limits)
    yield made
    made.close()


def sheet() -> bytes:
    book, out = Workbook(), io.BytesIO()
    assert isinstance(book.active, Worksheet)
    for row in (("title", "type", "owner"), ("守灯人", "text", "陆见秋"), ("b", "image", "c")):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


SHEET = sheet()


def damaged(whole: bytes, number: int) -> bytes:
    """The same damage for the same number: bytes changed, a piece cut out, doubled or moved to the end."""
    chance = random.Random(number)
    data = bytearray(whole)
    for _ in range(chance.randrange(1, 9)):
        at, length = chance.randrange(len(data) + 1), chance.randrange(1, 64)
        match chance.randrange(6):
            case 0:
                data[at : at + length] = chance.randbytes(length)
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = data[at : at + length]
            case 3:
                data[at : at + 4] = chance.choice((b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff", b"\0\0\0\x80"))
            case 4 if chance.random() < 0.3:
                del data[at:]
            case _:
                # Heads decide most: half of all damage is there.
                data[: min(64, len(data))][at % 64 : at % 64 + 1] = chance.randbytes(1)
                if data:
                    data[chance.randrange(min(64, len(data)))] = chance.randrange(256)
    return bytes(data)


# A warning, as of broken EXIF data, is an error here alone, not in the process that reads.
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("kind", ["image", "text", "software"])
def test_a_reading_process_makes_the_same_of_a_file(kind: str, workers: Workers) -> None:
    """It can open nothing: what a library loads when it first meets something must have been loaded before."""
    plain, confined = MATCHERS[kind], ConfinedMatcher(MATCHERS[kind], workers, seconds=60)
    for number in range(HEAVY_EXAMPLES * 5):
        data = SEEDS[kind][number % len(SEEDS[kind])]
        data = damaged(data, number) if number >= len(SEEDS[kind]) else data
        content = Content(data=data, name="a.html", charset=CHARSETS[number % len(CHARSETS)])
        assert confined.fingerprint(content) == plain.fingerprint(content)


@pytest.mark.parametrize("kind", SEEDS)
def test_a_damaged_file_gives_a_fingerprint_or_a_reason(kind: str) -> None:
    matcher: WorkTypeMatcher = MATCHERS[kind]
    for number in range(HEAVY_EXAMPLES if kind == "audio" else EXAMPLES):
        data = damaged(SEEDS[kind][number % len(SEEDS[kind])], number)
        charset = CHARSETS[number % len(CHARSETS)]
        matcher.accepts(Content(data=data, name="a"))
        made = matcher.fingerprint(Content(data=data, name="a.html", charset=charset), registering=number % 2 == 0)
        assert isinstance(made, Fingerprint | Abstention)


@given(data=st.binary(max_size=4000), charset=st.sampled_from(CHARSETS) | st.text(max_size=30))
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@seed(1)
def test_any_bytes_are_text_in_any_charset(data: bytes, charset: str) -> None:
    text = decode(data, charset)
    tokens = tokenise(text)
    assert (tokens.starts < tokens.ends).all()
    assert not len(tokens) or tokens.ends[-1] <= len(text)


MARKUP = st.lists(
    st.sampled_from(
        ["<", ">", "</", "<p>", "<a href='", "'", '"', "<!--", "-->", "<script>", "<table>", "<td>", "&#", ";"]
    )
    | st.text(max_size=9),
    max_size=60,
).map("".join)


@given(html=MARKUP)
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@seed(1)
def test_any_markup_is_readable(html: str) -> None:
    assert isinstance(readable(html).text, str)


UNPACKERS: dict[str, tuple[Callable[[Fingerprint], object], int]] = {
    "image": (image.unpack, image.VERSION),
    "audio": (audio.unpack, audio.VERSION),
    "software": (software.unpack, software.VERSION),
}


@pytest.mark.parametrize("kind", UNPACKERS)
def test_a_damaged_payload_is_refused_or_unpacked(kind: str) -> None:
    """Payloads come back from reading processes, which a file may have taken over."""
    unpack, version = UNPACKERS[kind]
    made = MATCHERS[kind].fingerprint(MATCHERS[kind].examples()[0].registered)
    assert isinstance(made, Fingerprint)
    for number in range(EXAMPLES):
        payload = damaged(made.payload, number) if number % 3 else random.Random(number).randbytes(number % 700)
        try:
            unpack(Fingerprint(kind=kind, version=version, payload=payload))
        except ValueError:
            continue


CELLS = "标题类型权利人title,type,owner\"'{}[]:1\n\r\t;|=\0\ufeff"


@given(
    data=st.binary(max_size=2000) | st.text(alphabet=CELLS, max_size=400).map(str.encode), number=st.integers(0, 999)
)
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@seed(1)
def test_any_bytes_are_a_catalogue_or_refused(
    data: bytes, number: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for ending, content in ((".csv", data), (".jsonl", data), (".xlsx", damaged(SHEET, number))):
        path = tmp_path_factory.getbasetemp() / f"catalogue{ending}"
        path.write_bytes(content)
        try:
            for row in read_rows(path):
                assert row.number > 0
        except UsageError:
            continue
