"""What was learnt of hosts by drawing their pages in a browser."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select, update

from domain.rendering import Experience
from store.database import Database
from store.tables import rendering
from store.upserts import insert_missing


class RenderingStore:
    """Experiences by host."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, host: str) -> Experience | None:
        """What is known of a host; None when no page of it was drawn yet."""
        with self._database.read() as connection:
            row = connection.execute(select(rendering).where(rendering.c.host == host)).first()
        return Experience(drawn=row.drawn, gained=row.gained, last_at=row.last_at) if row else None


def learn(connection: Connection, drawn: Iterable[tuple[str, bool]], at: datetime) -> None:
    """Note pages that were drawn, by host and whether they gained by it, in the transaction that records them."""
    for host, gained in sorted(drawn):  # in one order everywhere, so that two sweeps cannot wait for each other
        insert_missing(connection, rendering, [{"host": host, "drawn": 0, "gained": 0, "last_at": at}])
        counted = {"drawn": rendering.c.drawn + 1, "gained": rendering.c.gained + int(gained), "last_at": at}
        connection.execute(update(rendering).where(rendering.c.host == host).values(counted))
