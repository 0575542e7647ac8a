"""Where the large real test data is, if it is on this machine."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def data_folder() -> Path | None:
    """The folder named by PIRACY_MONITOR_TEST_DATA, else ../shared/data beside the project; None if absent."""
    named = os.environ.get("PIRACY_MONITOR_TEST_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


def require_data(part: str) -> Path:
    """The folder `part` of the test data; skips the test by name where it is absent."""
    folder = data_folder()
    if folder is None or not (folder / part).is_dir():
        pytest.skip(f"needs the test data folder {part!r}: set PIRACY_MONITOR_TEST_DATA to where it is")
    return folder / part
