"""Rows that may be there already, on both kinds of database."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows that break no uniqueness of `table`; how many there were. All rows name the same columns.

    A row that another transaction is adding is waited for.
    """
    if not rows:
        return 0
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    # Rows beside the statement, not in it: it is compiled once and not for each number of rows.
    statement = dialect.insert(table).on_conflict_do_nothing().returning(*table.primary_key.columns)
    return len(connection.execute(statement, [dict(row) for row in rows]).all())
