"""The archive's two files: the one that is written, and the copy that is published.

Writers queue at a file lock and hold the writer's file for one short transaction each.
Readers open the published copy, which is replaced by a rename, so that they never wait
and never see an incomplete write.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rindoku.archive.connection import connect, disk_errors
from rindoku.archive.migrate import check_version, migrate, newest_version
from rindoku.archive.rows import Connection
from rindoku.errors import ArchiveBusy, ArchiveMissing

LOCK_PATIENCE_S = 120.0


class Archive:
    """The archive in a home folder.

    `path` is the published copy, which any program may open read-only; `writer_path` is
    the file that rindoku writes. Connections are not shared between threads: each
    method opens one. All raise ArchiveBusy, ArchiveNewer, ArchiveCorrupt or
    HomeUnusable.
    """

    def __init__(self, home: Path, lock_patience_s: float = LOCK_PATIENCE_S) -> None:
        self.home = home
        self.path = home / "archive.duckdb"
        self.writer_path = home / "writer" / "archive.duckdb"
        self._lock_path = home / "writer" / "lock"
        self._patience_s = lock_patience_s

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction on the writer's file.

        Waits for other writers. Commits at the end, rolls back on an error.
        """
        with self._turn(), self._open_for_writing() as connection:
            connection.begin()
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def read_latest(self) -> Iterator[Connection]:
        """The writer's file, read-only, with everything committed by now.

        Waits for writers. A file that does not exist yet, or has an older schema, is
        created or upgraded first.
        """
        with self._turn(), disk_errors(self.home):
            connection = self._connect_up_to_date()
            try:
                yield connection
            finally:
                connection.close()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """The published copy, read-only. Waits only while an older archive is upgraded.

        Raises ArchiveMissing as well.
        """
        if not self.path.is_file():
            raise ArchiveMissing(
                f"There is no archive at {self.path}.",
                "Run `rindoku demo --home FOLDER` or `rindoku run`, or set RINDOKU_HOME"
                " to its folder.",
            )
        connection = connect(self.path, read_only=True)
        try:
            if check_version(connection, self.path) < newest_version():
                # The writer's file is upgraded, and published in place of this copy.
                connection.close()
                self.publish()
                connection = connect(self.path, read_only=True)
            yield connection
        finally:
            connection.close()

    def publish(self) -> Path:
        """Replaces the published copy by the writer's file; returns the copy's path."""
        with self._turn(), disk_errors(self.home):
            # Opening the file replays what a killed process left in the write-ahead
            # log.
            with self._open_for_writing() as connection:
                connection.execute("CHECKPOINT")
            unfinished = self.path.with_suffix(f".{os.getpid()}.part")
            try:
                shutil.copyfile(self.writer_path, unfinished)
                with unfinished.open("rb") as copy:
                    os.fsync(copy.fileno())
                unfinished.replace(self.path)
            finally:
                unfinished.unlink(missing_ok=True)
        return self.path

    def compact(self) -> None:
        """Rewrites the writer's file without the space that deleted rows still take."""
        with self._turn(), disk_errors(self.home):
            fresh = self.writer_path.with_suffix(".fresh")
            fresh.unlink(missing_ok=True)
            # ATTACH takes no parameters; this is our own path, with its quotes doubled.
            quoted = str(fresh).replace("'", "''")
            with self._open_for_writing() as connection:
                connection.execute(f"ATTACH '{quoted}' AS fresh")
                connection.execute("COPY FROM DATABASE archive TO fresh")
                connection.execute("DETACH fresh")
            fresh.replace(self.writer_path)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Lets one process or thread at a time open the writer's file."""
        # Only writers need it, and it is not free to import.
        from filelock import FileLock, Timeout

        with disk_errors(self.home):
            self._lock_path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._lock_path, timeout=self._patience_s)
            try:
                lock.acquire()
            except Timeout:
                raise ArchiveBusy(
                    f"Another rindoku has been writing to {self.writer_path} for over "
                    f"{self._patience_s:.0f} s.",
                    "Wait until it finishes, or stop it, and run again; nothing is "
                    "lost.",
                ) from None
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _open_for_writing(self) -> Iterator[Connection]:
        """The writer's file with the schema of this rindoku."""
        with disk_errors(self.home):
            connection = connect(self.writer_path, read_only=False)
            try:
                migrate(connection, self.writer_path)
                yield connection
            finally:
                connection.close()

    def _connect_up_to_date(self) -> Connection:
        """The writer's file read-only, created or upgraded first if necessary."""
        if self.writer_path.is_file():
            connection = connect(self.writer_path, read_only=True)
            if check_version(connection, self.writer_path) == newest_version():
                return connection
            connection.close()
        with self._open_for_writing():
            pass
        return connect(self.writer_path, read_only=True)
