"""Findings of every kind: stories in two languages, pictures, and what a hostile page tries."""

import io
from collections.abc import Callable
from dataclasses import replace

import opencc
from PIL import Image, ImageEnhance, ImageOps

from domain.findings import Comparison, FindingState, Span, SpanUnit, Verdict
from domain.fingerprints import Fingerprint
from domain.ids import WorkId
from domain.reasons import Reason, ReasonCode
from domain.works import ReferenceFile, Work, WorkType
from matcher.text.payload import KIND, VERSION
from tests.console.world import NOW, World
from tests.mocksite.catalogue import STORIES_REGISTERED
from tests.mocksite.pictures import drawing

HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>'
ADVERT = "本站最新网址 www.example，手机用户请浏览阅读，更新更快。"
TRADITIONAL = opencc.OpenCC("s2t")


def fill(world: World) -> None:
    """What a night of sweeping may find."""
    names = ("story-lighthouse", "story-postman", "story-tide-clock")
    keeper, postman, clock = (register_story(world, name) for name in names)
    copied(world, "zh", keeper, "http://m.biquge-mirror.example/book/117/3.html", "守灯人 第三章 – 免费小说网")
    copied(world, "en", clock, "http://freebooks.example/tide-clock/full", "The Tide Clock – read online free")
    copied(
        world,
        "traditional",
        keeper,
        "https://www.xiaoshuo-ting.example/read/9981/%E5%AE%88%E7%87%88%E4%BA%BA/all-chapters-in-one-page.html?from=search&ref=index",
        "守燈人 全文閱讀",
        alter=lambda text: str(TRADITIONAL.convert(text)),
    )
    copied(world, "postman", postman, "http://txt.shuku-8.example/xuexian/7.htm", "雪线以上(完整版)txt下载")
    copied(world, "licensed", clock, "https://shop.example/read/tide-clock", "The Tide Clock", FindingState.LICENSED)
    quoted(world, keeper)
    picture = register_picture(world, 4, "海市图")
    cropped(world, "image", picture, 4, "http://img.wallpapers.example/up/88/fan-4k.jpg")
    cropped(world, "flipped", picture, 4, "http://cdn.bizhi.example/2026/11/hd_0412.jpg", alter=ImageOps.mirror)
    world.project()


def add_oddities(world: World) -> None:
    """A page full of markup, a picture that is none, and a capture without its text."""
    work = world.stores.works.get(WorkId(STORIES_REGISTERED[0].work_id))
    assert work
    named = replace(work, work_id=WorkId("hostile"), title=HOSTILE, owner=HOSTILE, registration_number=HOSTILE)
    world.stores.works.put([named])
    fingerprint = Fingerprint(kind=KIND, version=VERSION, payload=HOSTILE.encode() * 20)
    world.stores.works.put_fingerprints(named.work_id, [(work.references[0].digest, fingerprint)])
    page = f"{HOSTILE} 灯塔 \x02{HOSTILE}\x03 守灯人 {HOSTILE}" * 8
    url = "javascript://evil.example/a\"><script>alert('u')</script>?q='onmouseover=alert(1)"
    comparison = text_comparison(named, [(3, len(page) - 3, 0, 400)], page, Verdict.COPY)
    world.find("hostile", named, world.capture(url, title=HOSTILE, text=page, media_type=HOSTILE), comparison)
    lost = text_comparison(work, [(0, 400, 0, 400)], page, Verdict.COPY)
    world.find("lost", work, world.capture("http://lost.example/1"), lost)
    picture = register_picture(world, 5, "折扇")
    cropped(world, "broken", picture, 5, "http://img.wallpapers.example/broken.jpg", body=b"\x89PNG\r\n\x1a\n no")
    world.project()


def register_story(world: World, work_id: str) -> Work:
    """A registered text of the bundled site."""
    number, story = next((n, story) for n, story in enumerate(STORIES_REGISTERED) if story.work_id == work_id)
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


def register_picture(world: World, number: int, title: str) -> Work:
    """A registered drawing of the bundled site."""
    data = as_jpeg(drawing(number))
    digest = world.stores.references.put(data, at=NOW, by="import")
    file = ReferenceFile(name=f"{number}.jpg", digest=digest, media_type="image/jpeg", size=len(data))
    work = Work(
        work_id=WorkId(f"drawing-{number}"), title=title, type=WorkType.IMAGE, owner="北屿画社", references=(file,)
    )
    world.stores.works.put([work])
    return work


def text_of(world: World, work: Work) -> str:
    return world.stores.references.read(work.references[0].digest).decode()


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


def copied(
    world: World,
    key: str,
    work: Work,
    url: str,
    title: str,
    state: FindingState = FindingState.OPEN,
    alter: Callable[[str], str] = str,
) -> None:
    """A page that copies a work, with two paragraphs left out and an advert put between."""
    text = text_of(world, work)
    page, spans, at = "首页 > 书库 > 正文　请收藏本站！\n", [], 0
    for number, paragraph in enumerate(part for part in text.split("\n") if part):
        begin = text.index(paragraph, at)
        at = begin + len(paragraph)
        if number in {3, 6}:
            continue
        if number == 5:
            page += "\n" + ADVERT * 8 + "\n"
        altered = alter(paragraph)
        spans.append((len(page), len(page) + len(altered), begin, at))
        page += altered + "\n"
    capture = world.capture(url, title=title, text=page)
    world.find(key, work, capture, text_comparison(work, spans, page, Verdict.COPY), state=state)


def quoted(world: World, work: Work) -> None:
    """A review that holds a long extract."""
    opening = "读完这本书，我在海边坐了很久。" * 30
    page = opening + text_of(world, work)[20:400] + "。其余的情节，还是留给各位自己去读。" * 12
    comparison = text_comparison(work, [(len(opening), len(opening) + 380, 20, 400)], page, Verdict.PARTIAL)
    capture = world.capture("https://blog.example/reviews/the-keeper", title="书评：守灯人", text=page)
    world.find("review", work, capture, comparison)


def cropped(
    world: World,
    key: str,
    work: Work,
    number: int,
    url: str,
    alter: Callable[[Image.Image], Image.Image] = lambda image: image,
    body: bytes = b"",
) -> None:
    """A faded piece of a drawing on a wallpaper page; `body` is sent in its place where given."""
    image = alter(ImageEnhance.Color(drawing(number).crop((110, 60, 650, 470))).enhance(0.7))
    page = f"http://{url.split('/')[2].split('.', 1)[1]}/art/{number}.html"
    capture = world.capture(url, body=body or as_jpeg(image), media_type="image/jpeg", found_on=page)
    comparison = Comparison(
        work_id=work.work_id,
        reference=work.references[0].digest,
        similarity=0.71,
        verdict=Verdict.COPY,
        method="local-features",
        reason=Reason.of(ReasonCode.IMAGE_LOCAL_FEATURES, inliers=143, cells=0.71),
        spans=(Span(unit=SpanUnit.BOX, query=(22, 18, 520, 395), work=(132, 78, 630, 455)),),
    )
    world.find(key, work, capture, comparison)


def as_jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()
