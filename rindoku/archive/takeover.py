"""The step to two files, for a new archive and for one of release 0.1, which had one.

The private file is made first, and texts are copied there before the facts lose them. A
run that is killed in between leaves the old file as it was, and the next one copies
again: what is private is addressed by its content, so that nothing is there twice.
"""

from pathlib import Path

from rindoku.archive.connection import attach_private, connect, copy_durably
from rindoku.archive.migrate import check_version, migrate, migrate_private
from rindoku.archive.rows import Connection, closing_soon
from rindoku.archive.statements import takeover

# The first schema without private texts.
_TWO_FILES = 8
# Another name than the usual one, as the old file has a schema of that name.
_CATALOG = "texts"
# Copies that are kept of the facts before something changed them.
BACKUPS = "archive.before-*.duckdb"


def has_two_files(con: Connection, path: Path) -> bool:
    """Whether the private texts are in a file of their own."""
    return check_version(con, path) >= _TWO_FILES


def backup_path(path: Path) -> Path:
    """Where the single file is kept after its texts were moved."""
    return path.with_suffix(f".before-schema-{_TWO_FILES}.duckdb")


def old_backups(folder: Path) -> list[Path]:
    """Backups that have private texts beside their facts."""
    return [path for path in sorted(folder.glob(BACKUPS)) if _has_texts(path)]


def _has_texts(path: Path) -> bool:
    with closing_soon(connect(path, read_only=True)) as connection:
        # A schema's name is in the catalog of its database.
        row = connection.execute(
            "SELECT count(*) FROM duckdb_schemas() WHERE schema_name = 'raw'"
        ).fetchone()
    return row != (0,)


def has_rows(con: Connection, path: Path) -> bool:
    """Whether a file has more than the tables that a killed process had begun."""
    if check_version(con, path) == 0:
        return False
    tables = con.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() "
        "WHERE table_name <> 'schema_migrations'"
    ).fetchall()
    return any(
        # Names are those of the archive's own schema.
        con.execute(f"FROM {schema}.{table} LIMIT 1").fetchone()
        for schema, table in tables
    )


def make_two_files(path: Path, private_path: Path) -> None:
    """Makes the private file, and moves the texts of a single file there.

    A single file with rows is backed up first, beside it.
    """
    with closing_soon(connect(path, read_only=False)) as connection:
        is_worth_keeping = has_rows(connection, path)
        connection.execute("CHECKPOINT")
    if is_worth_keeping:
        copy_durably(path, backup_path(path), mode=0o600)
    with closing_soon(connect(path, read_only=False)) as connection:
        migrate(connection, path, below=_TWO_FILES)
        attach_private(connection, private_path, _CATALOG, read_only=False)
        migrate_private(connection, private_path, _CATALOG)
        connection.execute(takeover())
        # The texts are on the disk before the facts' file loses them.
        connection.execute(f"CHECKPOINT {_CATALOG}")
        connection.execute(f"DETACH {_CATALOG}")
        migrate(connection, path)
