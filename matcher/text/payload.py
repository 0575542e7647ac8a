"""The form of a text fingerprint: its readable text, UTF-8 (docs/decisions/0003)."""

from domain.fingerprints import Fingerprint

KIND = "text"
VERSION = 1


def text_of(fingerprint: Fingerprint) -> str:
    """The readable text that a text fingerprint holds; spans count its characters."""
    return fingerprint.payload.decode()
