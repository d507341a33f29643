"""The schema of the archive's two files: their versions, and missing migrations."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rindoku.archive.listings import keep_own_entries
from rindoku.archive.rows import Connection, give_up
from rindoku.archive.statements import Migration, migrations, private_migrations, views
from rindoku.errors import ArchiveCorrupt, ArchiveNewer

# The schema from which on weeks have listings.
_LISTINGS = 10
MIGRATIONS_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version    INTEGER PRIMARY KEY,
    name       VARCHAR NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL
)
"""

_FOREIGN = "is a DuckDB file, but not a rindoku archive"


def newest_version() -> int:
    """The schema version of this rindoku."""
    return migrations()[-1].number


def newest_private_version() -> int:
    """The schema version of this rindoku's private file."""
    return private_migrations()[-1].number


def check_version(con: Connection, path: Path) -> int:
    """The schema version of a file of facts, the current database; 0 for an empty one.

    Raises ArchiveNewer for a file of a newer rindoku, ArchiveCorrupt for a DuckDB file
    that is not an archive, or is the private file.
    """
    return check_copy_version(con, path, path.stem)


def check_copy_version(con: Connection, path: Path, catalog: str) -> int:
    """The schema version of a file of facts that is attached as `catalog`."""
    return _check_version(con, path, catalog, migrations())


def check_private_version(con: Connection, path: Path, catalog: str) -> int:
    """The schema version of a private file that is attached as `catalog`."""
    return _check_version(con, path, catalog, private_migrations())


def _check_version(
    con: Connection, path: Path, catalog: str, expected: Sequence[Migration]
) -> int:
    applied = _find_applied(con, path, catalog)
    if not applied:
        return 0
    # Both files count from 1, so that only names tell which of the two it is.
    first = applied[min(applied)]
    if first != expected[0].name:
        kinds = {
            migrations()[0].name: "is a file of facts, not the private file",
            private_migrations()[0].name: "is a private file, not one of facts",
        }
        raise ArchiveCorrupt(f"{path} {kinds.get(first, _FOREIGN)}.")
    version, newest = max(applied), expected[-1].number
    if version > newest:
        raise ArchiveNewer(
            f"{path} has schema {version}; this rindoku supports up to {newest}.",
            "Install the newest rindoku; the file was not changed.",
        )
    return version


def _find_applied(con: Connection, path: Path, catalog: str) -> dict[int, str]:
    """The names of the migrations that a file has, by their numbers."""
    import duckdb

    try:
        # The catalog is a name of ours, never outside input.
        table = f"{catalog}.main.schema_migrations"
        sql = f"SELECT version::INTEGER, name FROM {table}"  # noqa: S608
        return dict(con.execute(sql).fetchall())
    except (
        duckdb.CatalogException,
        duckdb.BinderException,
        duckdb.ConversionException,
    ):
        tables = con.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE database_name = ?", [catalog]
        ).fetchone()
        if tables != (0,):
            raise ArchiveCorrupt(f"{path} {_FOREIGN}.") from None
        return {}


@contextmanager
def _current_database(con: Connection, catalog: str) -> Iterator[None]:
    """Makes an attached file the current database for a while."""
    row = con.execute("SELECT current_database()").fetchone()
    con.execute(f"USE {catalog}.main")
    try:
        yield
    finally:
        con.execute(f"USE {row[0] if row else ''}.main")


def migrate(con: Connection, path: Path, *, below: int | None = None) -> None:
    """Applies each missing migration in one transaction, the views with the last.

    With `below`, only migrations with a lower number, and no views. `path` is in the
    writer's folder of a home, whose digests.toml may be needed.
    """
    version = check_version(con, path)
    missing = [migration for migration in migrations() if migration.number > version]
    if below is not None:
        missing = [migration for migration in missing if migration.number < below]
        _apply_all(con, missing, ())
        return

    def keep_entries() -> None:
        if version < _LISTINGS:
            keep_own_entries(con, path.parent.parent)

    _apply_all(con, missing, views(), keep_entries)


def migrate_private(con: Connection, path: Path, catalog: str) -> None:
    """Applies each missing migration of a private file, attached as `catalog`."""
    version = check_private_version(con, path, catalog)
    missing = [m for m in private_migrations() if m.number > version]
    if not missing:
        return
    with _current_database(con, catalog):
        _apply_all(con, missing, ())


def _apply_all(
    con: Connection,
    missing: Sequence[Migration],
    last: Sequence[str],
    finish: Callable[[], None] | None = None,
) -> None:
    """Applies each migration in a transaction.

    The statements `last`, and then `finish`, belong to the transaction of the last one.
    """
    for migration in missing:
        con.begin()
        try:
            con.execute(MIGRATIONS_TABLE)
            con.execute(migration.sql)
            con.execute(
                "INSERT INTO schema_migrations VALUES (?, ?, ?)",
                [migration.number, migration.name, datetime.now(UTC)],
            )
            if migration is missing[-1]:
                for statement in last:
                    con.execute(statement)
                if finish is not None:
                    finish()
        except BaseException:
            give_up(con)
            con.rollback()
            raise
        con.commit()
