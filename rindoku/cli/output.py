"""Tables and other output for people."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rindoku.cli.json_output import as_plain


def console() -> Console:
    """A console on standard output; if that is not a terminal, 160 columns wide."""
    return Console(width=None if sys.stdout.isatty() else 160, soft_wrap=False)


def dollars(value: float | None) -> str:
    """An amount in US dollars, or a dash when it is unknown."""
    return "–" if value is None else f"${value:.4f}"


def plain_table(columns: Sequence[str], *, left: Sequence[str] = ()) -> Table:
    """A table without borders; all columns but those in `left` are right-aligned."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in columns:
        table.add_column(name, justify="left" if name in left else "right")
    return table


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Prints the rows of a query, and their number."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name)
    rows = list(rows)
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    out = console()
    out.print(table)
    out.print(f"({len(rows)} row{'' if len(rows) == 1 else 's'})", style="dim")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes | bytearray):
        return str(as_plain(value))
    return str(value)
