"""`works import|list|show|remove` and `works licence add`."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from domain.errors import NotFoundError, UsageError
from domain.ids import WorkId
from domain.works import Licence, LicenceSource
from monitor.cli import negatives, quarantine, thresholds
from monitor.cli.context import Invocation
from monitor.cli.output import print_json, print_table, say
from monitor.cli.progress import progress_bar
from monitor.importing import import_works
from store.catalogue.cells import CellError
from store.catalogue.licences import licence_for

app = typer.Typer(name="works", help="The register of works.", no_args_is_help=True)
licence = typer.Typer(name="licence", help="Licences of a work.", no_args_is_help=True)
app.add_typer(licence)
app.add_typer(negatives.app)
app.add_typer(quarantine.app)
app.command()(thresholds.thresholds)

SHOWN_PROBLEMS = 20
Json = Annotated[bool, typer.Option("--json", help="Print JSON only.")]


@app.command("import")
def import_(
    context: typer.Context,
    catalogue: Annotated[Path, typer.Argument(help="CSV, XLSX or JSON Lines.")],
    media: Annotated[Path | None, typer.Option(help="Folder of the reference files; else the catalogue's.")] = None,
    json: Json = False,
) -> int:
    """Import a catalogue. Good rows are kept; exit code 3 if any row was rejected."""
    call: Invocation = context.obj
    with progress_bar("importing", None, quiet=json) as step:
        done = 0

        def count(rows: int) -> None:
            nonlocal done
            done += rows
            step(done=done)

        report = import_works(call.platform, catalogue, media=media, progress=count)
    rejects = str(report.rejects_file) if report.rejects_file else None
    if json:
        problems = [
            {"row": p.row, "column": p.column, "value": p.value, "reason": p.reason, "mend": p.mend}
            for p in report.problems
        ]
        counts = {"imported": report.imported, "unchanged": report.unchanged, "rejected": report.rejected}
        print_json(counts | {"rejects_file": rejects, "problems": problems})
    else:
        say(f"{report.imported} imported, {report.unchanged} unchanged, {report.rejected} rejected.")
        if call.platform.content_prints.any() and (owed := call.platform.rematches.owed()):
            say(f"{owed} works are to be compared with what was captured before: piracy-monitor rematch")
        if report.problems:
            rows = [(p.row, p.column, p.value, p.reason, p.mend) for p in report.problems[:SHOWN_PROBLEMS]]
            print_table(f"Rejected (all of them in {rejects})", ("row", "column", "value", "reason", "mend"), rows)
    return 3 if report.rejected else 0


@app.command("list")
def list_works(context: typer.Context, json: Json = False) -> None:
    """List the registered works."""
    call: Invocation = context.obj
    counts = call.platform.works.fingerprint_counts()
    rows = ((w.work_id, w.title, w.type, w.owner, counts.get(w.work_id, 0)) for w in call.platform.works.all())
    columns = ("work_id", "title", "type", "owner", "fingerprints")
    if json:
        for row in rows:
            print_json(dict(zip(columns, row, strict=True)))
    else:
        print_table("Registered works", columns, rows)


@app.command()
def show(context: typer.Context, work_id: str) -> None:
    """Show one work as JSON."""
    call: Invocation = context.obj
    work = call.platform.works.get(WorkId(work_id))
    if work is None:
        raise NotFoundError(f"There is no work {work_id}.", "See `piracy-monitor works list`.")
    print_json(
        {
            "work_id": work.work_id,
            "title": work.title,
            "title_en": work.title_en,
            "aliases": list(work.aliases),
            "type": work.type,
            "owner": work.owner,
            "registration_number": work.registration_number,
            "isbn": work.isbn,
            "issn": work.issn,
            "isrc": work.isrc,
            "hot_from": _day(work.hot_from),
            "hot_until": _day(work.hot_until),
            "public_domain_since": _day(work.public_domain_since),
            "also_stands_in": list(work.also_stands_in),
            "licences": [_licence(lic) for lic in work.licences],
            "files": [{"name": f.name, "sha256": f.digest, "size": f.size} for f in work.references],
        }
    )


@app.command()
def remove(context: typer.Context, work_id: str) -> None:
    """Remove a work from the register; its findings stay."""
    call: Invocation = context.obj
    if not call.platform.works.remove(WorkId(work_id)):
        raise NotFoundError(f"There is no work {work_id}.", "See `piracy-monitor works list`.")
    say(f"Work {work_id} removed.")


@licence.command("add")
def add_licence(
    context: typer.Context,
    work_id: str,
    host: Annotated[str, typer.Argument(help="Host; its subdomains are included.")],
    valid_from: Annotated[str, typer.Option("--from", help="First day (ISO).")] = "",
    valid_until: Annotated[str, typer.Option("--until", help="Last day (ISO).")] = "",
) -> None:
    """Add a licence to a work, or replace the one added for that host before. Importing a catalogue leaves it alone."""
    call: Invocation = context.obj
    try:
        added = licence_for(host, valid_from, valid_until, source=LicenceSource.PERSON)
    except CellError as error:
        raise UsageError(f"The licence {error.reason}.", error.mend) from error
    call.platform.works.add_licence(WorkId(work_id), added)
    say(f"Licence for {added.host} added to {work_id}.")


def _licence(licence: Licence) -> dict[str, str | None]:
    days = {"from": _day(licence.valid_from), "until": _day(licence.valid_until)}
    return {"host": licence.host, **days, "source": licence.source}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


@licence.callback()
def _group() -> None:
    """Keep `add` a sub-command while it is the only one."""
