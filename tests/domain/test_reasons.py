"""Sentences of reasons: both languages say the same, each in its own type."""

import re
from string import Formatter

import pytest

from domain.reasons import SENTENCES, ReasonCode


@pytest.mark.parametrize("code", ReasonCode)
def test_both_languages_speak_of_the_same_values(code: ReasonCode) -> None:
    chinese, english = (
        {name.removesuffix("_zh").removesuffix("_en") for _, name, _, _ in Formatter().parse(sentence) if name}
        for sentence in SENTENCES[code]
    )
    assert chinese == english


@pytest.mark.parametrize("code", ReasonCode)
def test_chinese_sentences_use_chinese_punctuation(code: ReasonCode) -> None:
    words = re.sub(r"\{[^}]*\}", "", SENTENCES[code][0])
    assert not re.search(r"[,:;?!()]", words)
