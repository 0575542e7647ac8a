"""The text work type: stories, books, articles, on pages or in files."""

from collections.abc import Sequence

from config.settings import TextMatcherSettings
from domain.fingerprints import Abstention, Fingerprint
from domain.reasons import Reason, ReasonCode
from domain.works import WorkType
from matcher.segments.columns import Columns
from matcher.segments.snapshot import Snapshot
from matcher.text.decoding import decode
from matcher.text.examples import EXAMPLES
from matcher.text.extraction import readable
from matcher.text.normalise import tokenise
from matcher.text.payload import KIND, VERSION
from matcher.text.references import TextReferences
from matcher.text.storage import text_columns
from matcher.worktypes import Content, Example, Reference

LONGEST_TEXT = 20_000_000
"""Characters of one work or page; what follows is left out."""
MARKUP_NAMES = (".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx", ".jsp")
TEXT_NAMES = (".txt", ".text", ".md", *MARKUP_NAMES)


class TextMatcher:
    """A `WorkTypeMatcher`. The fingerprint of a text is its readable text (docs/decisions/0003)."""

    type = WorkType.TEXT
    kind = KIND
    version = VERSION

    def __init__(self, settings: TextMatcherSettings) -> None:
        self._settings = settings

    def thresholds(self) -> Sequence[tuple[str, float]]:
        settings = self._settings
        return (
            ("copy_coverage", settings.copy_coverage),
            ("copy_density", settings.copy_density),
            ("copy_identity", settings.copy_identity),
            ("runner_up_ratio", settings.runner_up_ratio),
            ("page_share", settings.page_share),
            ("partial_coverage", settings.partial_coverage),
        )

    def accepts(self, content: Content) -> bool:
        if content.media_type:
            return content.media_type.startswith("text/") or content.media_type == "application/xhtml+xml"
        name = content.name.lower().partition("?")[0]
        return name.endswith(TEXT_NAMES) or (b"\0" not in content.data[:1024] and _is_markup(content))

    def fingerprint(self, content: Content, *, registering: bool = False) -> Fingerprint | Abstention:
        text = decode(content.data, content.charset)
        if _is_markup(content):
            text = readable(text).text
        text = text[:LONGEST_TEXT]
        length = len(tokenise(text))
        if length < self._settings.minimum_characters:
            minimum = self._settings.minimum_characters
            return Abstention(reason=Reason.of(ReasonCode.TEXT_TOO_SHORT, length=length, minimum=minimum))
        return Fingerprint(kind=KIND, version=VERSION, payload=text.encode(errors="replace"))

    @property
    def recipe(self) -> str:
        settings = self._settings
        return f"{KIND}@{VERSION} seeds {settings.seed_length} {settings.seed_density}"

    def segment(self, references: Sequence[Reference]) -> Columns:
        return text_columns(references, self._settings.seed_length, self._settings.seed_density)

    def open(self, snapshot: Snapshot) -> TextReferences:
        return TextReferences(snapshot, self._settings)

    def examples(self) -> Sequence[Example]:
        return EXAMPLES


def _is_markup(content: Content) -> bool:
    declared = content.media_type.partition(";")[0].strip()
    if declared in {"text/html", "application/xhtml+xml"}:
        return True
    head = content.data[:1024].lstrip().lower()
    opens = head.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<meta"))
    return not declared and (opens or content.name.lower().partition("?")[0].endswith(MARKUP_NAMES))
