"""Search on one machine: SQLite FTS5 over text whose Chinese characters are split apart, so that any run matches."""

import re
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from domain.errors import UsageError
from domain.ids import FindingId
from store.search import FACETS, Document, Hit, Query, Results, Sort
from store.search_words import UNSPACED, phrases, split_apart

ORDERS = {
    Sort.NEWEST: "d.found_at DESC, d.finding_id",
    Sort.OLDEST: "d.found_at, d.finding_id",
    Sort.SIMILARITY: "d.similarity DESC, d.finding_id",
}
COLUMNS = ("finding_id", "state", "type", "verdict", "host", "owner", "work_id", "similarity", "found_at")
SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    id INTEGER PRIMARY KEY, finding_id TEXT NOT NULL UNIQUE, state TEXT NOT NULL, type TEXT NOT NULL,
    verdict TEXT NOT NULL, host TEXT NOT NULL, owner TEXT NOT NULL, work_id TEXT NOT NULL,
    similarity REAL NOT NULL, found_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS by_time ON documents (found_at, finding_id);
CREATE VIRTUAL TABLE IF NOT EXISTS texts USING fts5 (
    work_title, owner, url, title, text, tokenize = "unicode61 remove_diacritics 2"
);
"""


class EmbeddedSearch:
    """A `SearchIndex` in one SQLite file. Readers are not held up while another process writes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        with self._connection() as connection:
            connection.executescript(SCHEMA)

    def put(self, documents: Iterable[Document]) -> None:
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            for document in documents:
                _remove(connection, document.finding_id)
                _add(connection, document)

    def remove(self, ids: Iterable[FindingId]) -> None:
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            for finding_id in ids:
                _remove(connection, finding_id)

    def replace(self, documents: Iterable[Document]) -> int:
        count = 0
        # A connection of its own: whoever makes the documents may be searching on this thread's.
        with closing(self._connect()) as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM texts")
            connection.execute("DELETE FROM documents")
            for document in documents:
                _add(connection, document)
                count += 1
        return count

    def search(self, query: Query) -> Results:
        where, values = _conditions(query)
        wanted = match_expression(query.text)
        source = "documents d"
        if wanted:
            source += " JOIN texts ON texts.rowid = d.id"
            where, values = [*where, "texts MATCH ?"], [*values, wanted]
        condition = " AND ".join(where) or "1"
        snippet = "snippet(texts, 4, char(2), char(3), '…', 40)" if wanted else "''"
        with self._connection() as connection:
            connection.execute("BEGIN")
            (total,) = connection.execute(f"SELECT count(*) FROM {source} WHERE {condition}", values).fetchone()  # noqa: S608
            rows = connection.execute(
                f"SELECT d.finding_id, {snippet} FROM {source} WHERE {condition}"  # noqa: S608
                f" ORDER BY {ORDERS[query.sort]} LIMIT ? OFFSET ?",
                (*values, query.limit, query.offset),
            ).fetchall()
            facets = {
                name: tuple(
                    connection.execute(
                        f"SELECT d.{name}, count(*) AS n FROM {source} WHERE {condition}"  # noqa: S608
                        f" GROUP BY d.{name} ORDER BY n DESC, d.{name} LIMIT 50",
                        values,
                    ).fetchall()
                )
                for name in FACETS
            }
        hits = tuple(Hit(finding_id=FindingId(i), snippet=join_again(piece)) for i, piece in rows)
        return Results(total=total, hits=hits, facets=facets)

    def _connection(self) -> sqlite3.Connection:
        """This thread's connection; `with` commits or rolls back."""
        if not hasattr(self._local, "connection"):
            self._local.connection = self._connect()
        opened: sqlite3.Connection = self._local.connection
        return opened

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=30)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection


def join_again(snippet: str) -> str:
    """A snippet of split text as it stood before."""
    tight = re.sub(f" *([\u0002\u0003]*){UNSPACED.pattern}([\u0002\u0003]*) *", r"\1\2\3", snippet)
    return re.sub(" {2,}", " ", tight).strip()


def match_expression(text: str) -> str:
    """The FTS5 expression for what a person typed: every word and phrase must occur. Empty if nothing is searchable."""
    return " AND ".join(f'"{phrase}"' for phrase in phrases(text))


def _conditions(query: Query) -> tuple[list[str], list[str | float]]:
    where: list[str] = []
    values: list[str | float] = []
    for name, wanted in query.filters.items():
        if name not in FACETS:
            raise UsageError(f"There is no filter {name!r}.", f"Filters are: {', '.join(FACETS)}.")
        if wanted:
            where.append(f"d.{name} IN ({', '.join('?' * len(wanted))})")
            values.extend(wanted)
    limits: Sequence[tuple[str, str | float | None]] = (
        ("d.similarity >= ?", query.min_similarity or None),
        ("d.found_at >= ?", _time(query.found_from) if query.found_from else None),
        ("d.found_at < ?", _time(query.found_to) if query.found_to else None),
    )
    for condition, value in limits:
        if value is not None:
            where.append(condition)
            values.append(value)
    return where, values


def _add(connection: sqlite3.Connection, document: Document) -> None:
    values = (*(getattr(document, name) for name in COLUMNS[:-1]), _time(document.found_at))
    marks = ", ".join("?" * len(COLUMNS))
    added = connection.execute(f"INSERT INTO documents ({', '.join(COLUMNS)}) VALUES ({marks})", values)  # noqa: S608 - our own names
    texts = (document.work_title, document.owner, document.url, document.title, document.text)
    connection.execute(
        "INSERT INTO texts (rowid, work_title, owner, url, title, text) VALUES (?, ?, ?, ?, ?, ?)",
        (added.lastrowid, *map(split_apart, texts)),
    )


def _remove(connection: sqlite3.Connection, finding_id: FindingId) -> None:
    row = connection.execute("SELECT id FROM documents WHERE finding_id = ?", (finding_id,)).fetchone()
    if row is not None:
        connection.execute("DELETE FROM texts WHERE rowid = ?", row)
        connection.execute("DELETE FROM documents WHERE id = ?", row)


def _time(at: datetime) -> str:
    """Times as text of one width, so that they compare as text."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
