"""`rindoku sql`: runs one statement on the published copy of the archive."""

from typing import Annotated, Any

import typer

from rindoku.cli.options import AsJson, Home, choose_home


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

    Raises BadInput with DuckDB's message.
    """
    import duckdb

    from rindoku.archive import open_archive
    from rindoku.errors import BadInput
    from rindoku.settings import load_settings

    settings = load_settings()
    with open_archive(settings).read() as con:
        try:
            # SET takes no parameters; the zone was checked when the settings were read.
            con.execute(f"SET TimeZone = '{settings.timezone}'")
            cursor = con.execute(statement)
            columns = [column[0] for column in cursor.description or ()]
            return columns, cursor.fetchall()
        except duckdb.Error as error:
            raise BadInput(
                f"DuckDB says: {error}",
                '`rindoku sql "SHOW ALL TABLES"` lists tables and views; the archive '
                "is read-only.",
            ) from None
