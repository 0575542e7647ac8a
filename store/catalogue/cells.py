"""What single cells of a catalogue may hold."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from stdnum.exceptions import ValidationError

from domain.ids import WorkId
from domain.works import WorkType
from store.catalogue.columns import SEPARATOR

TYPE_NAMES = {
    "文字": "text",
    "图片": "image",
    "美术": "image",
    "音频": "audio",
    "音乐": "audio",
    "视频": "video",
    "影视": "video",
    "软件": "software",
}
LONGEST = {"title": 500, "title_en": 500, "owner": 500, "registration_number": 100, "aliases": 5000}
LONGEST_OTHER = 10_000
LARGEST_FILE = 256 << 20
"""Reference files are read whole when they are fingerprinted."""
RESERVED = "negative:"
"""How the ids of the negative bank begin: no catalogue may turn an item of it into a work."""
_ID = re.compile(r"[\w.:-]{1,64}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


class CellError(Exception):
    """A cell that cannot be taken: what of it, and how to mend it."""

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(f"{reason}. {mend}")
        self.reason, self.mend = reason, mend


def check_text(column: str, text: str) -> None:
    """Refuse what no cell may hold. Raises `CellError`."""
    if "\n" in text or "\r" in text:
        mend = "Write it on one line; if other rows stand in it, a quotation mark was not closed."
        raise CellError("holds a line break", mend)
    if "\ufffd" in text:
        raise CellError("holds characters that were lost in a conversion", "Write them anew.")
    if _CONTROL.search(text):
        raise CellError("holds control characters", "Remove them.")
    longest = LONGEST.get(column, LONGEST_OTHER)
    if len(text) > longest:
        raise CellError(f"is longer than {longest} characters", "Shorten it.")


def words_of(text: str) -> str:
    """Text with single spaces."""
    return " ".join(text.split())


def list_of(text: str) -> tuple[str, ...]:
    """The values of a cell that may hold several, each once."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(SEPARATOR) if part.strip()))


def id_of(text: str) -> WorkId:
    """The register's own id of a work. Raises `CellError`."""
    if not _ID.fullmatch(text) or text.startswith(RESERVED):
        raise CellError("is no id", "Use letters, digits, dots, colons, hyphens and underscores, at most 64.")
    return WorkId(text)


def type_of(text: str) -> WorkType:
    """A type of work by its English or Chinese name. Raises `CellError`."""
    try:
        return WorkType(TYPE_NAMES.get(text, text.lower()))
    except ValueError as error:
        raise CellError("is no type of work", "Write text, image, audio, video or software.") from error


def day_of(text: str) -> date:
    """An ISO date. Raises `CellError`."""
    try:
        if not _DAY.fullmatch(text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as error:
        raise CellError("is no date", "Write it as 2026-01-31.") from error


def identifier(module: Any, name: str) -> Callable[[str], str]:
    """A reader of the numbers that a module of python-stdnum knows, without separators."""

    def read(text: str) -> str:
        try:
            return str(module.compact(module.validate(text)))
        except ValidationError as error:
            reason = str(error).rstrip(".").lower()
            raise CellError(f"is no {name} ({reason})", "Check it against the work; a digit is wrong.") from error

    return read


def file_of(media: Path, name: str) -> Path:
    """The reference file `name` in the folder `media`, which must be resolved. Raises `CellError`."""
    missing = CellError("is not there", f"Put it under {media}, or mend its name.")
    try:
        path = (media / name).resolve()
        if not path.is_relative_to(media):
            raise CellError("lies outside the media folder", "Copy the file into it and give its place there.")
        if not path.is_file():
            raise missing
        with path.open("rb") as file:
            empty = not file.read(1)
        size = path.stat().st_size
    except RuntimeError as error:  # how pathlib reports a loop of links
        raise missing from error
    except OSError as error:
        raise CellError(f"cannot be read ({error.strerror})", "Mend its name or its permissions.") from error
    if empty:
        raise CellError("is an empty file", "Put the work's file in its place.")
    if size > LARGEST_FILE:
        raise CellError(f"is larger than {LARGEST_FILE} bytes", "Register it in parts.")
    return path
