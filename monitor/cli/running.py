"""The long-lived roles: `up`, `console`, `projector`, `dispatcher`, and `search rebuild`."""

import signal
import threading
from collections.abc import Callable
from typing import Annotated

import typer
import uvicorn

from alerts.dispatch import deliver, gather
from console.app import ConsoleStores, create_app
from monitor.cli.context import Invocation
from monitor.cli.output import say
from monitor.supervisor import own_command, supervise
from monitor.wiring import Platform, system_clock
from store.projector import project, rebuild

search = typer.Typer(name="search", help="The search index.", no_args_is_help=True)

IDLE_SECONDS = 2.0


def up(context: typer.Context) -> None:
    """Run console, scheduler, dispatcher and projector together, until interrupted."""
    call: Invocation = context.obj
    call.platform.database.close()
    given = ["--data", str(call.data)]
    if call.settings_file:
        given += ["--settings", str(call.settings_file)]
    roles = {
        "console": own_command(*given, "console"),
        "scheduler": own_command(*given, "schedule", "run"),
        "dispatcher": own_command(*given, "dispatcher"),
        "projector": own_command(*given, "projector"),
    }
    address = f"http://{call.settings.console.host}:{call.settings.console.port}"
    say(f"Console at {address}; interrupt to stop.")
    supervise(roles, say)


def console(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Serve the review console."""
    call: Invocation = context.obj
    platform, settings = call.platform, call.settings
    stores = ConsoleStores(
        accounts=platform.accounts,
        findings=platform.findings,
        captures=platform.captures,
        works=platform.works,
        search=platform.search,
        vault=platform.vault,
        references=platform.references,
        outbox=platform.outbox,
    )
    app = create_app(stores, settings.console, clock=system_clock, language=settings.general.language)
    uvicorn.run(app, host=host or settings.console.host, port=settings.console.port if port is None else port)


def projector(context: typer.Context) -> None:
    """Keep the search index up with the records, until interrupted."""
    call: Invocation = context.obj
    platform = call.platform
    _repeat(lambda: bool(project(platform.outbox, platform.findings, platform.captures, platform.search, 500)))


def dispatcher(context: typer.Context) -> None:
    """Send the alerts that are owed, until interrupted."""
    call: Invocation = context.obj
    _repeat(lambda: dispatch_once(call.platform))


@search.command("rebuild")
def rebuild_search(context: typer.Context) -> None:
    """Make the search index anew from the records."""
    call: Invocation = context.obj
    platform = call.platform
    count = rebuild(platform.findings, platform.captures, platform.search)
    say(f"{count} findings indexed.")


def _repeat(step: Callable[[], bool]) -> None:
    """Run `step` for as long as it finds work, then every two seconds, until SIGINT or SIGTERM."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _signal, _frame: stopped.set())
    while not stopped.is_set():
        if not step():
            stopped.wait(IDLE_SECONDS)


def dispatch_once(platform: Platform) -> bool:
    raise NotImplementedError
