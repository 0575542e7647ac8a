"""The program of the reading processes: `python -m monitor.reading SOCKET…`.

Its standard input is the matcher's settings as JSON.
"""

import sys

import cv2
from PIL import Image

from config.settings import MatcherSettings
from crawler.readers import own_readers, reader_tasks
from crawler.reading import TASK, page_task
from crawler.shares import checkers
from matcher.confinement.matcher import fingerprinting, warm
from matcher.confinement.serving import serve
from monitor.matchers import OWN_PROCESS, matchers_of

FEED = b"<rss><channel><item><link>http://localhost/</link></item></channel></rss>"
# Brings every reader of a page into memory.
PAGE = """<html><body><a href='/x'>x</a><p>pan.quark.cn/s/x 繁體 aHR0cDovL2V4YW1wbGUuZXhhbXBsZS94</p>
<script>var player_a={"url":"%u0068"}</script></body></html>"""

# Of a page that is mostly links the main text is sought in more than one way, with lists of words read from files.
LINKS = "".join(f"<a href=/{number}>第{number}章 海边的灯</a> " for number in range(120))
LIST = f"<html><body><nav>{LINKS}</nav><p>短</p></body></html>"


def main() -> None:
    """Load everything, then fork reading processes until the sockets are closed."""
    settings = MatcherSettings.model_validate_json(sys.stdin.buffer.read())
    # A thread would not survive the fork, and what Pillow loads when it first meets a format would come too late.
    cv2.setNumThreads(1)
    Image.init()
    matchers = [matcher for matcher in matchers_of(settings) if matcher.type not in OWN_PROCESS]
    for matcher in matchers:
        warm(matcher)
    tasks = {matcher.kind: fingerprinting(matcher) for matcher in matchers}
    for page in (PAGE, LIST):
        page_task({"url": "http://localhost/", "charset": "", "status": 200, "headers": []}, page.encode())
    readers = own_readers(settings.image)
    for example in (each for matcher in matchers for each in matcher.examples()):
        readers.links(example.query.data)
    readers.listing("http://localhost/", FEED, "")
    readers.listing("http://localhost/", b'{"pagecount":1,"list":[{"vod_id":1}]}', "")
    readers.results("http://localhost/", PAGE.encode(), "", "a")
    readers.playlist("http://localhost/", b"<MPD><Period/></MPD>", 1)
    tasks |= {TASK: page_task, checkers.TASK: checkers.share_task, **reader_tasks(readers)}
    serve(tasks, [int(number) for number in sys.argv[1:]], settings.confinement.memory_bytes)


if __name__ == "__main__":
    main()
