"""`backup create|verify|restore`."""

from pathlib import Path
from typing import Annotated

import typer

from monitor import backups
from monitor.cli.context import Invocation
from monitor.cli.output import print_json, print_table, say

app = typer.Typer(
    name="backup", help="Records, settings and the list of evidence, for another day.", no_args_is_help=True
)

Folder = Annotated[Path, typer.Argument(help="The backup's folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON only.")]


@app.command()
def create(context: typer.Context, folder: Folder, json: Json = False) -> None:
    """Back the records and settings up into a new folder, with a list of what the vaults hold."""
    call: Invocation = context.obj
    made = backups.create(call.platform, folder, call.settings_file)
    if json:
        print_json(_as_json(made))
        return
    say(f"{sum(made.rows.values()):,} rows of {len(made.rows)} tables backed up to {folder}, manifest {made.digest}.")
    for vault, files in made.vault_files.items():
        say(f"Its {files:,} files of {vault} stay in {call.platform.folder.root / vault}: copy those that are new too.")


@app.command()
def verify(context: typer.Context, folder: Folder, json: Json = False) -> int:
    """Check a backup, and that every vault file it lists is there. Exit code 3 when something is wrong."""
    call: Invocation = context.obj
    made = backups.opened(folder)
    problems = list(backups.problems_of(call.platform, folder))
    if json:
        print_json(_as_json(made) | {"ok": not problems, "problems": problems})
    elif problems:
        print_table("Problems", ("problem",), [(problem,) for problem in problems])
    else:
        say(f"As it was made at {made.made_at.isoformat()}, and every file of the vaults is there.")
    return 3 if problems else 0


@app.command()
def restore(context: typer.Context, folder: Folder, json: Json = False) -> None:
    """Fill an empty records database from a backup."""
    call: Invocation = context.obj
    made = backups.restore(call.platform, folder)
    if json:
        print_json(_as_json(made))
        return
    say(f"{sum(made.rows.values()):,} rows restored, as of {made.made_at.isoformat()}.")
    if (folder / backups.SETTINGS).is_file():
        say(f"The settings of that time are in {folder / backups.SETTINGS}; put them where yours are.")
    say("Copy the vaults' files back, check with `backup verify`, then run `index build` and `search rebuild`.")


def _as_json(made: backups.Backup) -> dict[str, object]:
    return {
        "backup": str(made.folder),
        "made_at": made.made_at.isoformat(),
        "schema": made.schema,
        "rows": sum(made.rows.values()),
        "vault_files": dict(made.vault_files),
        "digest": made.digest,
    }
