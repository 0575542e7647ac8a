"""The description of the network, as `network.toml` has it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from domain.works import WorkType

FILE = Path(__file__).with_name("network.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredWork:
    """A registered work. Texts are read from a file of stories, everything else is drawn from a seed."""

    id: str
    type: WorkType
    title: str
    owner: str
    title_en: str = ""
    aliases: tuple[str, ...] = ()
    pinyin: str = ""
    """How the title is spelt by those who fear a filter; not in the catalogue."""
    story: str = ""
    seed: int = 0
    licensed: tuple[str, ...] = ()
    """Host labels, each perhaps with the days of its licence: `label` or `label@2020-01-01..2020-12-31`."""
    public_domain_since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Who runs some of the sites, and what all of them share: by this their sites can be brought together."""

    name: str
    template: str
    analytics: str
    icp: str
    ad_account: str
    cdn: str
    """Label of the host that serves the media of all its sites."""
    favicon: int
    """Seed of the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDescription:
    """One site: its form, whose it is, and in which ways it publishes."""

    host: str
    """Label: the site's host is this under `.localhost`."""
    form: str
    operator: Operator
    name: str
    ways: tuple[str, ...] = ()
    take: int = 4
    """How many works of a type it publishes."""
    charset: str = "utf-8"
    alter: str = "verbatim"
    """What it does to texts."""
    walls: tuple[str, ...] = ()
    quirks: tuple[str, ...] = ()
    number: int = 0
    """Its place in the description; sites publish other works by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """Everything that the network is generated from."""

    works: tuple[RegisteredWork, ...]
    operators: tuple[Operator, ...]
    sites: tuple[SiteDescription, ...]

    def works_of(self, work_type: WorkType) -> tuple[RegisteredWork, ...]:
        """The works of a type that are nobody's but the owner's."""
        return tuple(w for w in self.works if w.type is work_type and not w.public_domain_since)


@lru_cache(maxsize=1)
def read_description(file: Path = FILE) -> Description:
    """Read a description. Raises `TypeError` for an unknown key and `KeyError` for an unknown operator."""
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    operators = {row["name"]: Operator(**row) for row in told["operator"]}
    sites = [SiteDescription(**_frozen(row) | {"operator": operators[row["operator"]]}) for row in told["site"]]
    works = (RegisteredWork(**_frozen(row) | {"type": WorkType(row["type"])}) for row in told["work"])
    return Description(
        works=tuple(works),
        operators=tuple(operators.values()),
        sites=tuple(replace(site, number=n) for n, site in enumerate(sites)),
    )


def _frozen(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
