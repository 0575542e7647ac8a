"""`evidence verify`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from domain.errors import NotFoundError
from domain.evidence import EvidenceVerdict
from evidence.verification import verify as verify_evidence
from monitor.cli.output import print_json, print_table, printed

app = typer.Typer(name="evidence", help="Check preserved evidence.", no_args_is_help=True)

VERDICTS = {
    EvidenceVerdict.VALID: "valid: every file is what it was, and a trusted timestamp says since when",
    EvidenceVerdict.UNTIMED: "untimed: every file is what it was, but no trusted timestamp says since when",
    EvidenceVerdict.NOT_CLEAN: "not clean: the files are intact, but the capturing machine was not shown to be",
    EvidenceVerdict.INVALID: "INVALID: something was changed, is missing or was added",
}


@app.callback()
def _group() -> None:
    """Keep `verify` a sub-command while it is the only one."""


@app.command()
def verify(
    path: Annotated[Path, typer.Argument(help="An evidence folder.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON only.")] = False,
) -> int:
    """Check that nothing in an evidence folder was changed, lost or added. Exit code 0 only for "valid"."""
    if not path.is_dir():
        raise NotFoundError(f"{path} is no folder.", "Name the evidence folder inside the data folder.")
    report = verify_evidence(path)
    problems = [asdict(problem) for problem in report.problems]
    if json:
        print_json({"verdict": report.verdict, "checked": report.checked, "problems": problems})
    else:
        printed.print(f"{report.checked} files checked; {VERDICTS[report.verdict]}", markup=False)
        if problems:
            rows = [(p.item, p.problem, p.mend) for p in report.problems]
            print_table("Problems", ("item", "problem", "how to go on"), rows)
    return 0 if report.verdict is EvidenceVerdict.VALID else 3
