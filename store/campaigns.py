"""Site profiles and campaigns."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, insert, select

from domain.campaigns import Campaign, RobotsPolicy, SiteProfile
from domain.errors import NotFoundError
from store.database import Database
from store.tables import campaigns, sites


class CampaignStore:
    """What is watched, where, and when. Everything is replaced by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_site(self, profile: SiteProfile) -> None:
        self._replace(sites, profile.name, {"profile": asdict(profile)})

    def sites(self) -> list[SiteProfile]:
        with self._database.read() as connection:
            return [_site(row.profile) for row in connection.execute(select(sites).order_by(sites.c.name))]

    def site(self, name: str) -> SiteProfile:
        """One site. Raises `NotFoundError`."""
        with self._database.read() as connection:
            row = connection.execute(select(sites).where(sites.c.name == name)).first()
        if row is None:
            raise NotFoundError(f"There is no site {name!r}.", "Add it with `piracy-monitor sites add FILE`.")
        return _site(row.profile)

    def put_campaign(self, campaign: Campaign, at: datetime) -> None:
        """Add or replace a campaign. While its nights stay the same, those before `at` are still owed."""
        with self._database.read() as connection:
            before = connection.execute(select(campaigns).where(campaigns.c.name == campaign.name)).first()
        if before is not None and _nights(_campaign(before.plan)) == _nights(campaign):
            at = before.added_at
        self._replace(campaigns, campaign.name, {"plan": asdict(campaign), "added_at": at})

    def campaigns(self) -> list[Campaign]:
        with self._database.read() as connection:
            return [_campaign(row.plan) for row in connection.execute(select(campaigns).order_by(campaigns.c.name))]

    def campaign(self, name: str) -> Campaign:
        """One campaign. Raises `NotFoundError`."""
        with self._database.read() as connection:
            row = connection.execute(select(campaigns).where(campaigns.c.name == name)).first()
        if row is None:
            raise NotFoundError(f"There is no campaign {name!r}.", "Add it with `piracy-monitor campaigns add FILE`.")
        return _campaign(row.plan)

    def added_at(self, name: str) -> datetime | None:
        """When a campaign got its schedule; no night before that was ever owed."""
        with self._database.read() as connection:
            return connection.scalar(select(campaigns.c.added_at).where(campaigns.c.name == name))

    def _replace(self, table: Table, name: str, values: dict[str, Any]) -> None:
        with self._database.write() as connection:
            connection.execute(delete(table).where(table.c.name == name))
            connection.execute(insert(table).values(name=name, **values))


def _nights(campaign: Campaign) -> tuple[str, str]:
    return campaign.schedule, campaign.time_zone


def _site(stored: dict[str, Any]) -> SiteProfile:
    return SiteProfile(**_with_tuples(stored, SiteProfile))


def _campaign(stored: dict[str, Any]) -> Campaign:
    return Campaign(**_with_tuples(stored, Campaign) | {"robots": RobotsPolicy(stored["robots"])})


def _with_tuples(stored: dict[str, Any], kind: type) -> dict[str, Any]:
    """JSON gives lists back; and a key that a newer version wrote is left aside."""
    known = {field.name for field in fields(kind)}
    return {k: tuple(v) if isinstance(v, list) else v for k, v in stored.items() if k in known}
