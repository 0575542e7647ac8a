"""Music through the commands: registered by a catalogue, found in files by `match`."""

import json
from pathlib import Path

import numpy as np
import pytest

from matcher.decoding.sound import RATE
from tests.support.commands import run
from tests.support.music import piece
from tests.support.sound_alterations import sped, whole
from tests.support.sounds import encoded, wav

pytestmark = pytest.mark.timeout(300)


def test_registered_music_is_found_in_other_files(tmp_path: Path) -> None:
    tune, data = piece(1, 40), tmp_path / "data"
    (tmp_path / "tune.mp3").write_bytes(encoded(whole(sped(tune, 0.5)), "mp3", "libmp3lame", rate=16_000))
    (tmp_path / "broken.mp3").write_bytes(b"ID3" + b"\0" * 5000)
    catalogue = tmp_path / "c.csv"
    catalogue.write_text("work_id,title,type,owner,files\nm1,潮汐,audio,甲,tune.mp3\nm2,坏,音乐,乙,broken.mp3\n")
    code, out, err = run(data, "works", "import", str(catalogue), "--json")
    assert (code, json.loads(out)["imported"]) == (3, 1), err
    assert "broken.mp3" in out
    asked = tmp_path / "asked"
    asked.mkdir()
    (asked / "copy.wav").write_bytes(wav(whole(tune[10 * RATE : 30 * RATE]), rate=RATE))
    (asked / "other.flac").write_bytes(encoded(whole(piece(2, 20)), "flac", "flac", rate=8000))
    (asked / "silence.wav").write_bytes(wav(np.zeros(9 * RATE, np.int16), rate=RATE))
    (asked / "torn.ogg").write_bytes(b"OggS" + b"\0" * 500)
    _, out, _ = run(data, "match", str(asked), "--json")
    rows = {Path(row["input"]).name: row for row in map(json.loads, out.splitlines())}
    assert {row["type"] for row in rows.values()} == {"audio"}
    outcomes = {name: row["outcome"] for name, row in rows.items()}
    expected = {"copy.wav": "matched", "other.flac": "no_match", "silence.wav": "abstained", "torn.ogg": "failed"}
    assert outcomes == expected
    (found,) = rows["copy.wav"]["matches"]
    assert (found["work_id"], found["verdict"], found["method"]) == ("m1", "copy", "audio-peaks")
    assert found["spans"][0]["unit"] == "second"
    assert found["spans"][0]["work"] == pytest.approx([10, 30], abs=0.6)
