"""Empty records databases of each kind that the platform runs on."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from store.database import Database
from store.schema import upgrade

VARIABLE = "PIRACY_MONITOR_TEST_POSTGRES"


@contextmanager
def sqlite_database(folder: Path) -> Iterator[Database]:
    """A new SQLite database in `folder`."""
    database = Database(f"sqlite:///{folder / 'records.sqlite'}")
    upgrade(database)
    yield database
    database.close()


@contextmanager
def postgresql_database() -> Iterator[Database]:
    """A new database on the server that PIRACY_MONITOR_TEST_POSTGRES names; skips the test by name without it."""
    url = os.environ.get(VARIABLE)
    if not url:
        pytest.skip(f"needs PostgreSQL: set {VARIABLE}, e.g. postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
    name = f"test_{secrets.token_hex(6)}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    database = Database(make_url(url).set(database=name).render_as_string(hide_password=False))
    upgrade(database)
    yield database
    database.close()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()
