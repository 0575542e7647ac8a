"""A real Chromium on the console, and whatever it complains about."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from crawler.rendering.deciding import browser_program
from tests.console.world import NAME, PASSWORD

REPORT = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));"""

PATIENCE = 60_000
"""Milliseconds."""


@dataclass
class Visit:
    """One person's browser window on the console."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings of the browser's console, violations of the policy, and requests that failed."""

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in(self) -> None:
        """By keyboard, from the page that any visitor is sent to."""
        self.go("/")
        expect(self.page.locator("#name")).to_be_focused()
        self.page.keyboard.type(NAME)
        self.page.keyboard.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/findings?*")

    def ready(self) -> None:
        """Wait until the page hears keys; it shows what they do as soon as it does."""
        expect(self.page.locator(".keyline")).to_be_visible()

    def listed(self) -> list[str]:
        """Findings of the list, in order."""
        rows = self.page.locator("tr[data-finding]").all()
        return [row.get_attribute("data-finding") or "" for row in rows]

    def focused(self) -> str | None:
        """The finding whose link in the list has the focus."""
        found: str | None = self.page.evaluate("document.activeElement.closest('tr')?.dataset.finding ?? null")
        return found

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window."""
        wider: int = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return wider


@contextmanager
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine; skips the test by name where there is none."""
    found = browser_program()
    if found is None:
        pytest.skip("needs Chromium: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def visiting(
    browser: Browser,
    address: str,
    *,
    language: str = "en",
    scheme: Literal["light", "dark"] = "light",
    width: int = 1280,
    **options: Any,
) -> Iterator[Visit]:
    """A window of its own, with no cookies. Leaving it fails the test if the browser complained of anything."""
    context = browser.new_context(
        locale=language,
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
        reduced_motion="reduce",
        **options,
    )
    # How long a step takes says nothing about whether it is right; the test's own limit ends what never comes.
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    context.add_init_script(REPORT)
    visit = Visit(context.new_page(), address)
    listen(visit)
    yield visit
    context.close()
    assert visit.complaints == []


def listen(visit: Visit) -> None:
    """Note whatever the browser complains of. Leaving a page ends its requests, which is no failure."""

    def on_console(said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            visit.complaints.append(said.text)

    def on_failure(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":
            visit.complaints.append(f"{request.url}: {request.failure}")

    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("console", on_console)
    visit.page.on("requestfailed", on_failure)
