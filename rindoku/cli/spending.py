"""`rindoku costs`: what was paid, and for what."""

from typing import TYPE_CHECKING, Any

from rindoku.archive.rows import fetch_rows
from rindoku.archive.statements import query

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection


def find_costs(con: "Connection", week: str | None) -> list[dict[str, Any]]:
    """Rows of calls, tokens and dollars by week, kind and model; a cost of None is one whose price is not known."""
    return fetch_rows(con, query("all_costs"), week=week)


def print_costs(rows: list[dict[str, Any]]) -> None:
    """A table with its sum."""
    from rich.table import Table

    from rindoku.cli.output import console, dollars

    table = Table(box=None, pad_edge=False, header_style="dim", show_footer=True)
    known = [r["cost_usd"] for r in rows if r["cost_usd"] is not None]
    columns = (
        "week",
        "kind",
        "model",
        "calls",
        "input",
        "cache write",
        "cache read",
        "output",
        "cost",
    )
    for name in columns:
        footer = dollars(sum(known)) if name == "cost" else ""
        table.add_column(
            name,
            justify="left" if name in {"week", "kind", "model"} else "right",
            footer=footer,
        )
    for r in rows:
        tokens = (
            r["input_tokens"],
            r["cache_write_tokens"],
            r["cache_read_tokens"],
            r["output_tokens"],
        )
        shown = ("" if t is None else f"{t:,}" for t in tokens)
        table.add_row(
            r["week"],
            r["kind"],
            r["model"],
            str(r["calls"]),
            *shown,
            dollars(r["cost_usd"]),
        )
    out = console()
    out.print(table)
    unanswered = sum(r["unanswered"] for r in rows)
    if unanswered:
        out.print(
            f"{unanswered} calls were in flight when their run was killed; they may have been billed.",
            style="yellow",
        )
    if len(known) < len(rows):
        out.print(
            "The price of a model is not known: add it to prices.toml in the home folder.",
            style="yellow",
        )
