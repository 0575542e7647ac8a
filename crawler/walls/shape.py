"""What a page is made of, as far as that tells a refusal from content: one walk over its elements, no judgement."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from lxml import etree

from crawler.pages import BEACON, HtmlPage
from crawler.walls.phrases import WAITING

# Characters of scripts and attributes that are looked through.
MAX_MACHINERY = 200_000
# What stands in these is not said to the reader of this page: links speak of other pages.
UNSAID = frozenset({"script", "style", "noscript", "template", "title", "a", "option", "head"})
INLINE = frozenset(
    str.split("abbr b bdi bdo big cite code dfn em font i ins kbd mark q s samp small span strong sub sup tt u var wbr")
)
FILMS = frozenset({"video", "audio", "embed", "object", "iframe", "frame"})
HEADINGS = frozenset({"h1", "h2", "h3"})
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
MOUNT = re.compile(
    r"(?:^|[\s_-])(app|root|__next|__nuxt|main|content|contents|container|wrapper|chapter\w{0,10}|txt|reader|list"
    r"|results?|article|book\w{0,10}|detail|page|viewport)(?:$|[\s_-])",
    re.IGNORECASE,
)
PLAYER = re.compile(r"player|video-js|plyr", re.IGNORECASE)
PLACES = frozenset({"div", "section", "main", "article", "p", "span", "li", "td"})
# What is loaded beside the content of many pages.
ASIDE = re.compile(r"comment|reply|pinglun|\bad\b|\bads\b|advert|banner|weather|player", re.IGNORECASE)
PICTURES_OF_WALLS = re.compile(r"captcha|verify|checkcode|authcode|seccode|vcode|yzm", re.IGNORECASE)


@dataclass(kw_only=True)
class Shape:
    """`blocks` are the words outside links, one entry a paragraph, heading or cell."""

    title: str
    blocks: list[str]
    headings: list[str]
    controls: str = ""
    """Words on buttons and in fields."""
    noscript: str = ""
    nodes: tuple[etree._Element, ...] = ()
    linked: int = 0
    """Characters inside links."""
    links: int = 0
    media: int = 0
    films: int = 0
    """Players, embedded pages and sounds among the media."""
    scripts: int = 0
    forms: int = 0
    writes: bool = False
    """Whether there is room to write a comment."""
    refreshes: bool = False
    """Whether it leads elsewhere by itself."""
    asks_for_password: bool = False
    mount: bool = False
    """Whether there is an empty element into which a script may write the page."""
    waiting: bool = False
    """Whether a place says that what belongs there is being loaded."""
    player: bool = False
    """Whether there is a place for a player."""

    @cached_property
    def machinery(self) -> str:
        """Scripts, and the addresses and names in the markup: what the page is built of, not what it says."""
        return "\n".join(_bounded(_machinery(self.nodes)))

    @property
    def size(self) -> int:
        """Characters outside links."""
        return sum(map(len, self.blocks))


def shape_of(page: HtmlPage) -> Shape:
    """Walk over a page. Time is linear in its length."""
    shape = Shape(title=page.title, blocks=[], headings=[], nodes=page.nodes, asks_for_password=page.asks_for_password)
    if page.nodes:
        _read_words(page.nodes[0], shape)
        _read_elements(page.nodes, shape)
    return shape


def _read_words(root: etree._Element, shape: Shape) -> None:
    reader = _WordReader(shape)
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if isinstance(node.tag, str):
            if event == "start":
                reader.enter(node)
            else:
                reader.leave(node, is_root=node is root)
    reader.close()


class _WordReader:
    """Puts words together to blocks; `_unsaid` is the element being passed over, `_heading` the one being read."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._block: list[str] = []
        self._unsaid: etree._Element | None = None
        self._heading: etree._Element | None = None

    def enter(self, node: etree._Element) -> None:
        self._part(node)
        if self._unsaid is None and (node.tag in UNSAID or _is_hidden(node)):
            self._unsaid = node
        elif self._unsaid is None and node.tag in HEADINGS:
            self._heading = node
        self._say(node.text or "")

    def leave(self, node: etree._Element, *, is_root: bool) -> None:
        self._part(node)
        self._heading = None if node is self._heading else self._heading
        self._unsaid = None if node is self._unsaid else self._unsaid
        if not is_root:
            self._say(node.tail or "")

    def close(self) -> None:
        if words := " ".join("".join(self._block).split()):
            self._shape.blocks.append(words)
            if self._heading is not None:
                self._shape.headings.append(words)
        self._block.clear()

    def _part(self, node: etree._Element) -> None:
        if node.tag not in INLINE and node.tag not in UNSAID and self._unsaid is None:
            self.close()

    def _say(self, words: str) -> None:
        if self._unsaid is None:
            self._block.append(words)
        elif self._unsaid.tag == "a":
            self._shape.linked += len(words.strip())


def _read_elements(nodes: tuple[etree._Element, ...], shape: Shape) -> None:
    controls: list[str] = []
    hrefs: set[str] = set()
    for node in nodes:
        tag = node.tag
        if tag == "a":
            hrefs.add(node.get("href", ""))
        elif tag in {"button", "label"}:
            controls.append(_some_text(node))
        elif tag == "input":
            controls += [node.get("placeholder", "")[:200], *_button_words(node)]
        elif tag == "noscript":
            shape.noscript += _some_text(node)
        shape.forms += tag == "form"
        shape.scripts += tag == "script"
        shape.media += _is_media(node)
        shape.films += tag in FILMS and not PICTURES_OF_WALLS.search(node.get("src", ""))
        shape.writes = shape.writes or tag == "textarea"
        refresh = tag == "meta" and node.get("http-equiv", "").lower() == "refresh"
        shape.refreshes = shape.refreshes or (refresh and "url" in node.get("content", "").lower())
        shape.mount = shape.mount or _is_mount(node)
        shape.waiting = shape.waiting or _is_waiting(node)
        shape.player = shape.player or (tag in {"div", "section"} and bool(PLAYER.search(_names(node))))
    shape.links = sum(1 for href in hrefs if href and not href.startswith(("#", "javascript:")))
    shape.controls = " ".join(filter(None, controls))


def _some_text(node: etree._Element) -> str:
    return " ".join("".join(map(str, islice(node.itertext(), 20)))[:2_000].split())[:300]


def _button_words(node: etree._Element) -> Iterator[str]:
    if node.get("type", "").lower() in {"submit", "button"}:
        yield node.get("value", "")[:200]


def _is_hidden(node: etree._Element) -> bool:
    return node.get("hidden") is not None or bool(HIDDEN.search(node.get("style", "")))


def _is_media(node: etree._Element) -> bool:
    if node.tag == "img":
        beacon = node.get("width") in BEACON and node.get("height") in BEACON
        return not beacon and not PICTURES_OF_WALLS.search(node.get("src", ""))
    return node.tag in FILMS


def _is_mount(node: etree._Element) -> bool:
    empty = len(node) == 0 and not (node.text or "").strip()
    tags = {"div", "section", "main", "article", "ul", "tbody", "app-root"}
    return empty and node.tag in tags and (node.tag == "app-root" or bool(MOUNT.search(_names(node))))


def _is_waiting(node: etree._Element) -> bool:
    said = (node.text or "").strip() if len(node) == 0 and node.tag in PLACES else ""
    if not said or len(said) > 20 or not WAITING.fullmatch(said):
        return False
    parent = node.getparent()
    return not ASIDE.search(f"{_names(node)} {_names(parent) if parent is not None else ''}")


def _names(node: etree._Element) -> str:
    return f"{node.get('id', '')} {node.get('class', '')}"


def _machinery(nodes: tuple[etree._Element, ...]) -> Iterator[str]:
    for node in nodes:
        if node.tag == "a":
            continue
        for name in ("src", "action", "id", "class", "name", "data-sitekey"):
            yield node.get(name, "")
        if node.tag == "script":
            yield node.text or ""
        elif node.tag == "meta":
            yield f"{node.get('http-equiv', '')} {node.get('content', '')}"


def _bounded(parts: Iterator[str]) -> Iterator[str]:
    left = MAX_MACHINERY
    for part in filter(None, parts):
        yield part[:left]
        left -= len(part)
        if left <= 0:
            return
