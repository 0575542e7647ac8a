"""What is true of the network: every copy, lead, decoy, licensed copy and wall, by the form it takes."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A file as a person would hand it to `match`: what is planted, without whatever hides it."""

    data: bytes
    name: str
    media_type: str = ""
    charset: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedCopy:
    """A copy of a work. Named at any of `urls` it is found; `licensed` ones are to be recorded as that."""

    form: str
    site: str
    work_id: str
    urls: tuple[str, ...]
    """The page first, then where the content itself lies."""
    licensed: bool = False
    sample: Sample | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedLead:
    """Something that may hide a copy of a work, or of many (`work_id` is empty then)."""

    form: str
    site: str
    work_id: str
    keys: tuple[str, ...]
    """As `scoring.key_of` spells them; one is enough."""
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoy:
    """What looks like a copy or lead of that form and is none."""

    form: str
    site: str
    url: str
    keys: tuple[str, ...] = ()
    """What must not become a lead."""
    sample: Sample | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """A page that is not what it should be, or (`is_decoy`) only looks so, and the outcomes that are right for it."""

    form: str
    site: str
    url: str
    outcomes: tuple[str, ...]
    is_decoy: bool = False


@dataclass(frozen=True, kw_only=True)
class Truth:
    """The whole truth."""

    copies: list[PlantedCopy] = field(default_factory=list)
    leads: list[PlantedLead] = field(default_factory=list)
    decoys: list[Decoy] = field(default_factory=list)
    walls: list[Wall] = field(default_factory=list)
    operators: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What the sites of each operator share, and which they are."""
    sites: dict[str, str] = field(default_factory=dict)
    """The form of each site, by host."""

    def as_json(self) -> dict[str, Any]:
        return {
            "operators": self.operators,
            "sites": self.sites,
            "copies": [_plain(copy) for copy in self.copies],
            "leads": [_plain(lead) for lead in self.leads],
            "decoys": [_plain(decoy) for decoy in self.decoys],
            "walls": [_plain(wall) for wall in self.walls],
        }

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(self.as_json(), ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Truth":
        """Read what `write` wrote; samples are not in it."""
        told = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            copies=[PlantedCopy(**_tuples(row)) for row in told["copies"]],
            leads=[PlantedLead(**_tuples(row)) for row in told["leads"]],
            decoys=[Decoy(**_tuples(row)) for row in told["decoys"]],
            walls=[Wall(**_tuples(row)) for row in told["walls"]],
            operators=told["operators"],
            sites=told["sites"],
        )


def _plain(value: PlantedCopy | PlantedLead | Decoy | Wall) -> dict[str, Any]:
    if isinstance(value, PlantedLead | Wall):
        return asdict(value)
    return {name: getattr(value, name) for name in value.__slots__ if name != "sample"}


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
