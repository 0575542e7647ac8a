"""Every form in which links are hidden, and what only looks like one: the cases of tests/golden/leads.toml."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from crawler.leads.finding import hints_of
from crawler.pages import HtmlPage
from tests.support.data import ROOT

PAGE = "http://site.example/a/1.html"
CASES: list[dict[str, Any]] = tomllib.loads(Path(ROOT / "tests" / "golden" / "leads.toml").read_text(encoding="utf-8"))[
    "case"
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['form']}-{CASES.index(case)}")
def test_a_page_gives_these_leads_and_no_others(case: dict[str, Any]) -> None:
    hidden = hints_of(HtmlPage(PAGE, f"<html><body>{case['html']}</body></html>")).hidden
    assert sorted(f"{each.kind} {each.target} {each.code}".strip() for each in hidden) == sorted(case["found"])


@pytest.mark.parametrize("form", sorted({case["form"] for case in CASES}))
def test_each_form_has_five_cases_and_three_decoys(form: str) -> None:
    counted = Counter(bool(case["found"]) for case in CASES if case["form"] == form)
    assert counted[True] >= 5
    assert counted[False] >= 3
