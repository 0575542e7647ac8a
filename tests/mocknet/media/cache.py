"""Files made once: kept by what they are made of, in a temporary folder of this user."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import av

FileSet = dict[str, bytes]


def kept(recipe: tuple[object, ...], make: Callable[[], FileSet]) -> FileSet:
    """The files of a recipe by name: as kept from an earlier run, or made now.

    A change of the scripts that make media, or of the encoders, makes everything anew.
    """
    place = _folder() / hashlib.sha256(f"{_makers()} {recipe!r}".encode()).hexdigest()[:32]
    if not (place / "complete").exists():
        files = make()
        place.mkdir(exist_ok=True)
        for number, data in enumerate(files.values()):
            (place / str(number)).write_bytes(data)
        beside = place / f"complete.{os.getpid()}"
        beside.write_text(json.dumps(list(files)), encoding="utf-8")
        beside.replace(place / "complete")  # whoever reads it now finds all files whole
    names = json.loads((place / "complete").read_text(encoding="utf-8"))
    return {name: (place / str(number)).read_bytes() for number, name in enumerate(names)}


def _folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"piracy-monitor-mocknet-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@lru_cache(maxsize=1)
def _makers() -> str:
    """The digest of the scripts that make media, and the version of the encoders."""
    sources = b"".join(file.read_bytes() for file in sorted(Path(__file__).parent.glob("*.py")))
    return f"{hashlib.sha256(sources).hexdigest()} {av.__version__}"
