"""Where everything lies inside the data folder."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DataFolder:
    """All state of one installation lives under `root`."""

    root: Path

    @property
    def records(self) -> Path:
        return self.root / "records.sqlite"

    @property
    def search(self) -> Path:
        return self.root / "search.sqlite"

    @property
    def evidence(self) -> Path:
        return self.root / "evidence"

    @property
    def references(self) -> Path:
        return self.root / "references"

    @property
    def index(self) -> Path:
        return self.root / "index"

    @property
    def rejects(self) -> Path:
        return self.root / "rejects"

    @property
    def locks(self) -> Path:
        return self.root / "locks"

    @property
    def logs(self) -> Path:
        return self.root / "logs"
