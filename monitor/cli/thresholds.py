"""`works thresholds WORK_ID [NAME=VALUE…]`."""

from typing import Annotated

import typer

from domain.errors import NotFoundError, UsageError
from domain.ids import WorkId
from monitor.cli.context import Invocation
from monitor.cli.output import print_json, print_table, say
from monitor.judging import matcher_with


def thresholds(
    context: typer.Context,
    work_id: str,
    values: Annotated[list[str] | None, typer.Argument(help="NAME=VALUE; NAME= leaves it to the settings.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON only.")] = False,
) -> None:
    """Judge one work by thresholds of its own, stricter or looser; without values, print those in force."""
    call: Invocation = context.obj
    work = call.platform.works.get(WorkId(work_id))
    if work is None:
        raise NotFoundError(f"There is no work {work_id}.", "See `piracy-monitor works list`.")
    store = call.platform.thresholds
    own: dict[str, float] = store.of(work.work_id)
    for given in values or ():
        name, _, text = given.partition("=")
        own.pop(name, None)
        if text or "=" not in given:
            own[name] = _number(given, text)
    matcher = matcher_with(call.settings.matcher, work.type, own)
    if values:
        store.replace(work.work_id, own)
        say(f"{len(own)} thresholds of {work_id} are its own from the next sweep on.")
    in_force = dict(matcher.thresholds())
    if json:
        print_json({"work_id": work_id, "own": own, "in_force": in_force})
    elif not values:
        rows = [(name, value, "own" if name in own else "") for name, value in in_force.items()]
        print_table(f"Thresholds of {work_id}", ("name", "value", ""), rows)


def _number(given: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise UsageError(f"{given!r} gives no number.", "Write it as copy_coverage=0.9.") from error
