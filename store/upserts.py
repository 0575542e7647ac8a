"""Rows that may be there already, on both kinds of database."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

ROWS_A_STATEMENT = 500


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows that break no uniqueness of `table`; how many there were.

    A row that another transaction is adding is waited for.
    """
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    added = 0
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        statement = dialect.insert(table).values([dict(row) for row in rows[start : start + ROWS_A_STATEMENT]])
        returned = statement.on_conflict_do_nothing().returning(*table.primary_key.columns)
        added += len(connection.execute(returned).all())
    return added
