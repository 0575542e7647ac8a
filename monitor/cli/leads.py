"""`leads list` and `leads export`."""

import csv
import sys
from itertools import islice
from typing import Annotated

import typer

from domain.leads import Lead, LeadKind, Nearness
from monitor.cli.context import Invocation
from monitor.cli.findings import Format
from monitor.cli.output import print_json, print_table
from monitor.exporting import disarmed

app = typer.Typer(name="leads", help="What may hide copies; a lead accuses nobody.", no_args_is_help=True)

COLUMNS = (
    "lead_id",
    "kind",
    "target",
    "code",
    "page_url",
    "host",
    "site",
    "works",
    "nearness",
    "disguise",
    "provider",
    "detail",
    "written",
    "seen_at",
    "capture_id",
    "sweep_id",
    "reason",
)
Row = dict[str, str | list[str]]


@app.command("list")
def list_leads(
    context: typer.Context,
    kind: Annotated[LeadKind | None, typer.Option(help="Only leads of this kind.")] = None,
    named: Annotated[bool, typer.Option("--named", help="Only those near a registered title.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 100,
    json: Annotated[bool, typer.Option("--json", help="Print JSON Lines only.")] = False,
) -> None:
    """List leads."""
    call: Invocation = context.obj
    every = call.platform.leads.export()
    wanted = (lead for lead in every if kind in {None, lead.kind})
    chosen = islice((lead for lead in wanted if not named or lead.nearness is not Nearness.NOWHERE), limit)
    rows = [row_of(lead, call.settings.general.language) for lead in chosen]
    if json:
        for row in rows:
            print_json(row)
        return
    columns = ("kind", "target", "code", "page_url", "reason")
    print_table(f"{len(rows)} leads", columns, [[str(row[c]) for c in columns] for row in rows])


@app.command()
def export(
    context: typer.Context,
    form: Annotated[Format, typer.Option("--format", help="JSON Lines or CSV.")] = Format.JSONL,
    json: Annotated[bool, typer.Option("--json", help="The same as --format jsonl.")] = False,
) -> None:
    """Write every lead to standard output."""
    call: Invocation = context.obj
    rows = (row_of(lead, call.settings.general.language) for lead in call.platform.leads.export())
    if json or form is Format.JSONL:
        for row in rows:
            print_json(row)
        return
    writer = csv.DictWriter(sys.stdout, COLUMNS)
    writer.writeheader()
    writer.writerows(disarmed({name: _cell(value) for name, value in row.items()}) for row in rows)


def row_of(lead: Lead, language: str) -> Row:
    """One lead by the columns of the export."""
    return {
        "lead_id": lead.lead_id,
        "kind": lead.kind,
        "target": lead.target,
        "code": lead.code,
        "page_url": lead.page_url,
        "host": lead.host,
        "site": lead.site,
        "works": list(lead.works),
        "nearness": lead.nearness,
        "disguise": lead.disguise,
        "provider": lead.provider,
        "detail": lead.detail,
        "written": lead.written,
        "seen_at": lead.seen_at.isoformat(),
        "capture_id": lead.capture_id,
        "sweep_id": lead.sweep_id,
        "reason": lead.reason.sentence(language),
    }


def _cell(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "|".join(value)
