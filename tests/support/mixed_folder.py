"""A folder as an officer gets it from a seized disk: texts, pictures, sounds, packages and junk, with some copies."""

import os
import random
import socket
from pathlib import Path

import numpy as np

from matcher.decoding.sound import RATE
from tests.matcher.software.packing import tarred, zipped
from tests.mocksite.catalogue import STORIES
from tests.mocksite.pictures import as_jpeg, as_png, drawing
from tests.support.music import piece
from tests.support.sound_alterations import whole
from tests.support.sounds import wav

HAN = [chr(code) for code in range(0x4E00, 0x5400)]
SOFTWARE = {f"app/{n}.bin": random.Random(n).randbytes(3000) for n in range(9)}
FILES = 1_000


def catalogue(folder: Path) -> Path:
    """Two stories, two pictures, a tune and a program, and their catalogue."""
    folder.mkdir(parents=True)
    (folder / "postman.txt").write_bytes((STORIES / "zh-postman.txt").read_bytes())
    (folder / "bell.txt").write_bytes((STORIES / "en-bell.txt").read_bytes())
    for seed in (1, 2):
        (folder / f"drawing{seed}.png").write_bytes(as_png(drawing(seed)))
    (folder / "tune.wav").write_bytes(wav(whole(piece(1, 30)), rate=RATE))
    (folder / "app.zip").write_bytes(zipped(SOFTWARE))
    kinds = {".txt": "text", ".png": "image", ".wav": "audio", ".zip": "software"}
    rows = [f"{path.stem},{path.stem},{kinds[path.suffix]},owner,{path.name}" for path in sorted(folder.iterdir())]
    (folder / "catalogue.csv").write_text("\n".join(["work_id,title,type,owner,files", *rows]))
    return folder / "catalogue.csv"


def mixed_folder(folder: Path) -> dict[str, str]:
    """Write FILES files below `folder`; for each of them how its comparison must end, or the work that it copies."""
    expected: dict[str, str] = {}

    def write(name: str, data: bytes, outcome: str) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        expected[str(path)] = outcome

    postman, bell = (STORIES / name for name in ("zh-postman.txt", "en-bell.txt"))
    for n in range(20):
        write(f"texts/copy-{n:03}.txt", postman.read_text()[40 * n :][:1200].encode(), "postman")
    write("texts/bell.html", b"<html><body><p>" + bell.read_bytes() + b"</p></body></html>", "bell")
    for n in range(30):
        picture = drawing(n + 1)
        write(f"pictures/{n:02}.jpg", as_jpeg(picture), f"drawing{n + 1}" if n < 2 else "no_match")
    for n in range(4):
        write(f"sounds/{n}.wav", wav(whole(piece(n + 1, 12)), rate=RATE), "tune" if n == 0 else "no_match")
    write("packages/app-repacked.tar", tarred(SOFTWARE), "app")
    for n in range(20):
        own = {f"{n}/{k}.bin": random.Random(1000 * n + k).randbytes(2000) for k in range(5)}
        write(f"packages/{n}.zip", zipped(own), "no_match")
    _junk(write)
    deep = "/".join(["deep"] * 300)
    write(f"{deep}/buried.txt", postman.read_bytes()[:3000], "postman")
    expected |= _odd(folder)
    for n in range(FILES - len(expected)):
        text = "".join(random.Random(n).choices(HAN, k=300))
        write(f"texts/{n % 7}/{n:03}.txt", text.encode(), "no_match")
    return expected


def _junk(write: object) -> None:
    assert callable(write)
    noise = np.random.default_rng(1)
    for n in range(40):
        write(f"junk/{n:02}.dat", noise.bytes(500 + n), "abstained")
        write(f"junk/{n:02}.png", b"\x89PNG\r\n\x1a\n" + noise.bytes(100), "failed")
        write(f"junk/{n:02}.txt", b"", "abstained")
        write(f"junk/{n:02}.md", "太短了".encode(), "abstained")
    write("names/\x1b[2J\x07clear.txt", b"", "abstained")
    write("names/\u202egpj.txt", b"", "abstained")
    write("names/line\nbreak.txt", b"", "abstained")
    write(os.fsdecode(b"names/\xff\xfe.txt"), b"", "abstained")


def _odd(folder: Path) -> dict[str, str]:
    """What is no regular file: told, and neither followed nor opened."""
    odd = folder / "odd"
    odd.mkdir()
    (odd / "outside").symlink_to("/etc")
    (odd / "passwd.txt").symlink_to("/etc/passwd")
    (odd / "loop").symlink_to(odd)
    (odd / "nowhere").symlink_to(odd / "missing")
    os.mkfifo(odd / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        # The address of a socket must be short.
        here = Path.cwd()
        os.chdir(odd)
        listener.bind("socket.txt")
        os.chdir(here)
    return dict.fromkeys((str(path) for path in odd.iterdir()), "failed")
