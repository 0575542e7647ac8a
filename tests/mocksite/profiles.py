"""The site's profiles, campaign and truth as files, for a port."""

import json
from collections.abc import Sequence
from pathlib import Path

from tests.mocksite.maze import MAZE
from tests.mocksite.site import HOSTS, Site, the_site

CAMPAIGN = "demo"


def write_profiles(
    folder: Path, port: int, hosts: Sequence[str] = HOSTS, *, campaign: str = CAMPAIGN, max_pages: int = 10_000
) -> Path:
    """Write `sites/*.toml` and `campaign.toml` for a campaign of that name; the path of the latter."""
    sites = folder / "sites"
    sites.mkdir(parents=True, exist_ok=True)
    for label in hosts:
        lines = [
            f'name = "{label}"',
            f'hosts = ["{label}.localhost"]',
            f'start_urls = ["http://{label}.localhost:{port}/"]',
            "delay_seconds = 0",
            "concurrency = 8",
            f"max_pages = {max_pages}",
        ]
        (sites / f"{label}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    named = ", ".join(f'"{label}"' for label in hosts)
    path = folder / "campaign.toml"
    path.write_text(f'name = "{campaign}"\nsites = [{named}]\nallow_loopback = true\n', encoding="utf-8")
    return path


def write_truth(folder: Path, port: int, site: Site | None = None) -> Path:
    """Write `truth.json`: the copies, innocents and licensed pages by address, and the maze's outcomes."""
    site = site or the_site()
    truth = {
        "infringing": [
            {"url": _url(copy.host, port, copy.path), "work_id": copy.work_id, "form": copy.form}
            for copy in site.infringing
        ],
        "innocent": [_url(host, port, path) for host, path in site.innocent],
        "licensed": [_url(host, port, path) for host, path in site.licensed],
        "maze": {_url("maze", port, path): sorted(outcomes) for path, (_, outcomes) in MAZE.items()},
    }
    path = folder / "truth.json"
    path.write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def _url(label: str, port: int, path: str) -> str:
    return f"http://{label}.localhost:{port}{path}"
