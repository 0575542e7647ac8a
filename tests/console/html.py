"""Reading the pages of the console as a browser would."""

from dataclasses import dataclass

from lxml import html
from lxml.html import HtmlElement


@dataclass(frozen=True)
class Page:
    """A parsed page."""

    root: HtmlElement

    @property
    def text(self) -> str:
        """What a person reads, runs of white space as one."""
        return " ".join(self.root.text_content().split())

    def all(self, xpath: str) -> list[HtmlElement]:
        found = self.root.xpath(xpath)
        assert isinstance(found, list)
        return [each for each in found if isinstance(each, HtmlElement)]

    def one(self, xpath: str) -> HtmlElement:
        (found,) = self.all(xpath)
        return found

    def form(self, action: str) -> dict[str, str]:
        """The hidden fields of the form that is sent to `action`."""
        fields = self.one(f"//form[@action='{action}']").xpath(".//input[@type='hidden']")
        assert isinstance(fields, list)
        return {f.get("name", ""): f.get("value", "") for f in fields if isinstance(f, HtmlElement)}

    def inline(self) -> list[str]:
        """What a strict content security policy refuses: inline scripts, styles and event handlers, and odd links."""
        wrong = [f"<{e.tag}>" for e in self.all("//script[not(@src)] | //style | //iframe | //object | //embed")]
        for element in self.all("//*"):
            for name, value in element.attrib.items():
                scripted = name.startswith(("on", "hx-on")) or name == "style"
                if scripted or str(value).strip().lower().startswith(("javascript:", "data:", "vbscript:")):
                    wrong.append(f"<{element.tag} {name}={value!r}>")
        return wrong


def parse(text: str) -> Page:
    return Page(html.document_fromstring(text))
