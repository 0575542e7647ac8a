"""Playlists of streams: what is to be fetched of them."""

import pytest

from crawler.leads.playlists import Playlist, Segment, is_playlist, read_playlist, sampled

URL = "http://cdn.example/v/index.m3u8"
MASTER = """#EXTM3U
#EXT-X-STREAM-INF:BANDWIDTH=200000,RESOLUTION=256x144
low/index.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=800000,RESOLUTION=640x360,CODECS="avc1.4d401e,mp4a.40.2"
mid/index.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=4000000,RESOLUTION=1920x1080
/high/index.m3u8
"""
MEDIA = "#EXTM3U\n#EXT-X-TARGETDURATION:6\n" + "".join(f"#EXTINF:6,\n{n:03}.ts\n" for n in range(30)) + "#EXT-X-ENDLIST"
RANGES = """#EXTM3U
#EXT-X-MAP:URI="all.mp4",BYTERANGE="720@0"
#EXT-X-BYTERANGE:1000@720
all.mp4
#EXT-X-BYTERANGE:500
all.mp4
tail.mp4
"""
TEMPLATE = """<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>dash/</BaseURL><Period>
<AdaptationSet mimeType="audio/mp4"><Representation id="a" bandwidth="1"/></AdaptationSet>
<AdaptationSet mimeType="video/mp4"><SegmentTemplate media="$RepresentationID$/$Number%03d$.m4s"
 initialization="$RepresentationID$/init.mp4" startNumber="1"><SegmentTimeline><S t="0" d="4" r="2"/></SegmentTimeline>
</SegmentTemplate><Representation id="v" bandwidth="800000" height="360"/>
<Representation id="w" bandwidth="90000" height="144"/></AdaptationSet></Period></MPD>"""
LISTED = """<MPD><Period><AdaptationSet contentType="video"><Representation id="v"><SegmentList>
<Initialization sourceURL="init.mp4"/><SegmentURL media="1.m4s"/><SegmentURL media="2.m4s"/></SegmentList>
</Representation></AdaptationSet></Period></MPD>"""
WHOLE = """<MPD><Period><AdaptationSet><Representation id="v" mimeType="video/mp4"><BaseURL>film.mp4</BaseURL>
</Representation></AdaptationSet></Period></MPD>"""


def read(text: str, most: int = 100) -> Playlist:
    assert is_playlist(text.encode())
    found = read_playlist(URL, text.encode(), most)
    assert found is not None
    return found


def urls(text: str, most: int = 100) -> list[str]:
    return [segment.url.removeprefix("http://cdn.example/v/") for segment in read(text, most).segments]


def test_the_cheapest_variant_that_is_large_enough_is_chosen() -> None:
    assert read(MASTER) == Playlist(variant="http://cdn.example/v/mid/index.m3u8")
    assert read("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=9\nonly.m3u8").variant == "http://cdn.example/v/only.m3u8"


def test_a_long_stream_is_sampled_in_runs() -> None:
    assert len(urls(MEDIA)) == 30
    assert urls(MEDIA, 6) == ["005.ts", "006.ts", "014.ts", "015.ts", "023.ts", "024.ts"]
    assert sampled([], 5) == []
    assert len(sampled([Segment(url=str(n)) for n in range(9)], 2)) == 2


def test_ranges_and_the_part_that_all_others_need() -> None:
    assert read(RANGES).segments == (
        Segment(url="http://cdn.example/v/all.mp4", start=0, length=720),
        Segment(url="http://cdn.example/v/all.mp4", start=720, length=1000),
        Segment(url="http://cdn.example/v/all.mp4", start=1720, length=500),
        Segment(url="http://cdn.example/v/tail.mp4"),
    )


def test_segments_of_mpd() -> None:
    assert urls(TEMPLATE) == ["dash/v/init.mp4", "dash/v/001.m4s", "dash/v/002.m4s", "dash/v/003.m4s"]
    assert urls(LISTED) == ["init.mp4", "1.m4s", "2.m4s"]
    assert urls(WHOLE) == ["film.mp4"]


@pytest.mark.parametrize(
    ("text", "encrypted"),
    [
        ('#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="key"\n1.ts', True),
        ("#EXTM3U\n#EXT-X-KEY:METHOD=NONE\n1.ts", False),
        (WHOLE.replace("<BaseURL>", "<ContentProtection schemeIdUri='urn:x'/><BaseURL>"), True),
    ],
)
def test_encryption_is_told(text: str, encrypted: bool) -> None:
    assert read(text).encrypted is encrypted


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U",
        "#EXTM3U\n" + "\n" * 1_000_000,
        "#EXTM3U\n#EXT-X-BYTERANGE:" + "9" * 1_000 + "\nx",
        "#EXTM3U\njavascript:1\nftp://x/y",
        "<MPD><Period/></MPD>",
        "<MPD>" + "<Period>" * 50_000,
        TEMPLATE.replace('r="2"', 'r="99999999999"'),
    ],
)
def test_hostile_playlists_are_survived(text: str) -> None:
    found = read_playlist(URL, text.encode(), 12)
    assert found is None or len(found.segments) <= 13


@pytest.mark.parametrize("data", [b"", b"<html>m3u8</html>", b"\x00\x00\x00\x18ftyp", b"#EXT"])
def test_other_files_are_no_playlists(data: bytes) -> None:
    assert not is_playlist(data)
    assert read_playlist(URL, data, 12) is None
