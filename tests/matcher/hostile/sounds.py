"""Sounds made to harm their decoder; tests/matcher/decoding/test_sound.py has what they do to the process itself."""

import struct

from domain.reasons import ReasonCode as Code
from tests.matcher.hostile.cases import UNREADABLE, Case
from tests.matcher.hostile.pictures import riff
from tests.support.sounds import encoded, tone, wav

TONE = tone(6)
HEARD = frozenset({Code.AUDIO_TOO_PLAIN, Code.AUDIO_TOO_SHORT})
"""It was decoded; there is nothing to tell a tone or a moment by."""
ANY = UNREADABLE | HEARD


def wave(rate: int, channels: int, bits: int, *before: bytes) -> bytes:
    align = channels * bits // 8
    kind = struct.pack("<HHIIHH", 1, channels, rate, rate * align & 0xFFFFFFFF, align & 0xFFFF, bits)
    parts = [
        struct.pack("<4sI", b"fmt ", 16) + kind,
        *before,
        struct.pack("<4sI", b"data", 2 * TONE.size) + TONE.tobytes(),
    ]
    return riff(b"WAVE", *parts)


def id3(declared: int, data: bytes) -> bytes:
    size = bytes((declared >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + size + data


def mp3() -> bytes:
    return encoded(TONE, "mp3", "libmp3lame", bit_rate=64_000)


def atom(kind: bytes, data: bytes, size: int | None = None) -> bytes:
    return struct.pack(">I", len(data) + 8 if size is None else size) + kind + data


def nested_atoms() -> bytes:
    data = b""
    for _ in range(20_000):
        data = atom(b"udta", data)
    return atom(b"ftyp", b"M4A \0\0\0\0M4A ") + atom(b"moov", data)


def ogg() -> bytes:
    return encoded(tone(1, rate=48_000), "ogg", "libopus", rate=48_000)


SOUNDS = {
    "wave of no rate": Case(make=lambda: wave(0, 1, 16), said=ANY),
    "wave of 4 GHz": Case(make=lambda: wave(0xFFFFFFFF, 1, 16), said=ANY),
    "wave of 1 Hz": Case(make=lambda: wave(1, 1, 16), said=ANY),
    "wave of 65,535 channels": Case(make=lambda: wave(22_050, 65_535, 16), said=UNREADABLE),
    "wave of no channel": Case(make=lambda: wave(22_050, 0, 16), said=UNREADABLE),
    "wave of no bits": Case(make=lambda: wave(22_050, 1, 0), said=UNREADABLE),
    "wave with 30,000 lists": Case(
        make=lambda: wave(22_050, 1, 16, *[struct.pack("<4sI4s", b"LIST", 4, b"INFO")] * 30_000), said=ANY
    ),
    "mp3 with a tag of 256 MB declared": Case(make=lambda: id3((1 << 28) - 1, mp3()), said=ANY),
    "mp3 with a tag of 20 MB": Case(make=lambda: id3(20_000_000, bytes(20_000_000) + mp3()), said=ANY),
    "mp3 with 100,000 chapters": Case(
        make=lambda: id3(2_700_000, (b"CHAP" + struct.pack(">IH", 17, 0) + b"c" + bytes(16)) * 100_000 + mp3()),
        said=ANY,
    ),
    "ogg of 200 streams in a row": Case(make=lambda: ogg() * 200, said=ANY),
    "m4a of atoms inside each other": Case(make=nested_atoms, said=UNREADABLE, name="a.m4a", media_type="audio/mp4"),
    "m4a of an atom without end": Case(
        make=lambda: atom(b"ftyp", b"M4A \0\0\0\0") + atom(b"moov", atom(b"trak", b"", 0)) * 5000,
        said=UNREADABLE,
        media_type="audio/mp4",
    ),
    "flac of metadata alone": Case(make=lambda: b"fLaC" + (b"\x01\xff\xff\xff" + bytes(0xFFFFFF)) * 2, said=UNREADABLE),
    "amr that never ends": Case(make=lambda: b"#!AMR\n" + b"\x3c" + bytes(200_000), said=ANY),
    "sound of a page": Case(make=lambda: b"<html>" * 1000, said=UNREADABLE, media_type="audio/mpeg"),
    "a moment of sound": Case(make=lambda: wav(tone(0.01)), said=ANY),
}
