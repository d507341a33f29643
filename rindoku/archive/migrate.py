"""The archive's schema: which version a file has, and the migrations it lacks."""

from datetime import UTC, datetime
from pathlib import Path

from rindoku.archive.rows import Connection
from rindoku.archive.statements import Migration, migrations, views
from rindoku.errors import ArchiveCorrupt, ArchiveNewer

_MIGRATIONS_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version    INTEGER PRIMARY KEY,
    name       VARCHAR NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL
)
"""


def newest_version() -> int:
    """The schema version of this rindoku."""
    return migrations()[-1].number


def check_version(con: Connection, path: Path) -> int:
    """The schema version of a file; 0 for an empty one.

    Raises ArchiveNewer for a file of a newer rindoku, ArchiveCorrupt for a DuckDB file
    that is not an archive.
    """
    import duckdb

    try:
        row = con.execute(
            "SELECT coalesce(max(version), 0) FROM schema_migrations"
        ).fetchone()
    except duckdb.CatalogException:
        if con.execute("SELECT count(*) FROM duckdb_tables()").fetchone() != (0,):
            raise ArchiveCorrupt(
                f"{path} is a DuckDB file, but not a rindoku archive.",
                "It was not changed. Set RINDOKU_HOME or --home to another folder.",
            ) from None
        return 0
    version = int(row[0]) if row else 0
    if version > newest_version():
        raise ArchiveNewer(
            f"{path} has schema {version}; this rindoku supports up to "
            f"{newest_version()}.",
            "Install the newest rindoku (`make install`); the file was not changed.",
        )
    return version


def migrate(con: Connection, path: Path) -> None:
    """Applies each missing migration in one transaction, then the views."""
    version = check_version(con, path)
    missing = [migration for migration in migrations() if migration.number > version]
    if not missing:
        return
    for migration in missing:
        _apply(con, migration)
    con.begin()
    for view in views():
        con.execute(view)
    con.commit()


def _apply(con: Connection, migration: Migration) -> None:
    """Applies a migration and records it, in one transaction."""
    con.begin()
    try:
        con.execute(_MIGRATIONS_TABLE)
        con.execute(migration.sql)
        con.execute(
            "INSERT INTO schema_migrations VALUES (?, ?, ?)",
            [migration.number, migration.name, datetime.now(UTC)],
        )
    except BaseException:
        con.rollback()
        raise
    con.commit()
