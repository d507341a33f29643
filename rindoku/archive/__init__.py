"""The archive: the truth in DuckDB, and a published copy for everybody who reads.

All SQL and every transaction of rindoku are in this package: `Archive` opens the file,
and each module beside it holds the statements of one group of tables. Their functions
take a connection of `Archive.write()`, `read_latest()` or `read()`: `find_*` returns
0..n rows, `get_*` exactly one or raises NotFound, `pending_*` what is missing, and
`save_*` adds rows by key, so that saving the same thing twice changes nothing.
"""

from rindoku.archive.database import Archive
from rindoku.archive.rows import Connection

__all__ = ["Archive", "Connection"]
