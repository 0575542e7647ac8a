"""Which of several processes leads: a lease in the records, so that there is one leader and another when it dies."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from store.database import Database
from store.tables import leaders
from store.upserts import insert_missing


class Leadership:
    """One process's claim to a role. `holder` must come from `store.holders.this_process`."""

    def __init__(self, database: Database, role: str, *, holder: str, lease: timedelta) -> None:
        self._database = database
        self._role = role
        self._holder = holder
        self._lease = lease

    def hold(self, now: datetime) -> bool:
        """Take or renew the lead; False while another process has it."""
        mine = {"holder": self._holder, "until": now + self._lease}
        free = (leaders.c.holder == self._holder) | (leaders.c.until <= now)
        with self._database.write() as connection:
            if insert_missing(connection, leaders, [{"role": self._role, **mine}]):
                return True
            taken = update(leaders).where(leaders.c.role == self._role, free).values(mine)
            return connection.execute(taken).rowcount == 1

    def release(self) -> None:
        """Let another take over at once."""
        mine = (leaders.c.role == self._role) & (leaders.c.holder == self._holder)
        with self._database.write() as connection:
            connection.execute(delete(leaders).where(mine))


def leader_until(database: Database, role: str) -> datetime | None:
    """Until when the role is held; None if it never was."""
    with database.read() as connection:
        return connection.scalar(select(leaders.c.until).where(leaders.c.role == role))
