"""A page as one text with the places of its links, so that what stands beside what can be told."""

from dataclasses import dataclass, field

from lxml import etree

from crawler.leads.folding import without_marks

BLOCKS = frozenset(
    str.split(
        "address article aside blockquote br dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header "
        "hr li main nav ol option p pre section table tbody td th thead tr ul"
    )
)
LINKS = {
    "a": "href",
    "area": "href",
    "iframe": "src",
    "frame": "src",
    "video": "src",
    "audio": "src",
    "source": "src",
    "embed": "src",
    "object": "data",
}
UNSEEN = frozenset({"style", "template", "title"})
SAMPLES = frozenset({"pre", "code", "samp", "kbd"})
# Attributes in which pages keep what a script copies or opens.
SPOKEN = frozenset({"value", "title", "alt", "onclick"})
MOST_TEXT = 1_000_000
MOST_SCRIPT = 2_000_000
LONGEST_VALUE = 4_000
MOST_MARKS = 5_000


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that stands at a place of the text without being seen there."""

    at: int
    tag: str
    value: str


@dataclass(slots=True)
class Flow:
    """The seen text with a line for each block, and by place what is not seen."""

    text: str = ""
    links: list[Mark] = field(default_factory=list)
    attributes: list[Mark] = field(default_factory=list)
    scripts: list[Mark] = field(default_factory=list)
    samples: list[tuple[int, int]] = field(default_factory=list)
    """Where text stands that pages show as an example: code and preformatted blocks."""

    def is_sample(self, at: int) -> bool:
        """Whether a place is inside an example."""
        return any(start <= at < end for start, end in self.samples)


def flow_of(root: etree._Element | None) -> Flow:
    """The flow of a document. Time is linear in its length."""
    reader = _Reader()
    if root is not None:
        for event, node in etree.iterwalk(root, events=("start", "end")):
            if isinstance(node, etree._Element) and isinstance(node.tag, str):
                if event == "start":
                    reader.enter(node)
                else:
                    reader.leave(node, outermost=node is root)
    return reader.finished()


class _Reader:
    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._script_left = MOST_SCRIPT
        self._unseen = 0
        self._samples: list[int] = []
        self._flow = Flow()

    def enter(self, node: etree._Element) -> None:
        tag = node.tag
        if tag in BLOCKS:
            self._say("\n")
        self._note(node)
        if tag == "script":
            self._script(node.text or "")
        elif tag in UNSEEN:
            self._unseen += 1
        elif tag in SAMPLES:
            self._samples.append(self._length)
        if tag != "script":
            self._say(node.text or "")

    def leave(self, node: etree._Element, *, outermost: bool) -> None:
        if node.tag in UNSEEN:
            self._unseen -= 1
        elif node.tag in SAMPLES and self._samples:
            self._flow.samples.append((self._samples.pop(), self._length))
        if node.tag in BLOCKS:
            self._say("\n")
        if not outermost:
            self._say(node.tail or "")

    def finished(self) -> Flow:
        self._flow.text = "".join(self._pieces)
        return self._flow

    def _say(self, text: str) -> None:
        if not text or self._unseen or self._length >= MOST_TEXT:
            return
        said = text
        if text != "\n" and not self._samples:
            said = text.replace("\n", " ").replace("\r", " ")  # as a reader sees it
        said = without_marks(said)[: MOST_TEXT - self._length]
        self._pieces.append(said)
        self._length += len(said)

    def _note(self, node: etree._Element) -> None:
        linked = LINKS.get(str(node.tag))
        for name, value in node.items():
            if not isinstance(name, str) or not isinstance(value, str) or not 4 <= len(value) <= LONGEST_VALUE:
                continue
            if name == linked:
                _add(self._flow.links, Mark(self._length, str(node.tag), value))
            elif name in SPOKEN or name.startswith("data-"):
                _add(self._flow.attributes, Mark(self._length, str(node.tag), value))

    def _script(self, text: str) -> None:
        taken = text[: self._script_left]
        self._script_left -= len(taken)
        if taken:
            _add(self._flow.scripts, Mark(self._length, "script", taken))


def _add(marks: list[Mark], mark: Mark) -> None:
    if len(marks) < MOST_MARKS:
        marks.append(mark)
