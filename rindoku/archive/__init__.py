"""The archive: DuckDB files that are the source of truth, and a published copy.

All SQL of rindoku is in this package: `Archive` opens the files in a transaction, and
each other module has the statements of one group of tables. Their functions take a
connection from `Archive.write()`, `read_latest()` or `read()`: `find_*` returns 0..n
rows, `get_*` exactly one or raises NotFound, `pending_*` what is missing, and `save_*`
adds rows by key, so that saving the same thing twice changes nothing.
"""

from rindoku.archive.database import Archive, open_archive
from rindoku.archive.rows import Connection

__all__ = ["Archive", "Connection", "open_archive"]
