import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support.data import ROOT

PACKAGES = ("alerts", "config", "console", "crawler", "domain", "evidence", "matcher", "monitor", "store")


@pytest.mark.parametrize("package", PACKAGES)
def test_each_name_is_ours_from_any_folder(package: str, tmp_path: Path) -> None:
    script = f"import {package}; print({package}.__file__)"
    out = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    assert Path(out.strip()).is_relative_to(ROOT)


def test_no_file_is_above_four_hundred_lines() -> None:
    files = [f for package in (*PACKAGES, "tests") for f in (ROOT / package).rglob("*.py")]
    assert [str(f) for f in files if len(f.read_text(encoding="utf-8").splitlines()) > 400] == []


def test_the_lock_names_no_registry_and_pins_by_hash() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    pinned = [line for line in lock.splitlines() if "==" in line and not line.startswith(("#", " "))]
    assert len(pinned) > 50
    assert lock.count("--hash=sha256:") >= len(pinned)


def test_the_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = (file for package in PACKAGES for file in (ROOT / package).rglob("*"))
    ours = {str(f.relative_to(ROOT)) for f in files if f.is_file() and "__pycache__" not in f.parts}
    assert packed == ours
    assert {"console/templates/layout.html", "console/static/base.css"} <= packed
    assert "console/locale/zh_CN/LC_MESSAGES/console.po" in packed
