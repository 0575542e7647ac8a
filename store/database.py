"""Connections to the records database."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url

from store.secrets import read_secret


def sqlite_url(path: Path) -> URL:
    """The URL of an SQLite file; in one put together as text, `%`, `?` and `#` of the path would mean something."""
    return URL.create("sqlite", database=str(path))


def database_url(url: str, password_file: str) -> URL:
    """`url` with the password that a file holds. Raises `StoreError` when that cannot be read."""
    made = make_url(url)
    return made.set(password=read_secret(password_file)) if password_file else made


class Database:
    """A records database by SQLAlchemy URL. One per process; its methods may be called from any thread."""

    def __init__(self, url: str | URL) -> None:
        self.engine: Engine = create_engine(url, pool_pre_ping=True)
        self._reader = self.engine.execution_options(reads_only=True)
        # SQLite lets one write at a time, and has the others of this process sleep and ask again; a lock wakes them.
        self._turn: AbstractContextManager[object] = nullcontext()
        if self.engine.dialect.name == "sqlite":
            self._turn = threading.Lock()
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write: committed on leaving, rolled back on an error.

        On SQLite it takes the write lock at once, so that what it reads cannot go stale before it writes. Not to be
        opened inside another.
        """
        with self._turn, self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view for reading."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A view for many reads that all see the database as of the first of them."""
        if self.engine.dialect.name == "postgresql":
            with self.engine.execution_options(isolation_level="REPEATABLE READ").connect() as connection:
                yield connection
        else:
            with self.read() as connection:
                yield connection

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _prepare_sqlite(connection: SqliteConnection, _record: object) -> None:
    # Transactions are opened by _begin_sqlite; sqlite3 must not open its own.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
