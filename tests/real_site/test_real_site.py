"""The very sweep that the command runs, over real books and pictures."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from domain.findings import FindingState
from monitor.paths import DataFolder
from monitor.scoring import Score, Truth, score
from store.database import Database
from store.findings import FindingStore
from tests.mocksite.alterations import Page
from tests.mocksite.profiles import CAMPAIGN, write_profiles, write_truth
from tests.mocksite.server import serve
from tests.real_site.site import HOSTS, RealSite, build, found_by_form, write_catalogue
from tests.support.commands import run
from tests.support.data import require_data

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.xdist_group("real_site")]

NOT_THERE = Page(b"not found", status=404)


@pytest.fixture(scope="module")
def made() -> RealSite:
    for part in ("text/zh", "image/pdq-bridge", "video/mdn"):
        require_data(part)
    return build(require_data("."))


@pytest.fixture(scope="module")
def swept(made: RealSite, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Score, int]:
    """What the sweep reported, its score, and how many innocent pages it left for a person to judge."""
    folder = tmp_path_factory.mktemp("real")
    material, data = folder / "material", folder / "data"
    with serve(answering=lambda host, path: made.site.pages.get((host, path), NOT_THERE)) as site:
        catalogue = write_catalogue(made, material)
        campaign = write_profiles(material, site.port, HOSTS)
        truth = write_truth(material, site.port, made.site)
        prepare: list[tuple[str, ...]] = [("works", "import", str(catalogue), "--json")]
        prepare += [("sites", "add", str(file)) for file in sorted((material / "sites").glob("*.toml"))]
        for arguments in (*prepare, ("campaigns", "add", str(campaign))):
            code, _, err = run(data, *arguments)
            assert code == 0, err
        code, out, err = run(data, "sweep", CAMPAIGN, "--json")
        assert code == 0, err
        return json.loads(out), *_scored(data, Truth.read(truth))


def _scored(data: Path, truth: Truth) -> tuple[Score, int]:
    database = Database(f"sqlite:///{DataFolder(data).records}")
    found = list(FindingStore(database).export())
    database.close()
    copied = {address for address, _ in truth.copies}
    waiting = {f.url for f in found if f.state is FindingState.REVIEW} - copied
    return score(found, truth), len(waiting)


def test_the_site_is_as_large_as_it_should_be(made: RealSite) -> None:
    assert len(made.site.infringing) == 300
    assert len(made.site.innocent) == 600
    assert len({(copy.host, copy.path) for copy in made.site.infringing} | set(made.site.innocent)) == 900


def test_nobody_is_accused_falsely(swept: tuple[dict[str, Any], Score, int]) -> None:
    assert swept[1].wrong == ()


def test_altered_copies_are_found(
    made: RealSite, swept: tuple[dict[str, Any], Score, int], capsys: pytest.CaptureFixture[str]
) -> None:
    report, result, waiting = swept
    rows = found_by_form(made.site.infringing, result.missed)
    with capsys.disabled():
        sys.stdout.writelines(f"\n{form:32} {found:3} of {planted:3}" for form, planted, found in rows)
        sys.stdout.write(
            f"\nrecall {result.recall:.3f}, {len(result.wrong)} false accusations; {waiting} innocent pages wait for a"
            f" person; {made.returned} chapters hold a registered text and are no innocents\n"
        )
    assert report["coverage"]["skipped"] == {"removed": 3 * len(HOSTS)}, "only the menu of each host leads nowhere"
    assert result.recall >= 0.95, result.missed
