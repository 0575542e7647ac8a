"""`console`: serve the review console."""

import signal
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from console.app import create_app
from domain.errors import UsageError
from monitor.cli.context import Invocation
from monitor.cli.output import printed, say
from monitor.indexing import keep_search_up
from monitor.wiring import Platform

LOOPBACK = ("127.", "::1", "localhost")
RETRY_SECONDS = 30.0


def console(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on (else console.host).")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65_535, help="Port (else console.port; 0: any).")] = None,
) -> None:
    """Serve the review console, until interrupted; keeps the search index up meanwhile."""
    call: Invocation = context.obj
    platform, settings = call.platform, call.settings.console
    chosen_host, chosen_port = settings.host if host is None else host, settings.port if port is None else port
    app = create_app(platform.console_stores(), settings, clock=platform.clock, language=call.settings.general.language)
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, access_log=False, server_header=False, proxy_headers=False)
    )
    with _listening(chosen_host, chosen_port) as listener, _indexing(platform):
        if not platform.accounts.users():
            say(f"There is no user yet. Add one: piracy-monitor --data {platform.folder.root} users add NAME")
        if not settings.secure_cookies and not chosen_host.startswith(LOOPBACK):
            say("Passwords would cross the network in the clear: put a TLS proxy before it (docs/console.md).")
        printed.print(f"Console: {address_of(chosen_host, listener.getsockname()[1])}", markup=False)
        server.run(sockets=[listener])


def address_of(host: str, port: int) -> str:
    """Where a browser on this machine finds the console."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise UsageError(
            f"Cannot listen on {host} port {port} ({error.strerror}).", "Choose another --port."
        ) from error
    with listener:
        yield listener


@contextmanager
def _indexing(platform: Platform) -> Iterator[None]:
    """Keep the index up in a thread of its own; ends with the server, which passes the signals on."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _signal, _frame: stopped.set())
    thread = threading.Thread(target=_keep_up, args=(platform, stopped), name="indexing")
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _keep_up(platform: Platform, stopped: threading.Event) -> None:
    """Pages say how far the index is behind, so a database that is away for a while need not end the console."""
    while not stopped.is_set():
        try:
            keep_search_up(platform, stopped)
        except (SQLAlchemyError, sqlite3.Error) as error:
            say(f"Indexing failed and is tried again: {error}")
            stopped.wait(RETRY_SECONDS)
