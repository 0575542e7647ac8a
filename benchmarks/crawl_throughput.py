"""A sweep beside a bare Scrapy spider, over the same pages: `python benchmarks/crawl_throughput.py [PAGES] [URL]`.

The site (benchmarks/crawl_site.py) is served on loopback by a process of its own, which also takes the time, from the
first page asked for to the last. The spider (benchmarks/bare_spider.py) follows the same links with as many fetches at
once, and keeps nothing; the sweep preserves, matches and records, with fsync as in production. Processor time is that
of each side's processes within the time taken. URL is a records database that is empty; without it, SQLite in a folder
of its own.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

import psutil
from crawl_site import WORKS, work

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent
CONCURRENCY = 16
COMMAND = [sys.executable, "-m", "monitor.cli"]


class Clocked:
    """Runs a command and notes, five times a second, the processor time of its own process and of those it started."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._samples: list[tuple[float, float, float]] = []
        self._others: dict[int, float] = {}
        with tempfile.TemporaryFile() as out:
            process = psutil.Popen(command, stdout=out, env=environment, cwd=ROOT)
            while process.poll() is None:
                time.sleep(0.2)
                self._sample(process)
            out.seek(0)
            self.printed = out.read().decode()
        if process.returncode:
            raise SystemExit(f"{command} ended with {process.returncode}")

    def _sample(self, process: psutil.Process) -> None:
        try:
            own = process.cpu_times()
            for child in process.children(recursive=True):
                times = child.cpu_times()
                self._others[child.pid] = times.user + times.system
        except psutil.Error:  # one ended meanwhile; the next sample has the others
            return
        self._samples.append((time.time(), own.user + own.system, sum(self._others.values())))

    def between(self, first: float, last: float) -> tuple[float, float]:
        """Seconds of the process itself and of those it started, within a time."""
        inside = [sample for sample in self._samples if first - 0.2 <= sample[0] <= last + 0.4]
        return inside[-1][1] - inside[0][1], inside[-1][2] - inside[0][2]


def report(name: str, ran: Clocked, port: int) -> float:
    """Print how a crawl went; its pages a second."""
    with urlopen(f"http://127.0.0.1:{port}/asked") as told:
        asked, first, last = json.load(told)
    took = last - first
    own, others = ran.between(first, last)
    print(
        f"{name:12} {asked:7,} pages in {took:6.1f} s: {asked / took:6.1f} pages/s; its process "
        f"{own / asked * 1e3:5.2f} ms a page ({own / took:4.0%} of a core), those it started "
        f"{others / asked * 1e3:5.2f} ms ({others / took:4.0%})",
        flush=True,
    )
    return float(asked / took)


def prepare(data: Path, port: int, url: str) -> dict[str, str]:
    """Register the works and the campaign; the environment in which to sweep."""
    texts = data / "texts"
    texts.mkdir(parents=True)
    rows = ["title,type,owner,files"]
    for number in range(WORKS):
        (texts / f"{number}.txt").write_text(work(number), encoding="utf-8")
        rows.append(f"Work {number},text,Owner {number},{number}.txt")
    (texts / "works.csv").write_text("\n".join(rows), encoding="utf-8")
    (data / "site.toml").write_text(
        f'name = "site"\nhosts = ["127.0.0.1"]\nstart_urls = ["http://127.0.0.1:{port}/book/0.html"]\n'
        f"delay_seconds = 0\nconcurrency = {CONCURRENCY}\nmax_pages = 10000000\nmax_depth = 100\n",
        encoding="utf-8",
    )
    (data / "campaign.toml").write_text(
        'name = "speed"\nsites = ["site"]\nallow_loopback = true\nmax_fetches = 10000000\n', encoding="utf-8"
    )
    environment = os.environ | {"PIRACY_MONITOR_DATA": str(data), "PIRACY_MONITOR_DATABASE__URL": url}
    for arguments in (
        ["works", "import", str(texts / "works.csv")],
        ["sites", "add", str(data / "site.toml")],
        ["campaigns", "add", str(data / "campaign.toml")],
    ):
        subprocess.run([*COMMAND, *arguments], check=True, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    return environment


def main(pages: int, url: str) -> None:
    """Run both and print the figures."""
    serving = [sys.executable, str(HERE / "crawl_site.py"), str(pages)]
    with tempfile.TemporaryDirectory() as folder, psutil.Popen(serving, stdout=subprocess.PIPE) as server:
        try:
            port = int(server.stdout.readline())
            spider = [sys.executable, str(HERE / "bare_spider.py"), f"http://127.0.0.1:{port}/book/0.html"]
            peer = report("bare Scrapy", Clocked([*spider, str(CONCURRENCY)], dict(os.environ)), port)
            environment = prepare(Path(folder), port, url)
            swept = Clocked([*COMMAND, "sweep", "speed", "--json"], environment)
            ours = report("sweep", swept, port)
            print(swept.printed.strip())
        finally:
            server.kill()
    print(f"the sweep reaches {ours / peer:.0%} of the spider's pages a second")


if __name__ == "__main__":
    given = sys.argv[1:]
    main(
        next((int(each) for each in given if each.isdigit()), 20_000),
        next((each for each in given if "://" in each), ""),
    )
