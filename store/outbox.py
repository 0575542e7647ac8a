"""What others must still hear of: rows written in the same transaction as the change they tell of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from store.database import Database
from store.tables import outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One change a consumer has not dealt with yet."""

    id: int
    topic: str
    key: str
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
            return [Event(id=r.id, topic=r.topic, key=r.key, at=r.at) for r in connection.execute(query)]

    def done(self, ids: Sequence[int]) -> None:
        """Forget events that were dealt with. May be repeated."""
        with self._database.write() as connection:
            connection.execute(delete(outbox).where(outbox.c.id.in_(ids)))

    def lag(self, consumer: str) -> Lag:
        query = select(func.count(), func.min(outbox.c.at)).where(outbox.c.consumer == consumer)
        with self._database.read() as connection:
            count, oldest = connection.execute(query).one()
        return Lag(count=count, oldest_at=oldest)
