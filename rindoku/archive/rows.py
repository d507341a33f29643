"""Rows in and out: inserts through frames, queries by name."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

Row = Mapping[str, Any]


def insert(
    connection: "duckdb.DuckDBPyConnection", table: str, rows: Iterable[Row]
) -> None:
    """Adds rows to a table by column name; a row whose key is there already is left as it is."""
    import polars as pl

    rows = list(rows)
    if not rows:
        return
    frame = pl.from_dicts([dict(row) for row in rows], infer_schema_length=None)
    connection.register("incoming", frame)
    try:
        # `table` is always a literal of this package, never something from outside.
        connection.execute(
            f"INSERT INTO {table} BY NAME SELECT * FROM incoming ON CONFLICT DO NOTHING"
        )  # noqa: S608
    finally:
        connection.unregister("incoming")


def fetch_rows(
    connection: "duckdb.DuckDBPyConnection", sql: str, **parameters: Any
) -> list[dict[str, Any]]:
    """All rows of a query as dicts, parameters by name."""
    cursor = (
        connection.execute(sql, parameters) if parameters else connection.execute(sql)
    )
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
