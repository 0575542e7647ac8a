"""A console over real stores that hold a few findings: a Chinese story, an English one, and pictures."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from PIL import Image, ImageEnhance

from config.settings import ConsoleSettings
from console.app import create_app
from console.stores import ConsoleStores
from domain.captures import Capture, FetchOutcome
from domain.findings import Comparison, Finding, FindingState, Span, SpanUnit, Verdict
from domain.fingerprints import Fingerprint
from domain.ids import CaptureId, Digest, FindingId, SweepId, WorkId, capture_id_of, digest_of, finding_id_of
from domain.reasons import Reason, ReasonCode
from domain.works import ReferenceFile, Work, WorkType
from evidence.exchange import RawExchange, to_warc
from evidence.vault import FolderVault
from matcher.text.payload import KIND, VERSION
from store.accounts import AccountStore
from store.captures import CaptureStore, add
from store.database import Database
from store.findings import FindingStore, record
from store.outbox import Outbox
from store.projector import project
from store.search_embedded import EmbeddedSearch
from store.sweeps import SweepStore
from store.works import WorkStore
from tests.mocksite.catalogue import STORIES_REGISTERED
from tests.mocksite.pictures import drawing

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
NAME, PASSWORD = "zhou", "lantern on the north pier"
SETTINGS = ConsoleSettings(host="127.0.0.1", port=0, session_hours=12, secure_cookies=False)
HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>'
TEXT_THRESHOLDS = (("copy_coverage", 0.8), ("copy_identity", 0.45), ("runner_up_ratio", 0.97), ("page_share", 0.6))
IMAGE_THRESHOLDS = (("pdq_distance", 31.0), ("feature_inlier_ratio", 0.15), ("feature_cell_support", 0.45))


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class World:
    """The stores, and what was put into them."""

    database: Database
    stores: ConsoleStores
    sweep_id: SweepId
    clock: Clock = field(default_factory=Clock)
    ids: dict[str, FindingId] = field(default_factory=dict)

    def app(self, *, clock: Callable[[], datetime] | None = None, language: str = "en") -> FastAPI:
        return create_app(self.stores, SETTINGS, clock=clock or self.clock, language=language)

    def project(self) -> None:
        """Bring the search index up."""
        while project(self.stores.outbox, self.stores.findings, self.stores.captures, self.stores.search, 100):
            pass

    def capture(self, url: str, **known: Any) -> Capture:
        """What was fetched from `url`; its raw exchange goes to the vault."""
        body = known.pop("body", b"<p>page</p>")
        exchange = RawExchange(
            url=url,
            method="GET",
            request_headers=(("Host", url.split("/")[2]),),
            status=200,
            status_text="OK",
            http_version="HTTP/1.1",
            response_headers=(("Content-Type", known.get("media_type", "text/html")),),
            body=body,
            address="203.0.113.57",
            fetched_at=NOW,
        )
        return Capture(
            capture_id=CaptureId(capture_id_of(self.sweep_id, url)),
            sweep_id=self.sweep_id,
            url=url,
            canonical_url=url,
            host=url.split("/")[2],
            fetched_at=NOW - timedelta(minutes=12),
            outcome=FetchOutcome.CONTENT,
            status=200,
            payload_digest=digest_of(body),
            payload_size=len(body),
            record_digest=self.stores.vault.put(to_warc(exchange), at=NOW, by="sweep"),
            address=exchange.address,
            **{"media_type": "text/html", **known},
        )

    def find(self, key: str, work: Work, capture: Capture, comparison: Comparison, **changes: Any) -> Finding:
        """Record a finding under a name of the test's own."""
        assert capture.record_digest is not None
        values: dict[str, Any] = {
            "page_url": capture.found_on or capture.url,
            "state": FindingState.OPEN if comparison.verdict is Verdict.COPY else FindingState.REVIEW,
            "thresholds": IMAGE_THRESHOLDS if work.type is WorkType.IMAGE else TEXT_THRESHOLDS,
            "found_at": NOW - timedelta(minutes=10 + len(self.ids)),
        }
        finding = Finding(
            finding_id=finding_id_of(work.work_id, capture.url, work.type),
            work_id=work.work_id,
            work_title=work.title,
            owner=work.owner,
            type=work.type,
            url=capture.url,
            host=capture.host,
            comparison=comparison,
            sweep_id=self.sweep_id,
            capture_id=capture.capture_id,
            evidence=capture.record_digest,
            **values | changes,
        )
        with self.database.write() as connection:
            add(connection, capture)
            record(connection, finding)
        self.ids[key] = finding.finding_id
        return finding


def build(database: Database, folder: Path) -> World:
    """A world with one user and findings of every kind."""
    stores = ConsoleStores(
        accounts=AccountStore(database),
        findings=FindingStore(database),
        captures=CaptureStore(database),
        works=WorkStore(database),
        search=EmbeddedSearch(folder / "search.sqlite"),
        outbox=Outbox(database),
        vault=FolderVault(folder / "evidence"),
        references=FolderVault(folder / "references"),
    )
    stores.accounts.create(NAME, PASSWORD, at=NOW)
    world = World(database, stores, SweepStore(database).start("nightly", NOW).sweep_id)
    keeper, clock = (register_story(world, number) for number in (0, 2))
    copied(world, "zh", keeper, "http://m.biquge-mirror.example/book/117/3.html", "守灯人 第三章 – 免费小说网")
    copied(world, "en", clock, "http://freebooks.example/tide-clock/full", "The Tide Clock – read online free")
    quoted(world, keeper)
    pictured(world)
    hostile(world, keeper)
    world.project()
    return world


def register_story(world: World, number: int) -> Work:
    """A registered text of the bundled site."""
    story = STORIES_REGISTERED[number]
    data = story.text.encode()
    digest = world.stores.references.put(data, at=NOW, by="import")
    work = Work(
        work_id=WorkId(story.work_id),
        title=story.title,
        title_en=story.title_en,
        type=WorkType.TEXT,
        owner=story.owner,
        registration_number=f"国作登字-2025-A-0012{number:04}",
        references=(ReferenceFile(name=story.file, digest=digest, media_type="text/plain", size=len(data)),),
    )
    world.stores.works.put([work])
    world.stores.works.put_fingerprints(work.work_id, [(digest, Fingerprint(kind=KIND, version=VERSION, payload=data))])
    return work


def text_comparison(work: Work, spans: list[tuple[int, int, int, int]], page: str, verdict: Verdict) -> Comparison:
    """A comparison of texts; spans are (page from, to, work from, to)."""
    matched = sum(end - start for start, end, _, _ in spans)
    longest = max(end - start for start, end, _, _ in spans)
    code = ReasonCode.TEXT_COPY if verdict is Verdict.COPY else ReasonCode.TEXT_LONG_EXTRACT
    values = {"coverage": matched / len(page), "matched": matched}
    return Comparison(
        work_id=work.work_id,
        reference=work.references[0].digest,
        similarity=matched / len(page),
        verdict=verdict,
        method="text",
        reason=Reason.of(code, **values, **({"longest": longest} if verdict is Verdict.COPY else {})),
        spans=tuple(Span(unit=SpanUnit.CHARACTER, query=(a, b), work=(c, d)) for a, b, c, d in spans),
    )


def copied(world: World, key: str, work: Work, url: str, title: str) -> None:
    """A page that copies a work, with adverts put between its paragraphs and one passage from further on."""
    text = world.stores.references.read(work.references[0].digest).decode()
    page, spans, at = "首页 > 书库 > 正文  请收藏本站!\n", [], 0
    for number, paragraph in enumerate(part for part in text.split("\n") if part):
        begin = text.index(paragraph, at)
        at = begin + len(paragraph)
        if number in {3, 6}:
            continue
        if number == 5:
            page += "\n" + "本站最新网址 www.example 手机用户请浏览阅读,更新更快。" * 8 + "\n"
        spans.append((len(page), len(page) + len(paragraph), begin, at))
        page += paragraph + "\n"
    world.find(key, work, world.capture(url, title=title, text=page), text_comparison(work, spans, page, Verdict.COPY))


def quoted(world: World, work: Work) -> None:
    """A review that holds a long extract."""
    text = world.stores.references.read(work.references[0].digest).decode()
    opening = "读完这本书,我在海边坐了很久。" * 30
    page = opening + text[20:400] + "。其余的情节,还是留给各位自己去读。" * 12
    comparison = text_comparison(work, [(len(opening), len(opening) + 380, 20, 400)], page, Verdict.PARTIAL)
    capture = world.capture("https://blog.example/reviews/the-keeper", title="书评:守灯人", text=page)
    world.find("review", work, capture, comparison)


def pictured(world: World) -> None:
    """A cropped picture on a wallpaper page, and one whose evidence is no picture."""
    image = drawing(4)
    digest = world.stores.references.put(as_jpeg(image), at=NOW, by="import")
    file = ReferenceFile(name="fan.jpg", digest=digest, media_type="image/jpeg", size=1)
    work = Work(work_id=WorkId("drawing-4"), title="海市图", type=WorkType.IMAGE, owner="北屿画社", references=(file,))
    world.stores.works.put([work])
    crop = (110, 60, 650, 470)
    body = as_jpeg(ImageEnhance.Color(image.crop(crop)).enhance(0.7))
    comparison = picture_comparison(work.work_id, digest, query=(22, 18, 520, 395), work=(132, 78, 630, 455))
    for key, data in (("image", body), ("broken-image", b"\x89PNG\r\n\x1a\n but not really")):
        capture = world.capture(
            f"http://img.wallpapers.example/up/{key}.jpg",
            body=data,
            media_type="image/jpeg",
            found_on="http://wallpapers.example/art/88.html",
        )
        world.find(key, work, capture, comparison)


def picture_comparison(
    work_id: WorkId, reference: Digest, *, query: tuple[float, ...], work: tuple[float, ...]
) -> Comparison:
    """A comparison of pictures by their details."""
    return Comparison(
        work_id=work_id,
        reference=reference,
        similarity=0.71,
        verdict=Verdict.COPY,
        method="local-features",
        reason=Reason.of(ReasonCode.IMAGE_LOCAL_FEATURES, inliers=143, cells=0.71),
        spans=(Span(unit=SpanUnit.BOX, query=query, work=work),),
    )


def hostile(world: World, work: Work) -> None:
    """A page that tries to put markup into the console, wherever its own words are shown."""
    page = f"{HOSTILE} 灯塔 \x02{HOSTILE}\x03 守灯人 {HOSTILE}" * 8
    url = "http://evil.example/a\"><script>alert('u')</script>?q='onmouseover=alert(1)"
    comparison = text_comparison(work, [(3, len(page) - 3, 0, 200)], page, Verdict.COPY)
    world.find("hostile", work, world.capture(url, title=HOSTILE, text=page), comparison)


def as_jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()
