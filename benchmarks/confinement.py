"""What reading in a confined process costs beside reading in the same process, and that both make the same.

    python benchmarks/confinement.py [COUNT]

Process time, not wall time: of this process for reading here; of this process and the reading process together for
reading there. The last line is what a content costs that crashes its reading process, the next one's start included.
"""

import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from config.loading import load_settings
from matcher.confinement.workers import ReadingFailedError, Workers
from matcher.worktypes import Content, WorkTypeMatcher
from monitor.matchers import matchers_of
from monitor.wiring import Platform
from tests.matcher.software.packing import zipped
from tests.mocksite.catalogue import STORIES
from tests.mocksite.pictures import as_jpeg, drawing

KINDS = ("image", "text", "software")


def main(count: int) -> None:
    """Print a line a kind."""
    settings = load_settings()
    one = settings.matcher.confinement.model_copy(update={"processes": 1})
    alone = settings.model_copy(update={"matcher": settings.matcher.model_copy(update={"confinement": one})})
    platform = Platform(Path("unused"), alone)
    here = {matcher.kind: matcher for matcher in matchers_of(alone.matcher)}
    there = {matcher.kind: matcher for matcher in platform.matchers}
    for kind in KINDS:
        contents = made(kind, count)
        size = sum(len(content.data) for content in contents) / count
        (direct, same), (confined, other) = timed(here[kind], contents), timed(there[kind], contents)
        if same != other:
            print(f"{kind}: DIFFERENT FINGERPRINTS")
        more = confined - direct
        print(f"{kind:9} {size / 1000:4.0f} KB  {direct:6.2f} ms here  {confined:6.2f} ms there  {more:+.2f} ms each")
    print(f"a crash: {crash(platform.workers):.0f} ms with the next process's start")
    platform.workers.close()


def timed(matcher: WorkTypeMatcher, contents: Sequence[Content]) -> tuple[float, list[object]]:
    """Milliseconds of process time a content, and what was made."""
    for content in contents[:3]:
        matcher.fingerprint(content)
    before = spent()
    made = [matcher.fingerprint(content) for content in contents]
    return 1000 * (spent() - before) / len(contents), list(made)


def spent() -> float:
    """Seconds of processor time of this process and of all that it began."""
    processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
    times = [process.cpu_times() for process in processes]
    return sum(each.user + each.system + each.children_user + each.children_system for each in times)


def crash(workers: Workers) -> float:
    """Milliseconds of process time for a content after one that ended the reading process."""
    page = b"<html>" + b"text " * 100
    request = {"name": "a.html", "media_type": "", "charset": "", "registering": False}
    before = spent()
    for _ in range(10):
        reader = max(psutil.Process().children(recursive=True), key=lambda process: process.create_time())
        reader.kill()
        with contextlib.suppress(ReadingFailedError):
            workers.run("text", request, page, seconds=30)
        workers.run("text", request, page, seconds=30)
    return 1000 * (spent() - before) / 10


def made(kind: str, count: int) -> Sequence[Content]:
    """`count` different contents of a kind."""
    if kind == "image":
        return [Content(data=as_jpeg(drawing(n)), name=f"{n}.jpg") for n in range(count)]
    stories = [path.read_text(encoding="utf-8") for path in sorted(STORIES.glob("*.txt"))]
    if kind == "text":
        pages = (f"<html><body><h1>{n}</h1><p>{stories[n % len(stories)]}</p></body></html>" for n in range(count))
        return [Content(data=page.encode(), name="a.html") for page in pages]
    packages = ({str(k): f"{n} {k} {story}".encode() for k, story in enumerate(stories)} for n in range(count))
    return [Content(data=zipped(package), name="a.zip") for package in packages]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
