"""The console in a real Chromium, as its users drive it."""

import io
import os
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, expect

from console.languages import LANGUAGES
from domain.findings import FindingState
from tests.console.browsing import Visit, chromium, visiting
from tests.console.serving import served
from tests.console.world import NAME, World
from tests.support.data import ROOT

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("browser")]
PICTURES = ROOT / "docs" / "pictures"
LARGEST_PICTURE = 250_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def shared(filled: World) -> Iterator[str]:
    """The address of a console that nobody changes."""
    with served(filled) as address:
        yield address


def test_a_reviewer_works_by_keyboard_alone(browser: Browser, world: World) -> None:
    with served(world) as address, visiting(browser, address) as visit:
        page, keys = visit.page, visit.page.keyboard
        visit.sign_in()
        visit.ready()
        everything = visit.listed()

        # Filter, by a box and by words.
        page.get_by_role("checkbox", name=re.compile("Image")).focus()
        keys.press("Space")
        expect(page.locator("#results-title")).to_have_text("2 findings")
        assert "type=image" in page.url
        keys.press("Space")
        expect(page.locator("#results-title")).to_have_text(f"{len(everything)} findings")
        keys.press("/")
        keys.type("biquge")
        keys.press("Enter")
        expect(page.locator("#results-title")).to_have_text("1 finding")
        page.go_back()
        expect(page.locator("#results-title")).to_have_text(f"{len(everything)} findings")

        # Open the second, decide, take it back, go to the next, and return to the list.
        keys.press("j")
        keys.press("j")
        assert visit.focused() == everything[1]
        keys.press("Enter")
        page.wait_for_url(f"**/findings/{everything[1]}?*")
        expect(page.locator(".passage mark").first).to_be_visible()
        keys.press("c")
        keys.type("passage by passage the same")
        keys.press("Control+Enter")
        expect(page.locator(".standing .state-confirmed")).to_be_visible()
        visit.ready()
        keys.press("u")
        expect(page.locator(".standing .state-open")).to_be_visible()
        visit.ready()
        expect(page.locator(".history li")).to_have_count(3)
        keys.press("j")
        page.wait_for_url(f"**/findings/{everything[2]}?*")
        keys.press("k")
        page.wait_for_url(f"**/findings/{everything[1]}?*")
        keys.press("b")
        page.wait_for_url("**/findings?*")
        assert visit.focused() == everything[1]

        # Decide from the list: the next one is at hand, and the decision can be taken back at once.
        keys.press("d")
        expect(page.locator("dialog#decide")).to_be_visible()
        keys.type("a school’s own reading list")
        keys.press("Control+Enter")
        expect(page.locator(".just-now")).to_contain_text("Dismissed")
        visit.ready()
        assert everything[1] not in visit.listed()
        assert visit.focused() == everything[2]
        assert world.stores.findings.get(world.ids["en"]).state is FindingState.DISMISSED
        keys.press("u")
        expect(page.locator(".just-now")).to_have_count(0)
        visit.ready()
        assert visit.listed() == everything
        assert world.stores.findings.get(world.ids["en"]).state is FindingState.OPEN

        # The language, on the list as it is filtered by now, and the help.
        page.get_by_role("checkbox", name=re.compile("Image")).check()
        expect(page.locator("#results-title")).to_have_text("2 findings")
        page.get_by_role("button", name="中文").focus()
        keys.press("Enter")
        expect(page.locator("#results-title")).to_have_text("2 条线索")
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
        visit.ready()
        keys.press("?")
        expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
        keys.press("Escape")
        assert [(s.by, s.after, bool(s.undoes)) for s in world.stores.findings.history(world.ids["en"])] == [
            (NAME, "confirmed", False),
            (NAME, "open", True),
            (NAME, "dismissed", False),
            (NAME, "open", True),
        ]


@pytest.mark.parametrize("width", [1280, 390])
def test_the_offer_to_take_back_stays_in_sight(browser: Browser, world: World, width: int) -> None:
    with served(world) as address, visiting(browser, address, width=width) as visit:
        page, keys = visit.page, visit.page.keyboard
        page.set_viewport_size({"width": width, "height": 500})
        visit.sign_in()
        everything = visit.listed()
        for key in "jjjjjd":
            keys.press(key)
        expect(page.locator("#decide .subject")).to_have_text("守灯人 · blog.example")
        keys.type("a review")
        keys.press("Control+Enter")
        expect(page.locator(".just-now")).to_be_in_viewport(ratio=1)
        assert visit.focused() == everything[5]
        expect(page.locator(f"#f-{everything[5]} a")).to_be_in_viewport(ratio=1)


def test_everything_works_without_script(browser: Browser, world: World) -> None:
    with served(world) as address, visiting(browser, address, java_script_enabled=False) as visit:
        page = visit.page
        visit.sign_in()
        page.get_by_label("Image").check()
        page.get_by_role("button", name="Search").click()
        expect(page.locator("#results-title")).to_have_text("2 findings")
        page.locator("a.open").first.click()
        expect(page.locator("#undo-form, kbd:visible")).to_have_count(0)
        page.get_by_role("radio", name=re.compile("^Licensed")).check()
        page.get_by_label("Reason").fill("letter of 3 May")
        page.get_by_role("button", name="Save the decision").click()
        expect(page.locator(".standing .state-licensed")).to_be_visible()
        page.get_by_role("button", name="Take the decision back").click()
        expect(page.locator(".standing .state-open")).to_be_visible()


def test_a_form_sent_twice_is_one_decision(browser: Browser, world: World) -> None:
    with served(world) as address, visiting(browser, address) as visit:
        visit.sign_in()
        visit.go(f"/findings/{world.ids['zh']}")
        visit.ready()
        visit.page.keyboard.press("c")
        visit.page.keyboard.type("the same")
        visit.page.evaluate("for (const n of [1, 2, 3]) document.getElementById('decide-form').requestSubmit()")
        expect(visit.page.locator(".standing .state-confirmed")).to_be_visible()
        assert len(world.stores.findings.history(world.ids["zh"])) == 1


def test_what_cannot_be_answered_inside_the_list_gets_a_page_of_its_own(browser: Browser, world: World) -> None:
    with served(world) as address, visiting(browser, address) as visit:
        page = visit.page
        visit.sign_in()
        page.evaluate("document.getElementById('sort').append(new Option('by luck', 'luck'))")
        page.get_by_label("Order").select_option("luck")
        expect(page.get_by_role("alert")).to_contain_text("holds a value that does not fit")
        visit.go("/findings")
        world.clock.now += timedelta(hours=13)
        # A click alone: `check` would look at a box that is gone with its page.
        page.get_by_role("checkbox", name=re.compile("Image")).click()
        page.wait_for_url("**/sign-in?back=*")
        expect(page.get_by_label("Password")).to_be_visible()
        assert [said for said in visit.complaints if not said.startswith("Failed to load resource")] == []
        assert len(visit.complaints) == 3
        visit.complaints.clear()


def test_a_day_is_typed_in_peace(browser: Browser, shared: str) -> None:
    with visiting(browser, shared) as visit:
        visit.sign_in()
        visit.ready()
        asked: list[str] = []
        visit.page.on("request", lambda request: asked.append(request.url) if "since=" in request.url else None)
        visit.page.get_by_label("from").press_sequentially("11242026")
        expect(visit.page.locator("#results-title")).to_have_text("0 findings")
        assert [url.split("since=")[1][:10] for url in asked] == ["2026-11-24"]


def pages_of(world: World) -> dict[str, str]:
    ids = world.ids
    return {
        "list": "/findings",
        "search": "/findings?q=守灯人&state=open",
        "empty": "/findings?state=dismissed",
        "text": f"/findings/{ids['zh']}",
        "picture": f"/findings/{ids['image']}",
        "hostile": f"/findings/{ids['hostile']}",
        "broken": f"/findings/{ids['broken']}",
        "visit": f"/findings/{ids['zh']}/visit",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_a_serious_barrier(
    browser: Browser, shared: str, filled: World, language: str, scheme: Literal["light", "dark"]
) -> None:
    with visiting(browser, shared, language=language, scheme=scheme) as visit:
        visit.go("/sign-in")
        assert barriers(visit) == []
        visit.sign_in()
        for path in pages_of(filled).values():
            visit.go(path)
            assert barriers(visit) == [], path
        visit.go("/findings")
        for key, dialog in (("?", "#keys"), ("c", "#decide")):
            visit.page.keyboard.press("j")
            visit.page.keyboard.press(key)
            expect(visit.page.locator(f"dialog{dialog}")).to_be_visible()
            assert barriers(visit) == [], dialog
            visit.page.keyboard.press("Escape")


def barriers(visit: Visit) -> list[tuple[Any, ...]]:
    """What axe calls serious or critical."""
    found = Axe().run(visit.page).response["violations"]
    return [
        (violation["id"], [node["html"] for node in violation["nodes"]][:3])
        for violation in found
        if violation["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_is_wider_than_the_window(
    browser: Browser, shared: str, filled: World, language: str, width: int
) -> None:
    with visiting(browser, shared, language=language, width=width) as visit:
        visit.sign_in()
        for path in pages_of(filled).values():
            visit.go(path)
            assert visit.overflow() == 0, path


@pytest.mark.parametrize(
    ("name", "language", "key"),
    [("console-list", "zh-CN", None), ("console-text", "zh-CN", "traditional"), ("console-picture", "en", "image")],
)
def test_pictures_of_the_docs(
    browser: Browser, world: World, tmp_path: Path, name: str, language: str, key: str | None
) -> None:
    """They are taken from this run; PIRACY_MONITOR_WRITE_PICTURES puts them into docs/pictures."""
    with served(world) as address, visiting(browser, address, language=language) as visit:
        visit.sign_in()
        if key:
            visit.go(f"/findings/{world.ids[key]}?back=/findings")
        else:
            visit.page.keyboard.press("j")
        visit.page.wait_for_load_state("networkidle")
        taken = tmp_path / f"{name}.png"
        # A palette makes a third of the size of it, and nothing that the eye would miss.
        Image.open(io.BytesIO(visit.page.screenshot())).quantize().save(taken, optimize=True)
    assert 10_000 < taken.stat().st_size <= LARGEST_PICTURE
    if os.environ.get("PIRACY_MONITOR_WRITE_PICTURES"):
        PICTURES.mkdir(exist_ok=True)
        shutil.copy(taken, PICTURES)
