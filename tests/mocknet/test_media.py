"""The network's media are what they say they are."""

import hashlib
import io

import av
import cv2
import numpy as np
import pytest

from tests.mocknet.keys import key_of, keys_of
from tests.mocknet.media import films, music, packages, pictures, torrents
from tests.mocknet.media.cache import kept

SEED = 201


def seconds_of(data: bytes) -> tuple[float, int]:
    """How long the pictures of a film run, and how many of its seconds have a sound."""
    with av.open(io.BytesIO(data), "r") as file:
        shown = [frame.time for frame in file.decode(video=0) if frame.time is not None]
    with av.open(io.BytesIO(data), "r") as file:
        heard = sum(frame.samples / frame.sample_rate for frame in file.decode(audio=0)) if file.streams.audio else 0
    return max(shown) - min(shown), round(heard)


@pytest.mark.parametrize("data", [films.as_file(SEED), films.hls_as_one(films.as_hls(SEED))], ids=["mp4", "hls"])
def test_films_run_for_twenty_seconds_with_movement_and_sound(data: bytes) -> None:
    shown, heard = seconds_of(data)
    assert shown >= 20
    assert heard >= 20


def test_playlists_name_segments_that_are_there() -> None:
    made = films.as_hls(SEED)
    assert films.VARIANT in made[films.MASTER].decode()
    lines = made[films.VARIANT].decode().splitlines()
    assert lines[-1] == "#EXT-X-ENDLIST"
    segments = [line for line in lines if line and not line.startswith("#")]
    assert len(segments) == films.SECONDS // films.SEGMENT_SECONDS
    assert made.keys() == {films.MASTER, films.VARIANT, *(f"low/{name}" for name in segments)}
    shown, _ = seconds_of(made[f"low/{segments[2]}"])
    assert shown == pytest.approx(films.SEGMENT_SECONDS, abs=0.5)


def test_a_manifest_s_segments_make_a_film() -> None:
    made = films.as_dash(SEED)
    assert b"SegmentTemplate" in made["manifest.mpd"]
    assert seconds_of(films.dash_as_one(made))[0] >= 20


def test_music_is_long_enough_to_be_judged() -> None:
    with av.open(io.BytesIO(music.as_mp3(301)), "r") as file:
        assert (file.duration or 0) / 1e6 >= 15


def test_packages_begin_as_their_kinds_do() -> None:
    begins = {".apk": b"PK", ".exe": b"MZ", ".zip": b"PK", ".tar.gz": b"\x1f\x8b", ".7z": b"7z\xbc\xaf"}
    assert all(packages.packed(401, ending).startswith(head) for ending, head in begins.items())


def test_qr_codes_say_what_was_put_in() -> None:
    data = pictures.poster("https://pan.quark.cn/s/0123456789ab", 1)
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    assert cv2.QRCodeDetector().detectAndDecode(image)[0] == "https://pan.quark.cn/s/0123456789ab"


def test_a_torrent_is_named_by_the_hashes_of_its_info() -> None:
    made = torrents.torrent("名字", {"a.mkv": 50_000, "b.txt": 10}, hybrid=True, tracker="udp://t.example:1/announce")
    assert made.data.startswith(b"d8:announce")
    start = made.data.index(b"4:info") + len(b"4:info")
    info = made.data[start : made.data.index(b"12:piece layers")]
    assert hashlib.sha1(info, usedforsecurity=False).hexdigest() == made.v1
    assert hashlib.sha256(info).hexdigest() == made.v2
    assert keys_of(torrents.magnet(made, tracker="udp://t.example:1/announce")) == (
        f"btih:{made.v1}",
        f"btih:{made.v2}",
    )


def test_the_root_of_one_block_is_its_hash_and_of_two_the_hash_of_both() -> None:
    one, two = bytes(torrents.PIECE), bytes([1]) * 100
    hashes = [hashlib.sha256(block).digest() for block in (one, two)]
    assert torrents._merkle(two)[0] == hashes[1]
    assert torrents._merkle(one + two)[0] == hashlib.sha256(b"".join(hashes)).digest()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://pan.baidu.com/s/1AbCdEf_gh", "https://pan.baidu.com/share/init?surl=AbCdEf_gh"),
        ("https://www.aliyundrive.com/s/AbCdEfGhIjK", "https://www.alipan.com/s/AbCdEfGhIjK?pwd=1234"),
        (
            f"magnet:?xt=urn:btih:{'0a' * 20}",
            f"magnet:?dn=x&xt=urn:btih:{'BI' * 16}".replace("BI" * 16, "BIFAUCQKBIFAUCQK" * 2),
        ),
        (
            "ed2k://|file|a.rar|1|00112233445566778899AABBCCDDEEFF|/",
            "ed2k://|file|b|1|00112233445566778899aabbccddeeff|/",
        ),
        ("http://a.localhost:1/x?b=1&a=2", "http://a.localhost:1/x?a=2&b=1#top"),
    ],
)
def test_two_spellings_of_one_target_have_one_key(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


def test_what_was_made_once_is_kept(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made: list[int] = []

    def make() -> dict[str, bytes]:
        made.append(1)
        return {"a/b": b"x", "c": b"y"}

    assert [kept(("one",), make) for _ in range(2)] == [{"a/b": b"x", "c": b"y"}] * 2
    assert kept(("two",), make) == {"a/b": b"x", "c": b"y"}
    assert len(made) == 2
