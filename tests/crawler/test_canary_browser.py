"""No trick reaches a listener on this machine through the browser either, whatever a page does to get there."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager, suppress
from typing import Any

import psutil
import pytest
from playwright.async_api import Browser, Error, Page, async_playwright

from crawler.guard import Guard
from crawler.rendering.chromium import launch
from crawler.rendering.deciding import INSTALL, browser_program
from crawler.rendering.proxy import GuardProxy
from domain.errors import GuardRefusalError
from tests.crawler.site import html, redirect, serving
from tests.crawler.test_canary import canary
from tests.crawler.test_guard import TRICKS

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("browser")]
ORIGIN = "http://page.example/"
SECONDS = 4.0

# Every way in which a page can make a browser fetch an address; each gets all tricks.
WAYS = """
const wait = ms => new Promise(done => setTimeout(done, ms));
const add = (tag, set) => { const e = document.createElement(tag); set(e); document.body.appendChild(e); };
window.tried = 0;
window.attack = async urls => {
  for (const url of urls) {
    const ways = [
      () => { new Image().src = url; },
      () => fetch(url, {mode: 'no-cors'}).catch(() => 0),
      () => fetch(url, {method: 'POST', mode: 'no-cors', body: 'x', keepalive: true}).catch(() => 0),
      () => { const x = new XMLHttpRequest(); x.open('GET', url); x.onerror = () => 0; x.send(); },
      () => { const s = new WebSocket(url.replace(/^http/, 'ws')); s.onerror = () => 0; },
      () => { const s = new EventSource(url); setTimeout(() => s.close(), 500); },
      () => navigator.sendBeacon(url, 'x'),
      () => add('iframe', e => { e.src = url; }),
      () => add('script', e => { e.src = url; }),
      () => add('video', e => { e.src = url; e.preload = 'auto'; }),
      () => add('object', e => { e.data = url; }),
      () => add('link', e => { e.rel = 'stylesheet'; e.href = url; }),
      () => add('link', e => { e.rel = 'preconnect'; e.href = url; }),
      () => add('link', e => { e.rel = 'dns-prefetch'; e.href = url; }),
      () => add('link', e => { e.rel = 'prefetch'; e.href = url; }),
      () => add('div', e => { e.style.background = `url("${url}")`; e.textContent = 'x'; }),
      () => {
        const body = `fetch(${JSON.stringify(url)}, {mode: 'no-cors'})`;
        return new Worker(URL.createObjectURL(new Blob([body])));
      },
      () => navigator.serviceWorker && navigator.serviceWorker.register(url).catch(() => 0),
      () => add('form', e => { e.action = url; e.method = 'post'; e.target = 'f' + window.tried; e.submit(); }),
      () => { window.open(url); },
    ];
    for (const way of ways) { try { way(); window.tried += 1; } catch (error) { window.tried += 1; } }
    await wait(5);
  }
  await wait(1500);
};
"""
WEBRTC = """async ([address, tcp, udp]) => {
  const servers = [
    {urls: `stun:${address}:${udp}`},
    {urls: `turn:${address}:${udp}?transport=udp`, username: 'u', credential: 'p'},
    {urls: `turn:${address}:${tcp}?transport=tcp`, username: 'u', credential: 'p'},
    {urls: `turns:${address}:${tcp}?transport=tcp`, username: 'u', credential: 'p'},
  ];
  const found = [];
  for (const policy of ['all', 'relay']) {
    const peer = new RTCPeerConnection({iceServers: servers, iceTransportPolicy: policy, iceCandidatePoolSize: 4});
    peer.onicecandidate = event => event.candidate && found.push(event.candidate.candidate);
    peer.createDataChannel('x');
    await peer.setLocalDescription(await peer.createOffer());
    const other = new RTCPeerConnection();
    await other.setRemoteDescription(peer.localDescription);
    await other.setLocalDescription(await other.createAnswer());
    await peer.setRemoteDescription(other.localDescription);
    for (const port of [tcp, udp]) {
      for (const kind of ['udp', 'tcp']) {
        const end = kind === 'tcp' ? ' tcptype passive' : '';
        const line = `candidate:1 1 ${kind} 2130706431 ${address} ${port} typ host${end}`;
        await peer.addIceCandidate({candidate: line, sdpMid: '0', sdpMLineIndex: 0}).catch(() => 0);
      }
    }
  }
  await new Promise(done => setTimeout(done, 3000));
  return found;
}"""


@contextmanager
def udp_canary() -> Iterator[tuple[int, list[str]]]:
    """Listens for datagrams on every local address there is."""
    heard: list[str] = []
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        listener.bind(("0.0.0.0", 0))  # noqa: S104 - it is to hear whatever arrives
        listener.settimeout(0.1)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                with suppress(TimeoutError):
                    heard.append(str(listener.recvfrom(100)))

        thread = threading.Thread(target=listen)
        thread.start()
        stack.callback(thread.join)
        stack.callback(over.set)
        yield listener.getsockname()[1], heard


@asynccontextmanager
async def browsing(guard: Guard, **options: Any) -> AsyncIterator[tuple[Browser, GuardProxy]]:
    """The browser as a sweep starts it, with nothing else in the way of a page: only flags and proxy protect."""
    path = browser_program()
    if path is None:
        pytest.skip(f"needs Chromium: {INSTALL}")
    async with AsyncExitStack() as stack:
        proxy = GuardProxy(guard, max_connections=200, max_bytes=1_000_000, seconds=20.0, **options)
        await proxy.start()
        stack.push_async_callback(proxy.close)
        playwright = await stack.enter_async_context(async_playwright())
        browser = await launch(playwright, path, proxy, heap_bytes=256 * 2**20)
        stack.push_async_callback(browser.close)
        yield browser, proxy


async def opened(browser: Browser, url: str = ORIGIN) -> Page:
    """A page of an origin that is answered here, without a network."""
    page = await browser.new_page(ignore_https_errors=True)
    body = f"<!DOCTYPE html><title>t</title><body><script>{WAYS}</script>"
    await page.route(url, lambda route: route.fulfill(body=body, content_type="text/html"))
    await page.goto(url)
    return page


def connections() -> list[Any]:
    """The connections of the browser's processes to anything that is not the driver."""
    found: list[Any] = []
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if "chrom" in process.name():
                held: list[Any] = list(process.net_connections("inet"))
                found += [c for c in held if c.raddr or c.type == socket.SOCK_DGRAM]
    return found


def test_the_canaries_hear_an_unguarded_browser() -> None:
    """Without proxy and flags the same page does reach them: the tests below can fail."""

    async def attack(port: int, udp: int) -> None:
        path = browser_program()
        if path is None:
            pytest.skip(f"needs Chromium: {INSTALL}")
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            page = await opened(browser, f"http://127.0.0.1:{port}/page")
            with suppress(Error):
                await page.evaluate("urls => window.attack(urls)", [f"http://127.0.0.1:{port}/"])
            await page.evaluate(WEBRTC, ["127.0.0.1", port, udp])
            await browser.close()

    with canary() as (port, heard), udp_canary() as (udp, datagrams):
        asyncio.run(attack(port, udp))
        assert len(heard) >= 8
        assert datagrams


def test_no_page_reaches_this_machine_by_any_trick() -> None:
    urls = [*TRICKS, f"http://{socket.gethostname()}:{{port}}/"]

    async def attack(port: int) -> tuple[int, int, list[Any]]:
        async with browsing(Guard()) as (browser, proxy):
            seen: list[Any] = []
            tried = 0
            for start in range(0, len(urls), 8):
                page = await opened(browser)
                some = [url.format(port=port) for url in urls[start : start + 8]]
                with suppress(Error, TimeoutError):  # a page may lose itself by its own tricks
                    await asyncio.wait_for(page.evaluate("urls => window.attack(urls)", some), 30)
                seen += connections()
                with suppress(Error):
                    tried += await page.evaluate("window.tried")
                await page.context.close()
            port_of_proxy = int(proxy.address.rpartition(":")[2])
            return tried, len(proxy.refused), [c for c in seen if c.raddr and c.raddr.port != port_of_proxy]

    with canary() as (port, heard):
        tried, refused, others = asyncio.run(attack(port))
        assert heard == []
    assert tried >= 20 * 60
    assert refused >= 300
    assert others == []


def test_webrtc_reaches_nothing() -> None:
    async def attack(port: int, udp: int) -> list[str]:
        async with browsing(Guard()) as (browser, _):
            page = await opened(browser)
            found: list[str] = []
            for address in ("127.0.0.1", socket.gethostbyname(socket.gethostname()), "localhost"):
                found += await page.evaluate(WEBRTC, [address, port, udp])
            # Sockets there are, and nothing is sent from them; one for multicast names would send of its own accord.
            datagram = [c for c in connections() if c.type == socket.SOCK_DGRAM]
            assert [c for c in datagram if c.raddr or c.laddr.port == 5353] == []
            return found

    with canary() as (port, heard), udp_canary() as (udp, datagrams):
        candidates = asyncio.run(attack(port, udp))
        assert (heard, datagrams) == ([], [])
    assert [c for c in candidates if " host " in c or " srflx " in c] == []


def test_redirects_lead_nowhere_either() -> None:
    async def attack(page_url: str, paths: list[str]) -> int:
        guard = Guard(allow_loopback=True, hosts=("site.localhost",))
        async with browsing(guard) as (browser, proxy):
            page = await browser.new_page()
            await page.goto(page_url)
            script = """async paths => {
              for (const path of paths) {
                new Image().src = path;
                fetch(path, {mode: 'no-cors'}).catch(() => 0);
                navigator.serviceWorker && navigator.serviceWorker.register('/sw.js').catch(() => 0);
                const frame = document.createElement('iframe'); frame.src = path; document.body.appendChild(frame);
              }
              await new Promise(done => setTimeout(done, 3000));
            }"""
            for start in range(0, len(paths), 12):
                await page.evaluate(script, paths[start : start + 12])
            for path in paths[:20]:
                other = await browser.new_page()
                with suppress(Error):
                    await other.goto(page_url.rstrip("/") + path, timeout=3000)
                await other.close()
            return len(proxy.refused)

    with canary() as (port, heard):
        targets = {f"/{number}": trick.format(port=port) for number, trick in enumerate(TRICKS)}
        allowed = (f"http://site.localhost:{port}/", f"http:/127.0.0.1:{port}/")
        targets = {path: target for path, target in targets.items() if target not in allowed}
        worker = f"self.addEventListener('install', () => fetch('http://127.0.0.1:{port}/', {{mode: 'no-cors'}}))"
        routes = {"/": html("x"), "/sw.js": html(worker)} | {p: redirect(t) for p, t in targets.items()}
        with serving(routes) as site:
            refused = asyncio.run(attack(site.url("/"), list(targets)))
            assert heard == []
            assert sum(site.asked[path] for path in targets) >= 2 * len(targets)
    assert refused >= len(targets)


class _StandIn(Guard):
    """127.0.0.2 stands in for the public internet, which no test may reach; everything else is out of bounds."""

    def check_url(self, url: str) -> None:
        """Names are judged by what they resolve to."""

    def check_address(self, address: str) -> None:
        """One address is public."""
        if address != "127.0.0.2":
            raise GuardRefusalError(f"{address} was refused", "")


@pytest.mark.parametrize("later", [["127.0.0.1"], ["127.0.0.2", "127.0.0.1"], ["127.0.0.1", "127.0.0.2"], ["::1"]])
def test_a_name_that_points_elsewhere_a_moment_later_is_judged_anew(later: list[str]) -> None:
    asked: list[str] = []
    served: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.2"] if len(asked) == 1 else later

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append((await reader.readuntil(b"\r\n\r\n")).decode().splitlines()[0])
        writer.write(html("<p id='here'>here</p>"))
        await writer.drain()
        writer.close()

    async def attack(port: int) -> None:
        server = await asyncio.start_server(answer, "127.0.0.2", port)
        async with server, browsing(_StandIn(), resolve=resolve) as (browser, _):
            page = await browser.new_page()
            await page.goto(f"http://rebind.example:{port}/")
            assert await page.inner_text("#here") == "here"
            for way in ("fetch(u).catch(() => 0)", "(new Image().src = u, 0)", "(new WebSocket('ws' + u.slice(4)), 0)"):
                await page.evaluate(f"u => {way}", f"http://rebind.example:{port}/again")
            await asyncio.sleep(1.0)

    with canary() as (port, heard):
        asyncio.run(attack(port))
        assert heard == []
    assert len(asked) >= 3
    assert [line for line in served if "again" in line] == []


def test_the_address_that_was_judged_is_the_one_connected_to() -> None:
    """A name is asked for once a connection, so there is no moment in which it could change."""
    asked: list[str] = []
    peers: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.2"] if len(asked) % 2 else ["127.0.0.1"]

    async def ask(proxy: GuardProxy, port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(proxy.address.rpartition(":")[2]))
        import base64

        password = base64.b64encode(f"{proxy.username}:{proxy.password}".encode()).decode()
        head = f"GET http://a.example:{port}/ HTTP/1.1\r\nHost: a\r\nProxy-Authorization: Basic {password}\r\n\r\n"
        writer.write(head.encode())
        told = await reader.read()
        writer.close()
        return told

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peers.append(writer.get_extra_info("sockname")[0])
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
        await writer.drain()
        writer.close()

    async def run() -> list[bytes]:
        server = await asyncio.start_server(answer, "0.0.0.0", 0)  # noqa: S104 - both loopback addresses must be there
        port = server.sockets[0].getsockname()[1]
        proxy = GuardProxy(_StandIn(), max_connections=9, max_bytes=1000, seconds=5.0, resolve=resolve)
        await proxy.start()
        async with server:
            told = [await ask(proxy, port) for _ in range(10)]
        await proxy.close()
        return told

    told = asyncio.run(run())
    assert [answer.split(b" ")[1] for answer in told] == [b"200", b"403"] * 5
    assert peers == ["127.0.0.2"] * 5
    assert len(asked) == 10
