"""The archive's SQL files: migrations, views, and queries with one statement each."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

# In the checkout a link to the folder at the top.
ROOT = Path(__file__).parent.parent / "sql"


class Migration(NamedTuple):
    """A step of the schema: statements that are applied in one transaction."""

    number: int
    name: str
    sql: str


@cache
def query(name: str) -> str:
    """Text of `sql/queries/<name>.sql`; a name is for example `papers/version`."""
    return (ROOT / "queries" / f"{name}.sql").read_text(encoding="utf-8")


@cache
def migrations() -> tuple[Migration, ...]:
    """The migrations of the archive's file, in order."""
    return _read_migrations("migrations")


@cache
def private_migrations() -> tuple[Migration, ...]:
    """The migrations of the private file, in order."""
    return _read_migrations("private")


def _read_migrations(folder: str) -> tuple[Migration, ...]:
    files = sorted((ROOT / folder).glob("*.sql"))
    return tuple(
        Migration(int(file.name[:4]), file.stem, file.read_text(encoding="utf-8"))
        for file in files
    )


def takeover() -> str:
    """The statements that copy the private texts of a single file to their own."""
    return (ROOT / "takeover" / "single_file.sql").read_text(encoding="utf-8")


@cache
def views() -> tuple[str, ...]:
    """Text of each view file, in the order of their numbered names."""
    files = sorted((ROOT / "views").glob("*.sql"))
    return tuple(file.read_text(encoding="utf-8") for file in files)
