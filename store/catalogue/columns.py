"""What the columns of a catalogue are called, and what may be said of a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from domain.errors import UsageError

COLUMNS = (
    "work_id",
    "title",
    "title_en",
    "aliases",
    "type",
    "owner",
    "registration_number",
    "isbn",
    "issn",
    "isrc",
    "hot_from",
    "hot_until",
    "public_domain_since",
    "also_stands_in",
    "licensed_hosts",
    "files",
)
REQUIRED = ("title", "type", "owner")
LISTS = ("aliases", "also_stands_in", "licensed_hosts", "files")
SEPARATOR = "|"
REJECT_COLUMNS = ("reject_row", "reject_column", "reject_reason", "reject_mend")
"""Added to rejected rows; ignored when they are imported again."""
KNOWN = frozenset({*COLUMNS, *REJECT_COLUMNS})


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """Why a row was rejected."""

    row: int
    column: str
    value: str
    reason: str
    mend: str


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as read: its number in the file, its cells by column, and what is wrong with its form, if anything."""

    number: int
    cells: Mapping[str, str]
    problem: RowProblem | None = None


def malformed(number: int, cells: Mapping[str, str], reason: str, mend: str, column: str = "") -> RawRow:
    """A row whose form is wrong; `cells` holds what of it can be kept for the rejects file."""
    value = cells.get(column, "")
    return RawRow(number, cells, RowProblem(row=number, column=column, value=value, reason=reason, mend=mend))


def header_of(name: str, cells: Sequence[str]) -> list[str]:
    """The columns that a header row names. Raises `UsageError` when they are not those of a catalogue."""
    header = [cell.strip().lower() for cell in cells]
    while header and not header[-1]:
        header.pop()
    if unknown := [column for column in header if column not in KNOWN]:
        raise UsageError(f"{name} has a column {unknown[0]!r}.", mend_of_column(unknown[0]))
    if missing := [column for column in REQUIRED if column not in header]:
        raise UsageError(f"{name} has no column {missing[0]}.", f"Its first row must name: {', '.join(REQUIRED)}.")
    if len(set(header)) < len(header):
        raise UsageError(f"{name} names a column twice.", "Remove one of them.")
    return header


def mend_of_column(unknown: str) -> str:
    """What to do about a column that is not known."""
    close = get_close_matches(unknown.replace(" ", "_"), COLUMNS, n=1)
    return f"Did you mean {close[0]}?" if close else f"Columns are: {', '.join(COLUMNS)}."


def row_of(number: int, header: Sequence[str], cells: Sequence[str]) -> RawRow:
    """A row of a table under its header."""
    named = dict(zip(header, cells, strict=False))
    if any(cell.strip() for cell in cells[len(header) :]):
        reason = f"the row has {len(cells)} cells, the header {len(header)}"
        return malformed(number, named, reason, "Put a cell that holds the delimiter in quotation marks.")
    return RawRow(number, named)
