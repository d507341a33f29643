"""`rindoku sql`: runs one statement on the published copy of the archive."""

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rindoku.cli.options import AsJson, Home, choose_home

if TYPE_CHECKING:
    from duckdb import Statement

    from rindoku.archive import Connection

# EXPLAIN ANALYZE runs what it explains.
_EXPLAIN = re.compile(r"\s*explain\b(?:\s+analyze\b)?(?:\s*\([^()]*\))?", re.IGNORECASE)


def sql(
    statement: Annotated[
        str, typer.Argument(help="One SQL statement, in quotes.", show_default=False)
    ],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Query the archive, read-only, at any time.

    `FROM week_entries` is a good start.
    """
    from rindoku.cli.json_output import print_json

    choose_home(home)
    columns, rows = query_archive(statement)
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        from rindoku.cli.output import print_rows

        print_rows(columns, rows)


def query_archive(statement: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of a statement, with instants in the configured time zone.

    Of several statements, those of the last. Raises BadInput for statements that do
    more than read, and with DuckDB's message.
    """
    import duckdb

    from rindoku.archive import open_archive
    from rindoku.errors import BadInput
    from rindoku.settings import load_settings

    settings = load_settings()
    with open_archive(settings).read() as con:
        try:
            statements = _reading_statements(con, statement)
            # SET takes no parameters; the zone was checked when the settings were read.
            con.execute(f"SET TimeZone = '{settings.timezone}'")
            con.execute("SET enable_external_access = false")
            con.execute("SET lock_configuration = true")
            for each in statements:
                cursor = con.execute(each)
            columns = [column[0] for column in cursor.description or ()]
            return columns, cursor.fetchall()
        except duckdb.Error as error:
            raise BadInput(
                f"DuckDB says: {error}",
                '`rindoku sql "SHOW ALL TABLES"` lists tables and views; the archive '
                "is read-only.",
            ) from None


def _reading_statements(con: "Connection", text: str) -> "list[Statement]":
    """The statements of a text. Raises BadInput unless all of them only read.

    A read-only connection is not enough: COPY could write to any file.
    """
    from rindoku.errors import BadInput

    statements = con.extract_statements(text)
    if not statements:
        raise BadInput(
            "The statement is empty.", "Try: rindoku sql 'FROM week_entries'"
        )
    for statement in statements:
        if not _only_reads(con, statement):
            raise BadInput(
                f"`rindoku sql` does not run {statement.type.name}.",
                "The archive is read-only: use SELECT, FROM, SHOW, DESCRIBE, "
                "SUMMARIZE or EXPLAIN.",
            )
    return statements


def _only_reads(con: "Connection", statement: "Statement") -> bool:
    match statement.type.name:
        case "SELECT":
            return True
        case "CREATE":
            # PIVOT is rewritten to two statements, the first of which has no text.
            return not statement.query
        case "EXPLAIN":
            explain = _EXPLAIN.match(statement.query)
            if explain is None:
                return False
            explained = con.extract_statements(statement.query[explain.end() :])
            return all(_only_reads(con, inner) for inner in explained)
        case _:
            return False
