"""The archive: one DuckDB file that is the truth, and a published copy for everybody who reads.

Writers queue at a file lock and hold the writer's file for one short transaction each. Readers open
the published copy, which is replaced by rename and therefore never waits and is never half-written.
"""

from rindoku.archive.database import Archive

__all__ = ["Archive"]
