"""Playlists of streams, m3u8 (RFC 8216) and MPD (ISO/IEC 23009-1): what to fetch of them to know what plays.

An encrypted stream is left alone, whoever hands out the key: a lead remains, and nothing is circumvented.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from crawler.discovery.documents import children, elements
from crawler.urls import resolve

LONGEST = 4_000_000
MOST_SEGMENTS = 50_000
MOST_VARIANTS = 50
RUNS = 3
"""A long stream is looked at in so many places, each a run of segments one after another."""
SMALLEST_HEIGHT = 240
ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^,]*)')
TIME = re.compile(r"\$(Number|Time|RepresentationID|Bandwidth)(?:%0(\d)d)?\$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A part of a stream: an address, and of what is there the bytes from `start` on; `length` 0 is all of it."""

    url: str
    start: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Playlist:
    """One playlist. It has a variant to go on with, or segments."""

    variant: str = ""
    segments: tuple[Segment, ...] = ()
    """With the one that the others need first, if any."""
    encrypted: bool = False


def is_playlist(data: bytes) -> bool:
    """Whether bytes begin as a playlist."""
    head = data[:1_000].lstrip(b"\xef\xbb\xbf \r\n\t")
    return head.startswith(b"#EXTM3U") or (head.startswith(b"<") and b"<MPD" in head)


def read_playlist(url: str, data: bytes, most: int) -> Playlist | None:
    """The playlist at `url` with at most `most` segments, sampled over its length; None for anything else."""
    text = data[:LONGEST].decode("utf-8", errors="replace").lstrip("\ufeff \r\n\t")
    if text.startswith("#EXTM3U"):
        return _m3u8(url, text, most)
    return _mpd(url, text, most) if "<MPD" in text[:1_000] else None


def sampled(segments: Sequence[Segment], most: int) -> list[Segment]:
    """At most `most` segments: all of a short stream, else runs spread over it, neither its beginning nor its end."""
    if len(segments) <= most:
        return list(segments)
    runs = min(RUNS, most)
    length = most // runs
    starts = [round((len(segments) - length) * (2 * run + 1) / (2 * runs)) for run in range(runs)]
    chosen = dict.fromkeys(index for start in starts for index in range(start, start + length))
    return [segments[index] for index in chosen]


def _m3u8(url: str, text: str, most: int) -> Playlist:
    lines = [line.strip() for line in text.splitlines()]
    variants = list(_variants(url, lines))
    if variants:
        return Playlist(variant=_chosen(variants))
    first: list[Segment] = []
    segments: list[Segment] = []
    span, ranged, encrypted = (0, 0), False, False
    for line in lines[: 4 * MOST_SEGMENTS]:
        name, _, rest = line.partition(":")
        if name == "#EXT-X-KEY":
            encrypted = encrypted or _attributes(rest).get("METHOD", "NONE") != "NONE"
        elif name == "#EXT-X-MAP":
            told = _attributes(rest)
            if not first and (address := resolve(url, told.get("URI", ""))):
                start, length = _range(told.get("BYTERANGE", ""), 0)
                first.append(Segment(url=address, start=start, length=length))
        elif name == "#EXT-X-BYTERANGE":
            span, ranged = _range(rest, sum(span)), True
        elif line and not line.startswith("#") and (address := resolve(url, line)):
            start, length = span if ranged else (0, 0)
            segments.append(Segment(url=address, start=start, length=length))
            ranged = False
    return Playlist(segments=(*first, *sampled(segments, most)), encrypted=encrypted)


def _variants(url: str, lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Height, bits a second and address of each; the address is on the line after."""
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("#EXT-X-STREAM-INF:") and following and not following.startswith("#"):
            told = _attributes(line.partition(":")[2])
            height = told.get("RESOLUTION", "").partition("x")[2]
            if address := resolve(url, following):
                yield _whole(height), _whole(told.get("BANDWIDTH", "")), address


def _chosen(variants: Sequence[tuple[int, int, str]]) -> str:
    """The cheapest variant that is large enough to be recognised."""
    few = variants[:MOST_VARIANTS]
    return min(few, key=lambda each: (0 < each[0] < SMALLEST_HEIGHT, each[1], each[0]))[2]


def _attributes(text: str) -> dict[str, str]:
    return {name: value.strip('"') for name, value in ATTRIBUTE.findall(text)}


def _range(text: str, following: int) -> tuple[int, int]:
    """Start and length of `length@start`; without a start it follows what came before."""
    length, _, start = text.strip().partition("@")
    return _whole(start) if start else following, _whole(length)


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 15 else 0


def _mpd(url: str, text: str, most: int) -> Playlist | None:
    root = next((element for name, element in elements(text) if name == "MPD"), None)
    if root is None:
        return None
    found = [each for each in _representations(root) if each.kind in {"video", ""}] or list(_representations(root))
    if not found:
        return None
    chosen = min(found, key=lambda each: (0 < each.height < SMALLEST_HEIGHT, each.bandwidth))
    encrypted = any(name == "ContentProtection" for name, _ in _below(chosen.path))
    base = url
    for element in (root, *chosen.path):
        declared = next((child.text for name, child in children(element) if name == "BaseURL" and child.text), "")
        base = (resolve(base, declared) if declared else None) or base
    first, segments = _addresses(chosen, base)
    if not segments and base != url:
        segments = [base]
    resolved = [Segment(url=address) for each in segments if (address := resolve(base, each))]
    beginning = [Segment(url=address) for each in first if (address := resolve(base, each))]
    return Playlist(segments=(*beginning, *sampled(resolved, most)), encrypted=encrypted)


@dataclass(frozen=True, slots=True)
class _Representation:
    path: tuple[etree._Element, ...]
    """Period, adaptation set, representation."""
    kind: str
    height: int
    bandwidth: int


def _representations(root: etree._Element) -> Iterator[_Representation]:
    for _, period in _named(root, "Period"):
        for _, group in _named(period, "AdaptationSet"):
            for _, each in _named(group, "Representation"):
                told = each.get("mimeType") or group.get("mimeType") or group.get("contentType") or ""
                height = _whole(each.get("height") or group.get("height") or "")
                kind = told.partition("/")[0]
                yield _Representation((period, group, each), kind, height, _whole(each.get("bandwidth", "")))
        return  # the first period tells what plays


def _named(element: etree._Element, wanted: str) -> list[tuple[str, etree._Element]]:
    return [(name, child) for name, child in children(element) if name == wanted][:MOST_VARIANTS]


def _below(path: Sequence[etree._Element]) -> Iterator[tuple[str, etree._Element]]:
    for element in path:
        yield from children(element)


def _addresses(chosen: _Representation, base: str) -> tuple[list[str], list[str]]:
    """What all segments need first, and the segments, as a template or list in any level has them."""
    for name, element in reversed(list(_below(chosen.path))):
        if name == "SegmentTemplate":
            return _from_template(chosen, element)
        if name == "SegmentList":
            first = [child.get("sourceURL", "") for _, child in _named(element, "Initialization")]
            listed = [child for inner, child in children(element) if inner == "SegmentURL"][:MOST_SEGMENTS]
            return first, [child.get("media") or base for child in listed]
    return [], []


def _from_template(chosen: _Representation, template: etree._Element) -> tuple[list[str], list[str]]:
    names = {"RepresentationID": chosen.path[-1].get("id", ""), "Bandwidth": str(chosen.bandwidth)}
    first = [_filled(template.get("initialization", ""), names)] if template.get("initialization") else []
    number = _whole(template.get("startNumber", "1"))
    media, segments = template.get("media", ""), []
    for count, time in enumerate(_times(template)):
        if count == MOST_SEGMENTS:
            break
        segments.append(_filled(media, names | {"Number": str(number + count), "Time": str(time)}))
    return first, segments


def _times(template: etree._Element) -> Iterator[int]:
    """When each segment starts, in units of the template's time scale."""
    timeline = next((child for name, child in children(template) if name == "SegmentTimeline"), None)
    if timeline is None:
        # Without a timeline the number of segments follows from the length of the film; the first tell enough.
        yield from range(60)
        return
    at = 0
    for each in (child for name, child in children(timeline) if name == "S"):
        at = _whole(each.get("t", "")) or at
        for _ in range(min(_whole(each.get("r", "0")) + 1, MOST_SEGMENTS)):
            yield at
            at += _whole(each.get("d", ""))


def _filled(template: str, names: dict[str, str]) -> str:
    def fill(found: re.Match[str]) -> str:
        value = names.get(found[1], "")
        return value.zfill(int(found[2])) if found[2] else value

    return TIME.sub(fill, template).replace("$$", "$")
