"""The main job on a bundled site, from an empty folder to scored findings."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.runner import Progress
from domain.errors import UsageError
from domain.findings import Finding
from monitor.importing import import_works
from monitor.scoring import Score, Truth, score
from monitor.sweeps import SweepReport, run_sweep
from monitor.wiring import Platform
from store.profiles import load_campaign, load_site

SOURCE_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoResult:
    """What the demonstration found, and where to look."""

    report: SweepReport
    findings: tuple[Finding, ...]
    score: Score


@contextmanager
def bundled_site(folder: Path) -> Iterator[None]:
    """Serve the bundled site on loopback; its catalogue, profiles and truth are written into `folder` first.

    Raises `UsageError` when the program was installed without its source tree, which holds the site.
    """
    if not (SOURCE_ROOT / "tests" / "mocksite").is_dir():
        raise UsageError("The bundled site is part of the source tree.", "Clone the project and run `make demo` in it.")
    command = [sys.executable, "-m", "tests.mocksite", "--port", "0", "--write", str(folder)]
    site = subprocess.Popen(command, cwd=SOURCE_ROOT, stdout=subprocess.PIPE)  # noqa: S603 - our own command line
    try:
        ready = site.stdout.readline() if site.stdout else b""
        if not ready:
            raise UsageError("The bundled site did not start.", "Its own message is above; mend that and try again.")
        json.loads(ready)
        yield
    finally:
        site.terminate()
        site.wait()
        if site.stdout:
            site.stdout.close()


def run_demo(
    platform: Platform, *, say: Callable[[str], None], on_progress: Callable[[Progress], None] | None = None
) -> DemoResult:
    """Register the bundled works, sweep the bundled site, and score what was found. Starts from an empty folder."""
    root = platform.folder.root
    shutil.rmtree(root, ignore_errors=True)
    material = root / "material"
    with bundled_site(material):
        say("Registering the bundled works …")
        import_works(platform, material / "catalogue.csv", media=material)
        for profile in sorted((material / "sites").glob("*.toml")):
            platform.campaigns.put_site(load_site(profile))
        campaign = load_campaign(material / "campaign.toml")
        platform.campaigns.put_campaign(campaign, platform.clock())
        say("Sweeping the bundled site …")
        report = run_sweep(platform, campaign.name, on_progress=on_progress)
    findings = tuple(platform.findings.export())
    truth = Truth.read(material / "truth.json")
    return DemoResult(report=report, findings=findings, score=score(findings, truth))
