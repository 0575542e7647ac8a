"""Pages from templates, in the visitor's language."""

from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from babel.dates import format_datetime
from babel.numbers import format_decimal, format_percent
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from console.labels import LABELS, label, threshold_label
from console.languages import LANGUAGES, locale_of, translations
from console.listing import TIME_ZONE

TEMPLATES = Path(__file__).parent / "templates"
SNIPPET_MARKS = {"\u0002": Markup("<mark>"), "\u0003": Markup("</mark>")}


def render(template: str, *, language: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page. `values` must hold everything its template names."""
    page = environment(language).get_template(template).render(values)
    return HTMLResponse(page, status_code=status)


@cache
def environment(language: str) -> Environment:
    """Templates with the words and formats of a language. Everything is escaped, and unknown names are errors."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    catalogue = translations(language)
    made.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    locale = locale_of(language)
    formats = {"date": "yyyy-MM-dd", "short": "MM-dd HH:mm", "full": "yyyy-MM-dd HH:mm:ss"}
    made.filters |= {
        "threshold": lambda name, kind: catalogue.ugettext(threshold_label(kind, name)),
        "label": lambda value, kind: catalogue.ugettext(label(kind, str(value))),
        "percent": partial(format_percent, format="0%", locale=locale),
        "number": partial(format_decimal, locale=locale),
        "when": lambda at, form="full": _when(at, formats[form], language),
        "reason": lambda reason: reason.sentence(language),
        "defanged": defanged,
        "snippet": marked,
    }
    made.globals |= {"language": language, "languages": LANGUAGES, "labels": LABELS}
    return made


def _when(at: datetime, form: str, language: str) -> str:
    return format_datetime(at, form, tzinfo=TIME_ZONE, locale=locale_of(language))


def defanged(url: str) -> str:
    """An address that cannot be followed by accident: hxxp, and dots in brackets in the host's name."""
    scheme, separator, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    if not separator:
        return url.replace(".", "[.]")
    return f"{scheme.replace('tt', 'xx', 1)}://{host.replace('.', '[.]')}{slash}{path}"


def marked(snippet: str) -> Markup:
    """A search engine's snippet with its marks; everything else in it is escaped.

    A page may hold the mark characters itself, so they are closed in order: no mark is left open.
    """
    parts, opened = [], False
    for piece in _split_at_marks(snippet):
        if piece in SNIPPET_MARKS:
            if (piece == "\u0002") is not opened:
                parts.append(SNIPPET_MARKS[piece])
                opened = not opened
        else:
            parts.append(escape(piece))
    if opened:
        parts.append(SNIPPET_MARKS["\u0003"])
    return Markup("").join(parts)


def _split_at_marks(snippet: str) -> list[str]:
    pieces = [""]
    for character in snippet:
        if character in SNIPPET_MARKS:
            pieces += [character, ""]
        else:
            pieces[-1] += character
    return pieces
