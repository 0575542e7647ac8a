"""No trick reaches a listener on this machine, neither as a start page nor by a redirect."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ada_url import URL

from domain.captures import FetchOutcome
from tests.crawler import crawl
from tests.crawler.site import html, redirect, serving
from tests.crawler.test_guard import TRICKS

ADDRESSES = (("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6), ("169.254.7.7", socket.AF_INET))


@contextmanager
def canary() -> Iterator[tuple[int, list[str]]]:
    """Listens on one port of every local address there is; the list names who connected."""
    heard: list[str] = []
    with ExitStack() as stack:
        port = 0
        for address, family in ADDRESSES:
            listener = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
            try:
                listener.bind((address, port))
            except OSError:
                continue  # this machine has no such address
            port = listener.getsockname()[1]
            listener.listen()
            threading.Thread(target=_listen, args=(listener, heard), daemon=True).start()
            stack.callback(listener.shutdown, socket.SHUT_RDWR)
        yield port, heard


def _listen(listener: socket.socket, heard: list[str]) -> None:
    while True:
        try:
            connection, peer = listener.accept()
        except OSError:
            return
        heard.append(str(peer))
        connection.close()


def test_the_canary_hears() -> None:
    with canary() as (port, heard):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.recv(1)
        assert len(heard) == 1


def test_start_pages_out_of_bounds_are_never_contacted(tmp_path: Path) -> None:
    with canary() as (port, heard):
        urls = [trick.format(port=port) for trick in TRICKS] + [f"http://{socket.gethostname()}:{port}/"]
        urls = [url for url in urls if _is_web(url) and "example.com" not in url]
        assert len(urls) >= 40
        hosts = sorted({URL(url).hostname.rstrip(".") for url in urls})
        errors = crawl.run(crawl.job_file(tmp_path, urls, hosts=hosts, campaign={"allow_loopback": False}))
        assert heard == []
    assert "Traceback" not in errors
    outcomes = {capture.url: capture.outcome for capture in crawl.captured(tmp_path).values()}
    assert len(outcomes) >= 30
    assert set(outcomes.values()) == {FetchOutcome.REFUSED}, outcomes


def test_redirects_out_of_bounds_are_never_followed(tmp_path: Path) -> None:
    with canary() as (port, heard):
        targets = {f"/{number}": trick.format(port=port) for number, trick in enumerate(TRICKS)}
        # The one is allowed in this crawl, the other is a path where there is a base to resolve it.
        allowed = (f"http://site.localhost:{port}/", f"http:/127.0.0.1:{port}/")
        targets = {path: target for path, target in targets.items() if target not in allowed}
        index = html("".join(f'<a href="{path}">x</a>' for path in targets))
        routes = {"/": index} | {path: redirect(target) for path, target in targets.items()}
        with serving(routes) as site:
            # A proxy that the environment names is not used either.
            errors = crawl.run(crawl.job_file(tmp_path, [site.url("/")]), http_proxy=f"http://127.0.0.1:{port}")
            assert heard == []
            captured = crawl.captured(tmp_path)
            wrong = {
                target: captured[site.url(path)].outcome
                for path, target in targets.items()
                if captured[site.url(path)].outcome not in {FetchOutcome.REFUSED, FetchOutcome.BROKEN}
            }
    assert wrong == {}
    assert "Traceback" not in errors


def _is_web(url: str) -> bool:
    try:
        return str(URL(url).protocol) in {"http:", "https:"}
    except ValueError:
        return False
