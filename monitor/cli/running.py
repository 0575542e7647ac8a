"""The roles that run until they are stopped (`projector`, `dispatcher`), and `search rebuild`."""

import signal
import threading
from collections.abc import Callable
from typing import Annotated

import typer

from monitor.cli.context import Invocation
from monitor.cli.output import say
from monitor.indexing import IDLE_SECONDS, index_batch, rebuild_search

search = typer.Typer(name="search", help="The search index.", no_args_is_help=True)


def projector(context: typer.Context) -> None:
    """Keep the search index up with the records, until interrupted."""
    call: Invocation = context.obj
    until_stopped(lambda: index_batch(call.platform) > 0)


def dispatcher(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, and end.")] = False,
) -> int:
    """Send alerts to subscribers and administrators, until interrupted. With --once: 3 if an attempt failed."""
    call: Invocation = context.obj
    sender = call.platform.dispatcher()
    if not once:
        until_stopped(lambda: sender.round().planned > 0)
        return 0
    tally = sender.round()
    say(f"{tally.planned} alerts planned, {tally.delivered} delivered, {tally.failed} attempts failed.")
    return 3 if tally.failed else 0


def until_stopped(work: Callable[[], bool], idle_seconds: float = IDLE_SECONDS) -> None:
    """Do `work` again and again until SIGINT or SIGTERM, with a pause whenever it says that there was nothing to do."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _signal, _frame: stopped.set())
    while not stopped.is_set():
        if not work():
            stopped.wait(idle_seconds)


@search.callback()
def _group() -> None:
    """Keep `rebuild` a sub-command while it is the only one."""


@search.command("rebuild")
def rebuild(context: typer.Context) -> None:
    """Make the search index anew from the records; searches see the old one until it is done."""
    call: Invocation = context.obj
    say(f"{rebuild_search(call.platform)} findings indexed.")
