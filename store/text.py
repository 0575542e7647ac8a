"""Text that every database takes."""

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """`text` of the same length, with U+FFFD for NUL, which PostgreSQL refuses, and for halves of surrogate pairs."""
    return _UNSTORABLE.sub("\ufffd", text)
