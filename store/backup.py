"""The records as files that any database of this schema can be filled from, SQLite or PostgreSQL.

Each table is one file of JSON lines, gzipped; times are ISO 8601, bytes base64. What only the running processes own is
left out: who is signed in, and who leads.
"""

import gzip
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Date, LargeBinary, Table, func, insert, select, text

from domain.errors import StoreError
from store.database import Database
from store.tables import UtcDateTime, leaders, metadata, sessions

BATCH = 1_000
ENDING = ".jsonl.gz"


def kept_tables() -> list[Table]:
    """The tables that a backup holds, those that others refer to first."""
    return [table for table in metadata.sorted_tables if table not in (leaders, sessions)]


def dump(database: Database, folder: Path) -> dict[str, int]:
    """Write every table into `folder` as of one moment; the rows of each by its name."""
    with database.snapshot() as connection:
        return {table.name: _write(connection, table, folder / f"{table.name}{ENDING}") for table in kept_tables()}


def load(database: Database, folder: Path) -> dict[str, int]:
    """Fill the empty database with what `dump` wrote, all of it or nothing; the rows of each table by its name.

    Raises `StoreError` when the database holds anything, or a file is not what `dump` writes.
    """
    with database.write() as connection:
        for table in kept_tables():
            if connection.scalar(select(1).select_from(table).limit(1)):
                raise StoreError(
                    f"The records database is not empty: it has {table.name}.",
                    "Restore into a new data folder or a new database.",
                )
        return {table.name: _read(connection, table, folder / f"{table.name}{ENDING}") for table in kept_tables()}


def _write(connection: Connection, table: Table, file: Path) -> int:
    pack = {column.name: _packer(column) for column in table.columns}
    rows = connection.execution_options(yield_per=BATCH).execute(select(table).order_by(*table.primary_key.columns))
    count = 0
    # Without a time inside, the same rows make the same bytes.
    with file.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as out:
        for row in rows.mappings():
            out.write(json.dumps({name: pack[name](row[name]) for name in pack}).encode() + b"\n")
            count += 1
    return count


def _read(connection: Connection, table: Table, file: Path) -> int:
    unpack = {column.name: _unpacker(column) for column in table.columns}
    count = 0
    lines = _lines(file)
    while rows := list(islice(lines, BATCH)):
        try:
            values = [{name: unpack[name](row[name]) for name in unpack} for row in rows]
        except (KeyError, TypeError, ValueError) as error:
            raise _spoilt(file, error) from error
        connection.execute(insert(table), values)
        count += len(rows)
    if connection.dialect.name == "postgresql":
        _count_on(connection, table)
    return count


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    try:
        with gzip.open(file, "rb") as lines:
            for line in lines:
                yield json.loads(line)
    except (OSError, EOFError, ValueError) as error:
        raise _spoilt(file, error) from error


def _spoilt(file: Path, error: Exception) -> StoreError:
    problem = f"{file} cannot be read ({type(error).__name__}: {error})."
    return StoreError(problem, "Find out what is wrong with `backup verify`, or take another backup.")


def _count_on(connection: Connection, table: Table) -> None:
    """Let numbers that PostgreSQL gives go on after those that were put in; SQLite does so by itself."""
    if table.autoincrement_column is None:
        return
    column = table.autoincrement_column
    last = connection.scalar(select(func.max(column)))
    if last is not None:
        sequence = text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)")
        connection.execute(sequence, {"table": table.name, "column": column.name, "last": last})


def _packer(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, UtcDateTime | Date):
        return lambda value: value and value.isoformat()
    if isinstance(column.type, LargeBinary):
        return lambda value: None if value is None else b64encode(value).decode()
    return lambda value: value


def _unpacker(column: Column[Any]) -> Callable[[Any], Any]:
    if isinstance(column.type, UtcDateTime):
        return lambda value: value and datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return lambda value: value and date.fromisoformat(value)
    if isinstance(column.type, LargeBinary):
        return lambda value: None if value is None else b64decode(value, validate=True)
    return lambda value: value
