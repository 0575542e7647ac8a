"""What commands print: results on standard output (JSON alone with --json), the rest on standard error."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

errors = Console(stderr=True, soft_wrap=True, highlight=False)
printed = Console(soft_wrap=True, highlight=False)


def print_json(value: Any) -> None:
    """One JSON value on one line of standard output."""
    line = json.dumps(value, ensure_ascii=False)
    # A file name that is no UTF-8 holds lone surrogates, which UTF-8 cannot; in JSON these may be written as escapes.
    sys.stdout.write(line.encode(errors="backslashreplace").decode() + "\n")
    sys.stdout.flush()


def beside_progress() -> Console:
    """Where results for people go while a bar is drawn on standard error.

    That is standard output; but where both are one terminal it is standard error, which makes room above the bar.
    """
    return errors if sys.stdout.isatty() and errors.is_terminal else printed


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table for people. Cells are printed as they are, without markup, since titles and addresses are hostile."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(plain(str(cell))) for cell in row))
    printed.print(table)


def say(message: str) -> None:
    """A line for people on standard error."""
    errors.print(message, markup=False)


def plain(text: str) -> str:
    """`text` on one line, and as escapes in it what could deceive a terminal or a reader.

    These are control characters, marks of writing direction, invisible characters and lone surrogates.
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
