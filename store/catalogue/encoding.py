"""How a text catalogue is encoded, found without holding it in memory."""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TextIO

from domain.errors import UsageError

CHUNK = 1 << 20
LONGEST_LINE = 1 << 20
DAMAGED = 4
"""This many Chinese characters read as UTF-8 for each broken one tell damaged UTF-8 from GB18030, which gives nearly
none; guessing wrong would fill the register with nonsense titles."""


def encoding_of(path: Path) -> str:
    """The encoding of a text catalogue: by its mark, else UTF-8 if it is that throughout, else GB18030.

    Raises `UsageError` for a file that is none of them, or is UTF-8 with broken characters.
    """
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            if _first_fault(file, "utf-16") is None:
                return "utf-16"
            raise UsageError(f"{path.name} is damaged UTF-16.", "Save it as UTF-8.")
        broken = _first_fault(file, "utf-8-sig")
        if broken is None:
            return "utf-8-sig"
        line, chunk = broken
        text = chunk.decode("utf-8", errors="replace")
        whole = sum(1 for character in text if "\u0800" <= character != "\ufffd")
        if whole > DAMAGED * text.count("\ufffd"):
            mend = "Correct the text there and save it as UTF-8."
            raise UsageError(f"{path.name} is UTF-8 with a broken character in line {line} or soon after.", mend)
        if _first_fault(file, "gb18030") is None:
            return "gb18030"
    raise UsageError(f"{path.name} is neither UTF-8 nor GB18030.", "Save it as UTF-8.")


def lines_of(path: Path, file: TextIO) -> Iterator[str]:
    """The lines of a file, refusing one too long to be a row of a catalogue."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise UsageError(f"{path.name} has a line of over {LONGEST_LINE} characters.", "Is it a catalogue?")
        yield line


def _first_fault(file: BinaryIO, encoding: str) -> tuple[int, bytes] | None:
    """The line in which the first chunk that is not `encoding` begins, and that chunk; None if there is none."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    while chunk := file.read(CHUNK):
        try:
            decoder.decode(chunk, final=False)
        except UnicodeDecodeError as error:
            return line + error.object[: error.start].count(b"\n"), chunk
        line += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return line, error.object
    return None
