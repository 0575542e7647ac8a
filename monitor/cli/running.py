"""`projector` and `search rebuild`: keep the search index up with the records."""

import signal
import threading

import typer

from monitor.cli.context import Invocation
from monitor.cli.output import say
from store.projector import project, rebuild

search = typer.Typer(name="search", help="The search index.", no_args_is_help=True)

IDLE_SECONDS = 2.0
BATCH = 500


def projector(context: typer.Context) -> None:
    """Keep the search index up with the records, until interrupted."""
    call: Invocation = context.obj
    platform = call.platform
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _signal, _frame: stopped.set())
    while not stopped.is_set():
        if not project(platform.outbox, platform.findings, platform.captures, platform.search, BATCH):
            stopped.wait(IDLE_SECONDS)


@search.callback()
def _group() -> None:
    """Keep `rebuild` a sub-command while it is the only one."""


@search.command("rebuild")
def rebuild_search(context: typer.Context) -> None:
    """Make the search index anew from the records."""
    call: Invocation = context.obj
    platform = call.platform
    say(f"{rebuild(platform.findings, platform.captures, platform.search)} findings indexed.")
