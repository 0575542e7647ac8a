"""What the pages show, in both languages, and that nothing a suspected page says becomes part of them."""

import io
import re

import pytest
from PIL import Image
from starlette.testclient import TestClient

from console.languages import LANGUAGES
from console.pages import defanged, marked
from tests.console.html import Page, parse
from tests.console.samples import HOSTILE
from tests.console.world import World

KINDS = ("zh", "en", "traditional", "licensed", "review", "image", "flipped", "hostile", "lost", "broken")
CHINESE = {"Accept-Language": "zh-CN"}


def every_page(filled: World) -> list[str]:
    findings = [f"/findings/{filled.ids[kind]}" for kind in KINDS]
    searches = ["/findings", "/findings?q=守灯人", "/findings?q=alert", "/findings?state=dismissed", "/none"]
    return [*findings, *(f"{path}/visit" for path in findings), *searches, f"/findings?decided={filled.ids['en']}"]


def get(reader: TestClient, path: str, language: str = "en") -> Page:
    return parse(reader.get(path, headers={"Accept-Language": language}).text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_holds_what_the_policy_forbids_or_what_a_page_sent(
    reader: TestClient, filled: World, language: str
) -> None:
    shown = 0
    for path in every_page(filled):
        page = get(reader, path, language)
        assert page.inline() == [], path
        assert page.root.get("lang") == language
        assert not page.all("//script[contains(., 'alert')] | //img[@src='x']"), path
        outside = [a.get("href") for a in page.all("//a") if not str(a.get("href", "/")).startswith(("/", "#"))]
        assert outside == [] or path.endswith("/visit"), path
        shown += HOSTILE in page.text
    assert shown >= 4, "the hostile words are shown, as words"


def test_a_suspected_address_is_a_link_only_after_a_warning_and_only_on_the_web(
    reader: TestClient, filled: World
) -> None:
    page = get(reader, f"/findings/{filled.ids['zh']}/visit")
    link = page.one("//a[@target]")
    assert link.get("href") == "http://m.biquge-mirror.example/book/117/3.html"
    assert set(str(link.get("rel")).split()) == {"noopener", "noreferrer", "nofollow"}
    assert get(reader, f"/findings/{filled.ids['hostile']}/visit").all("//a[@target]") == []
    assert "hxxp://m[.]biquge-mirror[.]example/book/117/3.html" in get(reader, f"/findings/{filled.ids['zh']}").text


def test_a_text_finding_shows_both_sides_the_reason_and_the_facts(reader: TestClient, filled: World) -> None:
    page = get(reader, f"/findings/{filled.ids['zh']}")
    left, right = page.all("(//section[@class='passage'])[1]/div[1]/blockquote")
    assert left.get("aria-label") == "On the page"
    marked_here, marked_there = ([m.text_content() for m in side.xpath(".//mark")] for side in (left, right))
    assert marked_here
    assert marked_here == marked_there
    assert page.one("//title").text_content() == "守灯人 – m.biquge-mirror.example · Piracy Monitor"
    assert "of the main text follows the work passage by passage" in page.one("//*[@class='reason']").text_content()
    for fact in ("203.0.113.57", "国作登字-2025-A-00120000", "陆见秋", "2026-11-23 09:18:00", "0.8", "守灯人 第三章"):
        assert fact in page.text, fact


def test_the_same_page_in_chinese(reader: TestClient, filled: World) -> None:
    page = get(reader, f"/findings/{filled.ids['zh']}", "zh-CN")
    assert "与该作品逐段对应（共" in page.one("//*[@class='reason']").text_content()
    assert page.one("//h2[@id='decision-title']").text_content() == "处置"


def test_what_is_not_there_any_more_is_said_and_the_rest_is_shown(reader: TestClient, filled: World) -> None:
    lost = get(reader, f"/findings/{filled.ids['lost']}")
    assert "The passages cannot be shown" in lost.text
    broken = get(reader, f"/findings/{filled.ids['broken']}")
    assert "This picture cannot be shown" in broken.text
    assert len(broken.all("//figure//*[local-name()='image']")) == 1
    assert reader.get(f"/findings/{filled.ids['broken']}/found.jpg").status_code == 500


def test_pictures_are_encoded_anew_with_their_boxes_beside_each_other(reader: TestClient, filled: World) -> None:
    page = get(reader, f"/findings/{filled.ids['image']}")
    found, registered = page.all("//figure/*[local-name()='svg']")
    assert found.get("viewbox", found.get("viewBox")) == "0 0 540 410"
    box = found.xpath("./*[local-name()='rect'][@class='box']")[0]
    assert [box.get(name) for name in ("x", "y", "width", "height")] == ["22.0", "18.0", "498.0", "377.0"]
    for side, size in ((found, (540, 410)), (registered, None)):
        (shown,) = side.xpath("./*[local-name()='image']")
        answer = reader.get(str(shown.get("href")))
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        with Image.open(io.BytesIO(answer.content)) as image:
            assert image.format == "JPEG"
            assert size in {None, image.size}


def test_no_text_is_left_in_english_on_a_chinese_page(reader: TestClient, filled: World) -> None:
    """Words that stand in the templates or in code, rather than in the stored findings."""
    for path in ("/findings", f"/findings/{filled.ids['image']}", f"/findings/{filled.ids['image']}/visit", "/none"):
        page = get(reader, path, "zh-CN")
        for stored in page.all(
            "//title | //header//p/b | //code | //kbd | //dd | //td[@class='place' or @class='code']"
            " | //span[@class='value' or @class='who'] | //a[@class='open'] | //small | //tbody/tr/th | //*[@lang='en']"
        ):
            stored.clear(keep_tail=True)
        attributes = page.root.xpath("//@aria-label | //@title | //@placeholder | //@alt")
        assert isinstance(attributes, list)
        words = re.findall(r"[A-Za-z]{2,}", page.text + " " + " ".join(map(str, attributes)))
        assert set(words) <= {"SHA", "PDQ", "IP"}, path


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://a.example/b.html", "hxxp://a[.]example/b.html"),
        ("https://u:p@a.example:80/x", "hxxps://u:p@a[.]example:80/x"),
        ("a.example", "a[.]example"),
        ("ftp://a.example", "ftp://a[.]example"),
    ],
)
def test_addresses_cannot_be_followed_by_accident(url: str, shown: str) -> None:
    assert defanged(url) == shown


@pytest.mark.parametrize(
    ("snippet", "shown"),
    [
        ("a \x02b\x03 c", "a <mark>b</mark> c"),
        ("\x02<b>\x03", "<mark>&lt;b&gt;</mark>"),
        ("\x03a\x02\x02b", "a<mark>b</mark>"),
        ("", ""),
    ],
)
def test_marks_of_a_snippet_are_closed_and_all_else_escaped(snippet: str, shown: str) -> None:
    assert str(marked(snippet)) == shown
