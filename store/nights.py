"""The nights on which campaigns were to be swept, and what became of each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from domain.alerts import AlertKind
from domain.campaigns import Night, NightState
from domain.ids import short_digest
from store.alerts import raise_alarm
from store.database import Database
from store.tables import nights
from store.upserts import insert_missing


class NightStore:
    """Each night of a campaign is claimed once, whoever plans it; bad ends alarm the administrators."""

    def __init__(self, database: Database, administrators: Sequence[str]) -> None:
        self._database = database
        self._administrators = administrators

    def latest(self, campaign: str) -> datetime | None:
        """The newest night on record."""
        query = select(func.max(nights.c.planned_for)).where(nights.c.campaign == campaign)
        with self._database.read() as connection:
            newest: datetime | None = connection.scalar(query)
        return newest

    def claim(self, campaign: str, planned_for: datetime, *, holder: str, at: datetime) -> bool:
        """Begin a night; False when it was begun, done or missed before."""
        row = {"campaign": campaign, "planned_for": planned_for, "state": NightState.STARTED.value, "detail": ""}
        with self._database.write() as connection:
            return insert_missing(connection, nights, [row | {"at": at, "attempts": 1, "holder": holder}]) == 1

    def hold(self, campaign: str, planned_for: datetime, holder: str) -> None:
        """Name the process that works on a night."""
        with self._database.write() as connection:
            connection.execute(update(nights).where(_is(campaign, planned_for)).values(holder=holder))

    def try_again(self, night: Night, *, holder: str, at: datetime) -> bool:
        """Take up a night that died or was missed; False when another process was faster."""
        same = _is(night.campaign, night.planned_for) & (nights.c.attempts == night.attempts)
        values = {"state": NightState.STARTED.value, "attempts": night.attempts + 1, "holder": holder, "at": at}
        with self._database.write() as connection:
            return connection.execute(update(nights).where(same).values(values)).rowcount == 1

    def settle(self, night: Night, state: NightState, *, at: datetime, detail: str = "", alarm: bool = False) -> None:
        """End a night that was begun."""
        begun = _is(night.campaign, night.planned_for) & (nights.c.state == NightState.STARTED.value)
        values = {"state": state.value, "detail": detail, "at": at}
        with self._database.write() as connection:
            if connection.execute(update(nights).where(begun).values(values)).rowcount and alarm:
                self._alarm(connection, night.campaign, [night.planned_for], detail, at)

    def miss(self, campaign: str, planned: Sequence[datetime], *, at: datetime, detail: str) -> None:
        """Record nights on which nothing was started; one alarm for all of them."""
        row = {"campaign": campaign, "state": NightState.MISSED.value, "detail": detail, "at": at}
        rows = [row | {"planned_for": night, "attempts": 0, "holder": ""} for night in planned]
        with self._database.write() as connection:
            if insert_missing(connection, nights, rows):
                self._alarm(connection, campaign, planned, detail, at)

    def started(self) -> list[Night]:
        """Nights that were begun and not settled."""
        query = select(nights).where(nights.c.state == NightState.STARTED.value).order_by(nights.c.planned_for)
        with self._database.read() as connection:
            return [_night(row) for row in connection.execute(query)]

    def recent(self, limit: int) -> list[Night]:
        """The newest nights of all campaigns, newest first."""
        query = select(nights).order_by(nights.c.planned_for.desc(), nights.c.campaign).limit(limit)
        with self._database.read() as connection:
            return [_night(row) for row in connection.execute(query)]

    def _alarm(self, connection: Any, campaign: str, planned: Sequence[datetime], detail: str, at: datetime) -> None:
        facts = {
            "campaign": campaign,
            "planned_for": planned[-1].isoformat(),
            "count": str(len(planned)),
            "detail": detail,
        }
        occasion = short_digest("night", campaign, planned[-1].isoformat())
        kind = AlertKind.NIGHT_MISSED
        raise_alarm(connection, kind, occasion, facts, administrators=self._administrators, at=at)


def _is(campaign: str, planned_for: datetime) -> Any:
    return (nights.c.campaign == campaign) & (nights.c.planned_for == planned_for)


def _night(row: Row[Any]) -> Night:
    return Night(
        campaign=row.campaign,
        planned_for=row.planned_for,
        state=NightState(row.state),
        detail=row.detail,
        at=row.at,
        attempts=row.attempts,
        holder=row.holder,
    )
