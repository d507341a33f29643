"""What the published copy has that the facts lack.

A copy of the facts has no row that they lack, unless the facts were replaced by older
ones: then publishing would replace more by less.
"""

from collections.abc import Mapping
from pathlib import Path

from rindoku.archive.connection import attach, copy_durably
from rindoku.archive.migrate import check_copy_version
from rindoku.archive.rows import Connection, closing_soon, fetch_rows
from rindoku.disk import is_there
from rindoku.errors import ArchiveBusy, ArchiveIncomplete

_COPY = "copy"
# Keys of the copy's tables that the facts have too, perhaps as a view of that name.
_KEYS = """
SELECT c.table_name, c.constraint_column_names AS keys
FROM duckdb_constraints() AS c
WHERE c.database_name = $owner AND c.schema_name = 'main'
    AND c.constraint_type = 'PRIMARY KEY'
    AND len(c.constraint_column_names) = (
        SELECT count(*)
        FROM duckdb_columns() AS o
        WHERE o.database_name = $other AND o.schema_name = 'main'
            AND o.table_name = c.table_name
            AND list_contains(c.constraint_column_names, o.column_name)
    )
"""


def check_published(con: Connection, facts: Path, published: Path) -> None:
    """Raises ArchiveIncomplete when the copy has rows that the facts lack.

    `con` is open on the facts. Raises ArchiveCorrupt or ArchiveNewer for a copy that
    cannot be read or is something else.
    """
    lacking = find_lacking(con, facts, published)
    if lacking:
        tables = ", ".join(f"{table} {count}" for table, count in lacking.items())
        raise ArchiveIncomplete(
            f"The published copy {published} has rows that {facts} lacks ({tables}): "
            "the facts are older, or of another archive.",
            "To take the copy's rows: `rindoku restore`. To keep the facts as they "
            "are, move the copy away, or set RINDOKU_PUBLISHED to another folder. "
            "Nothing was changed.",
        )


def find_lacking(con: Connection, facts: Path, published: Path) -> Mapping[str, int]:
    """How many rows of the copy the facts lack, by table."""
    return _compare(con, facts, published, owner=_COPY, other=facts.stem)


def find_unpublished(
    con: Connection, facts: Path, published: Path
) -> Mapping[str, int]:
    """How many rows of the facts the copy lacks, by table."""
    return _compare(con, facts, published, owner=facts.stem, other=_COPY)


def _compare(
    con: Connection, facts: Path, published: Path, *, owner: str, other: str
) -> Mapping[str, int]:
    if not is_there(published):
        return {}
    try:
        attach(con, published, _COPY, read_only=True)
    except ArchiveBusy:
        # Somebody's DuckDB shell has it open; publishing does not wait for that.
        readable = facts.with_name("published.copy")
        copy_durably(published, readable, mode=0o600)
        try:
            attach(con, readable, _COPY, read_only=True)
            return _count_all(con, published, owner, other)
        finally:
            readable.unlink()
    return _count_all(con, published, owner, other)


def _count_all(
    con: Connection, published: Path, owner: str, other: str
) -> Mapping[str, int]:
    try:
        check_copy_version(con, published, _COPY)
        return dict(sorted(_count(con, owner, other)))
    finally:
        con.execute(f"DETACH {_COPY}")


def _count(con: Connection, owner: str, other: str) -> list[tuple[str, int]]:
    with closing_soon(con.cursor()) as cursor:
        tables = fetch_rows(cursor, _KEYS, owner=owner, other=other)
        # One statement for all: most of them take less time than it takes to plan them.
        # Names are those of the archive's own schema.
        counts = [
            f"SELECT '{table['table_name']}' AS name, count(*) AS n "  # noqa: S608
            f"FROM {owner}.main.{table['table_name']} "
            f"ANTI JOIN {other}.main.{table['table_name']} "
            f"USING ({', '.join(table['keys'])})"
            for table in tables
        ]
        if not counts:
            return []
        rows = fetch_rows(cursor, " UNION ALL ".join(counts))
    return [(row["name"], row["n"]) for row in rows if row["n"]]
