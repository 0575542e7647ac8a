"""Registered works and the licences that make a match legitimate."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.hosts import is_within
from domain.ids import Digest, WorkId


class WorkType(StrEnum):
    """The five kinds of work a register holds."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    SOFTWARE = "software"


class LicenceSource(StrEnum):
    """Who named a licence. Importing a catalogue again replaces its own and leaves a person's alone."""

    CATALOGUE = "catalogue"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """Leave to publish a work on a host and its subdomains, between two days (both included; None is open)."""

    host: str
    valid_from: date | None = None
    valid_until: date | None = None
    source: LicenceSource = LicenceSource.CATALOGUE

    def covers(self, host: str, day: date) -> bool:
        """Whether a copy on `host` is licensed on `day`."""
        begun = self.valid_from is None or self.valid_from <= day
        ended = self.valid_until is not None and self.valid_until < day
        return is_within(host, (self.host,)) and begun and not ended


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceFile:
    """One file the right holder filed for a work."""

    name: str
    digest: Digest
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A registered work."""

    work_id: WorkId
    title: str
    type: WorkType
    owner: str
    title_en: str = ""
    aliases: tuple[str, ...] = ()
    registration_number: str = ""
    isbn: str = ""
    issn: str = ""
    isrc: str = ""
    hot_from: date | None = None
    hot_until: date | None = None
    negative: bool = False
    """An item of the negative bank: found, it accuses nobody, and what it explains is no copy of anything else."""
    public_domain_since: date | None = None
    also_stands_in: tuple[str, ...] = ()
    """Titles or addresses of other places where the same content rightly is."""
    licences: tuple[Licence, ...] = ()
    references: tuple[ReferenceFile, ...] = field(default=())

    def is_public_domain(self, day: date) -> bool:
        """Whether anyone may publish the work on `day`."""
        return self.public_domain_since is not None and self.public_domain_since <= day

    def is_free_at(self, hosts: tuple[str, ...], day: date) -> bool:
        """Whether a copy on any of `hosts` is lawful on `day`, by a licence or because the work is free to all."""
        return self.is_public_domain(day) or self.licensed_at(hosts, day) is not None

    def licensed_at(self, hosts: tuple[str, ...], day: date) -> Licence | None:
        """The licence that covers any of `hosts` on `day`, or None."""
        return next((lic for lic in self.licences for host in hosts if lic.covers(host, day)), None)
