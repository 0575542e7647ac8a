"""A large site on loopback, as fast as one process serves it: `python benchmarks/crawl_site.py PAGES`.

Prints its port. Each page holds prose of its own and links to ten further pages and to thirty that were linked before;
one in two hundred holds a registered text. /asked says how many pages were asked for and when the first and the last
of them were, and begins to count anew.
"""

import asyncio
import json
import random
import sys
import time

COPIES = 200
CHARACTERS = 1_200
WORKS = 50


def prose(seed: str, characters: int = CHARACTERS) -> str:
    """Chinese characters without meaning, in sentences, always the same for a seed."""
    chance = random.Random(seed)
    return "".join(
        "".join(map(chr, chance.choices(range(0x4E00, 0x8000), k=19))) + "。" for _ in range(characters // 20)
    )


def work(number: int) -> str:
    """The text of a registered work."""
    return prose(f"work {number}")


def page(number: int, pages: int) -> bytes:
    """One page of the site as a whole answer."""
    onward = [n for n in range(number * 10 + 1, number * 10 + 11) if n < pages]
    back = [random.Random(number).randrange(max(1, number)) for _ in range(30)] if number else []
    text = work(number // COPIES % WORKS) if number % COPIES == 7 else prose(f"page {number}")
    links = "".join(f'<li><a href="/book/{n}.html">第 {n} 章</a></li>' for n in (*onward, *back))
    paragraphs = "".join(f"<p>{text[start : start + 200]}</p>" for start in range(0, len(text), 200))
    body = (
        f"<html><head><title>第 {number} 章</title></head><body><h1>第 {number} 章</h1>"
        f"<article>{paragraphs}</article><ul>{links}</ul></body></html>"
    ).encode()
    return answer("200 OK", body)


def answer(status: str, body: bytes) -> bytes:
    """A whole answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Site:
    """The pages, and when they were asked for."""

    def __init__(self, pages: int) -> None:
        self._pages = pages
        self._times: list[float] = []

    def answer(self, path: str) -> bytes:
        """What is sent for a path."""
        number = path.removeprefix("/book/").removesuffix(".html")
        if number.isdigit() and int(number) < self._pages:
            self._times.append(time.time())
            return page(int(number), self._pages)
        if path == "/asked":
            asked = [len(self._times), *self._times[:1], *self._times[-1:]]
            self._times.clear()
            return answer("200 OK", json.dumps(asked).encode())
        return answer("404 Not Found", b"")


class Connection(asyncio.Protocol):
    """One connection to the site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while b"\r\n\r\n" in self._held:
            head, _, self._held = self._held.partition(b"\r\n\r\n")
            self._transport.write(self._site.answer(head.split(b" ", 2)[1].decode()))


async def main(pages: int) -> None:
    """Serve until killed."""
    site = Site(pages)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(site), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
