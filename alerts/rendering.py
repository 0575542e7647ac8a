"""Alerts as people read them: a subject, plain text and HTML, all made from the same document."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from alerts.wording import MORE, TYPES, labels, spoken
from domain.alerts import AlertKind

LONGEST_SUBJECT = 150


class Rendered(NamedTuple):
    """The three forms of one message."""

    subject: str
    text: str
    html: str


def render(document: Mapping[str, Any]) -> Rendered:
    """An alert document for people, in its own language."""
    language = document["language"]
    name = "findings" if document["kind"] == AlertKind.FINDINGS else "notice"
    more = document.get("total", 0) - document.get("listed", 0)
    values = {
        "document": document,
        "words": labels(language),
        "types": {key: spoken(pair, language) for key, pair in TYPES.items()},
        "more": spoken(MORE, language, more=more) if more else "",
    }
    return Rendered(
        subject=one_line(document["summary"])[:LONGEST_SUBJECT],
        text=_TEXT.get_template(f"{name}.txt").render(values),
        html=_HTML.get_template(f"{name}.html").render(values),
    )


def one_line(text: str) -> str:
    """Text from outside without line ends or control characters, so that it cannot pose as a line of ours."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _said(pattern: str, **values: str) -> str:
    return pattern.format(**{name: one_line(value) for name, value in values.items()})


def _environment(*, autoescape: bool) -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=autoescape,  # noqa: S701 - off for plain text alone
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"line": one_line, "said": _said}
    return made


_TEXT = _environment(autoescape=False)
_HTML = _environment(autoescape=True)
