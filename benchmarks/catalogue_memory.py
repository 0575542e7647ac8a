"""Memory and speed of importing a catalogue of 1,000,000 rows: `python benchmarks/catalogue_memory.py [ROWS]`.

Beside it, as the peer, Python's own csv module reading the same file into a list of dictionaries.
"""

import csv
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
MEASURED = "import resource, runpy, sys; sys.argv = sys.argv[1:]\n"
PEAK = "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)"
IMPORT = f"{MEASURED}from monitor.cli.main import run\nrun(sys.argv[1:])\n{PEAK}"
PEER = f"{MEASURED}import csv\nrows = list(csv.DictReader(open(sys.argv[1], encoding='utf-8')))\n{PEAK}"


def write(path: Path) -> None:
    """A catalogue of ROWS good rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("title", "title_en", "type", "owner", "registration_number", "licensed_hosts"))
        for n in range(ROWS):
            host = f"shop{n % 97}.example@2026-01-01..2026-12-31" if n % 3 == 0 else ""
            writer.writerow(
                (f"作品第{n}号", f"Work {n}", "text", f"著作权人{n % 5000}", f"国作登字-2026-A-{n:08}", host)
            )


def measured(script: str, *arguments: str) -> tuple[float, int, str]:
    """Seconds, peak resident megabytes and standard output of a script in a fresh process."""
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", script, "x", *arguments], capture_output=True, text=True, check=True)
    return time.perf_counter() - begun, int(done.stderr.split()[-1]), done.stdout


with tempfile.TemporaryDirectory() as folder:
    catalogue = Path(folder) / "catalogue.csv"
    write(catalogue)
    size = catalogue.stat().st_size / 1e6
    seconds, peak, out = measured(IMPORT, "--data", f"{folder}/data", "works", "import", str(catalogue), "--json")
    report = json.loads(out)
    print(f"{ROWS:,} rows, {size:.0f} MB: {report['imported']:,} imported, {report['rejected']} rejected")
    print(f"works import   {peak:6} MB peak  {ROWS / seconds:10,.0f} rows/s (checked and stored)")
    seconds, peak, _ = measured(PEER, str(catalogue))
    print(f"csv.DictReader {peak:6} MB peak  {ROWS / seconds:10,.0f} rows/s (read only, all kept)")
