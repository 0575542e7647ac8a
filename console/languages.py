"""Languages of the console: catalogues, and which one a visitor gets."""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

SOURCE = "en"
"""The language of the message ids, which needs no catalogue."""
LANGUAGES = {"zh-CN": "中文", SOURCE: "English"}
CATALOGUES = Path(__file__).parent / "locale"
LONGEST_HEADER = 200


def message(text: str) -> str:
    """Marks a text for the catalogues where it stands; it is translated where it is shown."""
    return text


def locale_of(language: str) -> Locale:
    """The formats of dates and numbers that go with a language."""
    return Locale.parse(language, sep="-")


def catalogue_path(language: str) -> Path:
    """Where the translations into a language are. They are compiled when read, so that no build step is needed."""
    return CATALOGUES / language.replace("-", "_") / "LC_MESSAGES" / "console.po"


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language."""
    if language == SOURCE:
        return NullTranslations()
    compiled = BytesIO()
    with catalogue_path(language).open("rb") as file:
        write_mo(compiled, read_po(file, locale=str(locale_of(language))))
    compiled.seek(0)
    return Translations(compiled, domain="console")


def choose(wishes: Sequence[str], accept_language: str, default: str) -> str:
    """The first of the visitor's wishes that we have, else the browser's, else the default."""
    for wish in (*wishes, *_accepted(accept_language[:LONGEST_HEADER])):
        for language in LANGUAGES:
            if wish and language.split("-")[0].lower() == wish.split("-")[0].lower():
                return language
    return default


def _accepted(header: str) -> list[str]:
    """Language tags of an Accept-Language header, most wanted first."""
    weighed = []
    for item in header.split(","):
        tag, _, parameter = item.partition(";")
        name, _, value = parameter.strip().partition("=")
        try:
            weight = float(value) if name == "q" else 1.0
        except ValueError:
            weight = 0.0
        if weight > 0:
            weighed.append((weight, tag.strip()))
    return [tag for _, tag in sorted(weighed, key=lambda pair: -pair[0])]
