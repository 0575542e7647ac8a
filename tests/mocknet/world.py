"""The network as it is built up: hosts with pages, and the truth that grows with them."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from domain.works import WorkType
from tests.mocknet.description import Description, Operator, RegisteredWork, SiteDescription
from tests.mocknet.shells import Link, dressed
from tests.mocknet.truth import Decoy, PlantedCopy, PlantedLead, Sample, Truth, Wall
from tests.mocksite.alterations import Page

Answer = Callable[[str, Mapping[str, str]], Page | None]
"""A path and the query to what is sent for them; None is for others to answer."""
ON_A_LIST = 24


@dataclass(kw_only=True)
class Network:
    """Everything the server sends. Addresses hold the port, so a network is built for one."""

    described: Description
    port: int
    pages: dict[tuple[str, str], Page] = field(default_factory=dict)
    """By host label and path, with the query as it stands where it has one."""
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    """What is made up when asked for, by host label."""
    truth: Truth = field(default_factory=Truth)
    orphans: list[tuple[str, str, str]] = field(default_factory=list)
    """Words, address and title of pages that only the search engines know."""

    def url(self, label: str, path: str = "/") -> str:
        return f"http://{label}.localhost:{self.port}{path}"

    def put(self, label: str, path: str, page: Page) -> str:
        """Publish a page or file; its address. Raises ValueError when there is one already."""
        if (label, path) in self.pages:
            raise ValueError(f"{label}{path} is planned twice")
        self.pages[label, path] = page
        return self.url(label, path)

    def share(self, operator: Operator, path: str, data: bytes, media_type: str) -> str:
        """Publish a file on an operator's media host; its address. All sites of the operator share it."""
        self.pages.setdefault((operator.cdn, path), Page(data, media_type))
        return self.url(operator.cdn, path)


class SiteBuilder:
    """One site while it is filled by the functions of `forms`."""

    def __init__(self, network: Network, described: SiteDescription) -> None:
        self.network, self.described = network, described
        self.label, self.operator = described.host, described.operator
        self.chance = random.Random(described.host)
        self.shown: list[Link] = []
        self.sitemap: list[str] = []
        self.feed: list[tuple[str, str]] = []
        self.head = ""

    @property
    def truth(self) -> Truth:
        return self.network.truth

    def url(self, path: str) -> str:
        return self.network.url(self.label, path)

    def works(self, work_type: WorkType, count: int | None = None) -> Sequence[RegisteredWork]:
        """The works of a type that this site publishes: others than its neighbours'."""
        every = self.network.described.works_of(work_type)
        taken = min(count or self.described.take, len(every))
        return [every[(self.described.number + n) % len(every)] for n in range(taken)]

    def show(self, path: str, words: str) -> None:
        """List a page on the site's own lists."""
        self.shown.append((path, words))

    def page(self, path: str, title: str, inner: str, *, shown: bool = True, head: str = "") -> Sample:
        """Publish a page in the site's clothes; what a person would save of it."""
        charset = self.described.charset
        related = self.chance.sample(self.shown, min(4, len(self.shown)))
        body = dressed(
            self.operator,
            self.described.name,
            title,
            inner,
            charset=charset,
            related=related,
            cdn=self.network.url(self.operator.cdn, "/static"),
            head=head + self.head,
        )
        media_type = "text/html; charset=utf-8" if charset == "utf-8" else "text/html"
        self.network.put(self.label, path, Page(body, media_type))
        if shown:
            self.show(path, title)
        return Sample(data=body, name=f"{self.label}.html", media_type="text/html", charset=_said(charset))

    def file(self, path: str, data: bytes, media_type: str) -> str:
        """Publish a file as it is; its address."""
        return self.network.put(self.label, path, Page(data, media_type))

    def shared(self, path: str, data: bytes, media_type: str) -> str:
        """Publish a file on the operator's media host; its address."""
        return self.network.share(self.operator, path, data, media_type)

    def redirect(self, path: str, target: str) -> None:
        """Send whoever asks for `path` on."""
        self.network.put(self.label, path, Page(b"", status=302, headers=(("Location", target),)))

    def answer(self, answer: Answer) -> None:
        self.network.answers.setdefault(self.label, []).append(answer)

    def copy(
        self, form: str, work: RegisteredWork, urls: Iterable[str], sample: Sample | None, *, licensed: bool = False
    ) -> None:
        planted = PlantedCopy(
            form=form,
            site=self.label,
            work_id=work.id,
            urls=tuple(urls),
            licensed=licensed or bool(work.public_domain_since),
            sample=sample,
        )
        self.truth.copies.append(planted)

    def lead(self, form: str, work: RegisteredWork | None, path: str, *keys: str) -> None:
        name = work.id if work else ""
        self.truth.leads.append(
            PlantedLead(form=form, site=self.label, work_id=name, keys=keys, page=self.url(path)),
        )

    def decoy(self, form: str, path: str, *keys: str, sample: Sample | None = None) -> None:
        self.truth.decoys.append(Decoy(form=form, site=self.label, url=self.url(path), keys=keys, sample=sample))

    def wall(self, form: str, path: str, outcomes: Iterable[str], *, is_decoy: bool = False) -> None:
        self.truth.walls.append(
            Wall(form=form, site=self.label, url=self.url(path), outcomes=tuple(outcomes), is_decoy=is_decoy)
        )


def paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(block)}</p>" for block in blocks(text))


def line_breaks(text: str) -> str:
    return "<br><br>".join("&emsp;&emsp;" + escape(block) for block in blocks(text))


def blocks(text: str) -> list[str]:
    return [block.strip() for block in text.split("\n") if block.strip()]


def _said(charset: str) -> str:
    """The charset that the server declares for pages of a site in `charset`."""
    return charset if charset == "utf-8" else ""
