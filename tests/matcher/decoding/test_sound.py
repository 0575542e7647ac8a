"""Sound files, good and hostile, through the real decoding process."""

import struct
from pathlib import Path

import numpy as np
import pytest

from domain.reasons import Reason, ReasonCode
from matcher.decoding.sound import RATE, Sound, decode
from tests.support.sounds import encoded, tone, wav

TIMEOUT = 60.0


def heard(data: bytes, *, seconds: int = 60) -> Sound:
    sound = decode(data, seconds=seconds, timeout=TIMEOUT)
    assert not isinstance(sound, Reason), sound
    return sound


def refusal(data: bytes, *, timeout: float = TIMEOUT) -> str:
    reason = decode(data, seconds=60, timeout=timeout)
    assert isinstance(reason, Reason)
    assert reason.code is ReasonCode.UNREADABLE
    problem = str(dict(reason.values)["problem"])
    assert "Traceback" not in problem
    return problem


def pitch(sound: Sound) -> float:
    """The strongest frequency, in hertz."""
    return float(np.abs(np.fft.rfft(sound.astype(float))).argmax() * RATE / sound.size)


FILES = {
    "wav": wav(tone(3)),
    "stereo.wav": wav(tone(3), channels=2),
    "mp3": encoded(tone(3), "mp3", "libmp3lame", bit_rate=64_000),
    "flac": encoded(tone(3), "flac", "flac"),
    "m4a": encoded(tone(3), "mp4", "aac"),
    "ogg": encoded(tone(3, rate=48_000), "ogg", "libopus", rate=48_000),
}


@pytest.mark.parametrize("name", FILES)
def test_every_form_of_a_sound_gives_the_same_tone(name: str) -> None:
    sound = heard(FILES[name])
    assert sound.size / RATE == pytest.approx(3, abs=0.1)
    assert pitch(sound) == pytest.approx(440, abs=1)


def test_no_more_is_decoded_than_asked_for() -> None:
    assert heard(wav(tone(3)), seconds=2).size == 2 * RATE


def test_a_small_file_of_endless_silence_is_cut() -> None:
    hours = encoded(np.zeros(2 * 3600 * 8000, np.int16), "flac", "flac", rate=8000)
    assert len(hours) < 2_000_000
    assert heard(hours, seconds=100).size == 100 * RATE


@pytest.mark.parametrize("name", ["wav", "mp3", "flac", "ogg"])
def test_of_a_truncated_file_the_beginning_is_heard(name: str) -> None:
    data = FILES[name]
    sound = heard(data[: len(data) * 2 // 3])
    assert 1.5 < sound.size / RATE < 2.5
    assert pitch(sound) == pytest.approx(440, abs=2)


def test_a_header_that_claims_years_gives_what_is_there() -> None:
    claim = bytearray(FILES["wav"])
    claim[4:8] = claim[40:44] = struct.pack("<I", 0xFFFFFF00)
    assert heard(bytes(claim)).size / RATE == pytest.approx(3, abs=0.1)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="zero-length"),
        pytest.param(b"\0" * 100_000, id="zeros"),
        pytest.param(np.random.default_rng(1).bytes(100_000), id="noise"),
        pytest.param(FILES["wav"][:44], id="header-alone"),
        pytest.param(FILES["m4a"][: len(FILES["m4a"]) // 2], id="without-its-index"),
        pytest.param(b"<html>not music</html>" * 100, id="page"),
        pytest.param(wav(tone(0.1), channels=200), id="200-channels"),
    ],
)
def test_what_holds_no_sound_is_refused_with_a_reason(data: bytes) -> None:
    assert refusal(data)


@pytest.mark.parametrize(
    "playlist",
    [
        "ffconcat version 1.0\nfile '{path}'\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nfile://{path}\n#EXT-X-ENDLIST\n",
    ],
    ids=["concat", "hls"],
)
def test_a_playlist_opens_no_other_file(playlist: str, tmp_path: Path) -> None:
    (tmp_path / "own.wav").write_bytes(FILES["wav"])
    assert refusal(playlist.format(path=tmp_path / "own.wav").encode())


def test_a_decoder_that_takes_too_long_is_killed() -> None:
    # The process alone takes longer to start than this.
    assert refusal(FILES["wav"], timeout=0.005) == "decoding took more than 0.005 seconds"
