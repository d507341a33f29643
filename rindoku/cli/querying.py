"""One statement by an analyst against the published copy."""

from typing import Any

from rindoku.archive import Archive
from rindoku.errors import BadInput
from rindoku.settings import load_settings


def query_archive(statement: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows; instants in the configured zone. Raises BadInput with DuckDB's own words."""
    import duckdb

    settings = load_settings()
    with Archive(settings.home_path).read() as con:
        try:
            # SET takes no parameters; the zone was checked against the zone database when it was read.
            con.execute(f"SET TimeZone = '{settings.timezone}'")
            cursor = con.execute(statement)
            names = [column[0] for column in cursor.description or ()]
            return names, cursor.fetchall()
        except duckdb.Error as error:
            raise BadInput(
                f"DuckDB says: {error}",
                '`rindoku sql "SHOW ALL TABLES"` lists tables and views; the archive is read-only.',
            ) from None
