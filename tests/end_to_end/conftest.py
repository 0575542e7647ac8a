"""One running site, its works registered once; each test sweeps a copy of that register."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mocksite.catalogue import write_catalogue
from tests.mocksite.profiles import write_profiles, write_truth
from tests.mocksite.server import MockSite, serve
from tests.support.commands import run


@dataclass(frozen=True)
class Prepared:
    """The site, its material, and a data folder in which its works and campaign are registered."""

    site: MockSite
    material: Path
    data: Path

    def copy(self, folder: Path) -> Path:
        """A data folder of one's own, as registered."""
        return Path(shutil.copytree(self.data, folder / "data"))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    folder = tmp_path_factory.mktemp("site")
    material, data = folder / "material", folder / "data"
    with serve() as site:
        catalogue = write_catalogue(material)
        campaign = write_profiles(material, site.port)
        write_truth(material, site.port)
        imports: list[tuple[str, ...]] = [("works", "import", str(catalogue), "--json")]
        imports += [("sites", "add", str(file)) for file in sorted((material / "sites").glob("*.toml"))]
        for arguments in (*imports, ("campaigns", "add", str(campaign))):
            code, _, err = run(data, *arguments)
            assert code == 0, err
        yield Prepared(site, material, data)
