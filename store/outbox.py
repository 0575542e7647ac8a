"""What others must still hear of: rows written in the same transaction as the change they tell of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection, delete, func, insert, select

from store.database import Database
from store.tables import outbox, parked


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One change a consumer has not dealt with yet."""

    id: int
    consumer: str
    topic: str
    key: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A change that its consumer refused."""

    key: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How far a consumer is behind; `oldest_at` is None when it is not."""

    count: int
    oldest_at: datetime | None


def append(connection: Connection, *, consumer: str, topic: str, key: str, at: datetime) -> None:
    """Leave an event for `consumer`, in the transaction of `connection`."""
    connection.execute(insert(outbox).values(consumer=consumer, topic=topic, key=key, at=at))


class Outbox:
    """The consumers' side. An event stays until it is done, so one seen before a crash is seen again after it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, consumer: str, limit: int) -> list[Event]:
        """The oldest events of a consumer; they stay until `done`."""
        query = select(outbox).where(outbox.c.consumer == consumer).order_by(outbox.c.id).limit(limit)
        with self._database.read() as connection:
            return [
                Event(id=r.id, consumer=r.consumer, topic=r.topic, key=r.key, at=r.at)
                for r in connection.execute(query)
            ]

    def done(self, events: Sequence[Event], refused: Mapping[str, str] = MappingProxyType({})) -> None:
        """Forget events of one consumer that were dealt with. May be repeated.

        Those whose keys are `refused`, for the reason given, are set aside; later events of a key put it right again.
        """
        if not events:
            return
        consumer, keys = events[0].consumer, {event.key for event in events}
        latest = {event.key: event.at for event in events}
        rows = [{"consumer": consumer, "key": k, "reason": r, "at": latest[k]} for k, r in refused.items()]
        with self._database.write() as connection:
            connection.execute(delete(outbox).where(outbox.c.id.in_([event.id for event in events])))
            connection.execute(delete(parked).where(parked.c.consumer == consumer, parked.c.key.in_(keys)))
            if rows:
                connection.execute(insert(parked), rows)

    def replace_parked(self, consumer: str, refused: Mapping[str, str], at: datetime) -> None:
        """Set aside exactly these keys of a consumer, for the reasons given."""
        rows = [{"consumer": consumer, "key": key, "reason": reason, "at": at} for key, reason in refused.items()]
        with self._database.write() as connection:
            connection.execute(delete(parked).where(parked.c.consumer == consumer))
            if rows:
                connection.execute(insert(parked), rows)

    def parked(self, consumer: str) -> list[Parked]:
        """What a consumer refused, oldest first."""
        query = select(parked).where(parked.c.consumer == consumer).order_by(parked.c.at, parked.c.key)
        with self._database.read() as connection:
            return [Parked(key=row.key, reason=row.reason, at=row.at) for row in connection.execute(query)]

    def lag(self, consumer: str) -> Lag:
        query = select(func.count(), func.min(outbox.c.at)).where(outbox.c.consumer == consumer)
        with self._database.read() as connection:
            count, oldest = connection.execute(query).one()
        return Lag(count=count, oldest_at=oldest)
