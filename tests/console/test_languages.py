"""Every text of the console in every language, and the choice among them."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po

from console.labels import LABELS
from console.languages import LANGUAGES, SOURCE, catalogue_path, choose, locale_of, translations
from domain.findings import FindingState, Verdict
from domain.works import WorkType
from store.search import Sort
from tests.console.messages import Message, extracted

TRANSLATED = [language for language in LANGUAGES if language != SOURCE]
PLACEHOLDERS = re.compile(r"%\((\w+)\)s")


def entries(language: str) -> Iterator[tuple[Message, tuple[str, ...], bool]]:
    """Message id, its translations (one a plural form), and whether they are in doubt."""
    with catalogue_path(language).open("rb") as file:
        for entry in read_po(file, locale=str(locale_of(language))):
            if entry.id:
                told = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ("",))
                yield (entry.id if isinstance(entry.id, str) else tuple(entry.id)), told, entry.fuzzy


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated_and_no_translation_is_left_over(language: str) -> None:
    assert {known for known, told, doubtful in entries(language) if all(told) and not doubtful} == extracted()


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_name_the_same_values(language: str) -> None:
    for known, told, _ in entries(language):
        named = set(PLACEHOLDERS.findall(" ".join([known] if isinstance(known, str) else known)))
        assert all(set(PLACEHOLDERS.findall(text)) == named for text in told), known


def test_every_stored_value_has_a_name() -> None:
    for kind, values in (("state", FindingState), ("verdict", Verdict), ("type", WorkType), ("sort", Sort)):
        assert set(LABELS[kind]) == {str(value) for value in values}


def test_the_catalogue_is_read() -> None:
    assert translations("zh-CN").ugettext("Sign out") == "退出"
    assert translations("en").ugettext("Sign out") == "Sign out"


@pytest.mark.parametrize(
    ("wishes", "header", "chosen"),
    [
        (("en",), "zh-CN", "en"),
        (("", "en"), "zh-CN", "en"),
        (("",), "zh-TW,zh;q=0.9,en;q=0.8", "zh-CN"),
        (("",), "fr, en;q=0.3, zh;q=0.7", "zh-CN"),
        (("",), "en-GB", "en"),
        (("",), "en;q=0, zh", "zh-CN"),
        (("xx",), "de", "en"),
        ((), "*;q=x,,;;q==", "en"),
    ],
)
def test_wishes_come_before_the_browser_and_the_browser_before_the_default(
    wishes: tuple[str, ...], header: str, chosen: str
) -> None:
    assert choose(wishes, header, "en") == chosen
