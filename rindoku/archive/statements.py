"""The SQL of rindoku lives in files: `migrations/`, `views/`, and `queries/` with one statement each."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
# In the wheel `sql/` lies inside the package, in the checkout beside it.
ROOT = next(p for p in (_PACKAGE / "sql", _PACKAGE.parent / "sql") if p.is_dir())


@cache
def query(name: str) -> str:
    """Text of `sql/queries/<name>.sql`."""
    return (ROOT / "queries" / f"{name}.sql").read_text(encoding="utf-8")


@cache
def migrations() -> tuple[tuple[int, str, str], ...]:
    """`(number, name, text)` of each migration, in order."""
    files = sorted((ROOT / "migrations").glob("*.sql"))
    return tuple(
        (int(f.name[:4]), f.stem, f.read_text(encoding="utf-8")) for f in files
    )


@cache
def views() -> tuple[tuple[str, str], ...]:
    """`(name, text)` of each view file, in the order of their numbered names."""
    files = sorted((ROOT / "views").glob("*.sql"))
    return tuple((f.stem, f.read_text(encoding="utf-8")) for f in files)
