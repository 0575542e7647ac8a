"""An installation in a folder of its own, with works registered from files in memory."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.loading import load_settings
from config.settings import Settings
from monitor.importing import import_works
from monitor.wiring import Clock, Platform, system_clock

DEFAULTS = load_settings(None, {})


def platform_in(folder: Path, clock: Clock = system_clock, **quality: Any) -> Platform:
    """A platform whose state lies in `folder`; `quality` are changes to that section of the settings."""
    made: dict[str, Any] = DEFAULTS.model_dump()
    made["quality"] |= quality
    return Platform(folder / "data", Settings.model_validate(made), clock)


def register(platform: Platform, works: Mapping[str, str | bytes], work_type: str = "text", **cells: str) -> None:
    """Import works by id, each with one file and an owner of its own unless `cells` names one."""
    folder = platform.folder.root.parent / "material"
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for name, content in works.items():
        file = folder / f"{name}.{'txt' if work_type == 'text' else 'bin'}"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        row = {"work_id": name, "title": f"《{name}》", "type": work_type, "owner": f"owner of {name}"}
        rows.append(row | {"files": file.name} | cells)
    with (folder / "catalogue.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    report = import_works(platform, folder / "catalogue.csv")
    assert report.problems == []
