"""What a sweep finds of what the mock network plants, by form: `python -m benchmarks.network_recall [--sites A,B]`.

Serves tests/mocknet on loopback, registers its works, sweeps its campaign with the commands a person would use, and
scores findings, leads and outcomes against the truth.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from config.loading import load_settings
from monitor.wiring import Platform
from tests.mocknet.profiles import write_all
from tests.mocknet.scoring import FoundLead, Scorer
from tests.mocknet.server import serve


def main() -> None:
    """Sweep and print the table."""
    given = _arguments()
    with serve() as running, tempfile.TemporaryDirectory() as scratch:
        folder = Path(given.folder or scratch)
        campaign = write_all(running.network, folder)
        sites = sorted(given.sites.split(",")) if given.sites else sorted(s.stem for s in (folder / "sites").iterdir())
        named = ", ".join(f'"{site}"' for site in sites)
        campaign.write_text(f'name = "network"\nsites = [{named}]\nallow_loopback = true\n', encoding="utf-8")
        _command(folder, "works", "import", str(folder / "catalogue.csv"))
        for site in sites:
            _command(folder, "sites", "add", str(folder / "sites" / f"{site}.toml"))
        _command(folder, "campaigns", "add", str(campaign))
        began = time.monotonic()
        told = json.loads(_command(folder, "sweep", "network", "--json"))
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(json.dumps(told, ensure_ascii=False))
        print(f"{time.monotonic() - began:.0f} s by the clock, {used.ru_utime + used.ru_stime:.0f} s of processor time")
        platform = Platform(folder / "data", load_settings(None, {}))
        leads = [
            FoundLead(kind=each.kind, target=each.target, page=each.page_url, work_ids=frozenset(each.works))
            for each in platform.leads.export()
        ]
        outcomes = {each.canonical_url: each.outcome.value for each in platform.captures.of_sweep(told["sweep_id"])}
        score = Scorer(running.network.truth).score(platform.findings.export(), leads, outcomes)
        print(score.table())
        for rows in (score.missed, score.false_findings, score.wrong_leads):
            print(*sorted(rows), sep="\n", end="\n\n")


def _arguments() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.network_recall")
    arguments.add_argument("--sites", default="", help="only these, by name, parted by commas")
    arguments.add_argument("--folder", default="", help="where the material and the records are kept")
    return arguments.parse_args()


def _command(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "monitor.cli", "--data", str(folder / "data"), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=dict(os.environ)).stdout


if __name__ == "__main__":
    main()
