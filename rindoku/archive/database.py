"""Opening, locking, migrating and publishing the archive's file."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rindoku.archive.statements import migrations, views
from rindoku.errors import (
    ArchiveBusy,
    ArchiveCorrupt,
    ArchiveError,
    ArchiveMissing,
    ArchiveNewer,
    HomeUnusable,
)

if TYPE_CHECKING:
    import duckdb

LOCK_PATIENCE_S = 120.0


class Archive:
    """The archive in a home folder.

    `path` is the published copy that anybody may open read-only; `writer_path` is the file that
    rindoku writes. Connections are never shared between threads: each `write()` opens its own.
    """

    def __init__(self, home: Path, lock_patience_s: float = LOCK_PATIENCE_S) -> None:
        self.home = home
        self.path = home / "archive.duckdb"
        self.writer_path = home / "writer" / "archive.duckdb"
        self._lock_path = home / "writer" / "lock"
        self._patience_s = lock_patience_s

    @contextmanager
    def write(self) -> Iterator["duckdb.DuckDBPyConnection"]:
        """One transaction on the writer's file, committed at the end, rolled back on any error.

        Waits its turn behind other writers. Raises ArchiveBusy, ArchiveNewer, ArchiveCorrupt or
        HomeUnusable.
        """
        with self._turn(), _disk_errors(self.home):
            connection = _connect(self.writer_path, read_only=False)
            try:
                _migrate(connection, self.writer_path)
                connection.begin()
                try:
                    yield connection
                except BaseException:
                    connection.rollback()
                    raise
                connection.commit()
            finally:
                connection.close()

    @contextmanager
    def read(self) -> Iterator["duckdb.DuckDBPyConnection"]:
        """The published copy, read-only. Never waits, but for an upgrade of an older archive, once.

        Raises ArchiveMissing, ArchiveCorrupt, ArchiveNewer.
        """
        if not self.path.is_file():
            raise ArchiveMissing(
                f"There is no archive at {self.path}.",
                "Run `rindoku demo --home FOLDER` or `rindoku run`, or point RINDOKU_HOME at its folder.",
            )
        connection = _connect(self.path, read_only=True)
        try:
            if _check_version(connection, self.path) < migrations()[-1][0]:
                # Written by an older rindoku: what it lacks is added to the writer's file, and that is published.
                connection.close()
                self.publish()
                connection = _connect(self.path, read_only=True)
            yield connection
        finally:
            connection.close()

    def publish(self) -> Path:
        """Replaces the published copy by the writer's file as it stands; returns its path."""
        with self._turn(), _disk_errors(self.home):
            # Opening and closing writes back what a killed process left in the write-ahead log.
            connection = _connect(self.writer_path, read_only=False)
            try:
                _migrate(connection, self.writer_path)
                connection.execute("CHECKPOINT")
            finally:
                connection.close()
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
        """Writes the writer's file anew: deleted rows leave their bytes in a DuckDB file, this does not."""
        with self._turn(), _disk_errors(self.home):
            fresh = self.writer_path.with_suffix(".fresh")
            fresh.unlink(missing_ok=True)
            connection = _connect(self.writer_path, read_only=False)
            try:
                _migrate(connection, self.writer_path)
                # Our own path, quoted; ATTACH takes no parameters.
                connection.execute(
                    f"ATTACH '{str(fresh).replace(chr(39), chr(39) * 2)}' AS fresh"
                )
                connection.execute("COPY FROM DATABASE archive TO fresh")
                connection.execute("DETACH fresh")
            finally:
                connection.close()
            fresh.replace(self.writer_path)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        # Only writers need it, and it is not free to import.
        from filelock import FileLock, Timeout

        with _disk_errors(self.home):
            self._lock_path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._lock_path, timeout=self._patience_s)
            try:
                lock.acquire()
            except Timeout:
                raise ArchiveBusy(
                    f"Another rindoku has been writing to {self.writer_path} for over {self._patience_s:.0f} s.",
                    "Wait for it to finish, or end it, then run again; nothing is lost.",
                ) from None
        try:
            yield
        finally:
            lock.release()


def _connect(path: Path, *, read_only: bool) -> "duckdb.DuckDBPyConnection":
    import duckdb

    try:
        connection = duckdb.connect(path, read_only=read_only)
        connection.execute("SET TimeZone = 'UTC'")
    except duckdb.IOException as error:
        raise _open_error(path, str(error)) from error
    except (
        duckdb.SerializationException,
        duckdb.InternalException,
        duckdb.CatalogException,
    ) as error:
        raise _corrupt(path, str(error)) from error
    return connection


def _open_error(path: Path, message: str) -> ArchiveError | HomeUnusable:
    if "Could not set lock" in message or "Conflicting lock" in message:
        holder = (
            message[message.find("held in") :].split(". See", maxsplit=1)[0]
            if "held in" in message
            else "held elsewhere"
        )
        return ArchiveBusy(
            f"Another process has {path} open (lock {holder}).",
            "Close it (a DuckDB shell, perhaps) and run again; to look into the archive while rindoku "
            "writes, open archive.duckdb in the home folder read-only instead.",
        )
    if "newer version" in message or "version number" in message:
        return ArchiveNewer(
            f"{path} was written by a newer DuckDB than this one can read.",
            "Install the newest rindoku (`make install`); the file is untouched.",
        )
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return HomeUnusable(
            f"{path} can't be opened: permission denied.", "Give yourself access to it."
        )
    if path.exists():
        return _corrupt(path, message)
    return HomeUnusable(
        f"{path} can't be created: {message}", "Choose another RINDOKU_HOME or --home."
    )


def _corrupt(path: Path, message: str) -> ArchiveCorrupt:
    first_line = message.splitlines()[0] if message else "unreadable"
    other = (
        "the published archive.duckdb"
        if path.parent.name == "writer"
        else "writer/archive.duckdb"
    )
    return ArchiveCorrupt(
        f"{path} is not a readable archive ({first_line}).",
        f"It is left as it is. Move it away and copy {other} or a backup of yours in its place.",
    )


def _check_version(connection: "duckdb.DuckDBPyConnection", path: Path) -> int:
    import duckdb

    newest = migrations()[-1][0]
    try:
        row = connection.execute(
            "SELECT coalesce(max(version), 0) FROM schema_migrations"
        ).fetchone()
    except duckdb.CatalogException:
        if connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() != (
            0,
        ):
            raise ArchiveCorrupt(
                f"{path} is a DuckDB file, but no rindoku archive.",
                "It is left as it is. Point RINDOKU_HOME or --home at another folder.",
            ) from None
        return 0
    version = row[0] if row else 0
    if version > newest:
        raise ArchiveNewer(
            f"{path} has schema {version}, this rindoku knows up to {newest}.",
            "Install the newest rindoku (`make install`); the file is untouched.",
        )
    return int(version)


def _migrate(connection: "duckdb.DuckDBPyConnection", path: Path) -> None:
    """Applies what is missing, each migration in one transaction with its record, then the views."""
    current = _check_version(connection, path)
    missing = [m for m in migrations() if m[0] > current]
    if not missing:
        return
    for number, name, text in missing:
        connection.begin()
        try:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS schema_migrations "
                "(version INTEGER PRIMARY KEY, name VARCHAR NOT NULL, applied_at TIMESTAMPTZ NOT NULL)"
            )
            connection.execute(text)
            connection.execute(
                "INSERT INTO schema_migrations VALUES (?, ?, ?)",
                [number, name, datetime.now(UTC)],
            )
        except BaseException:
            connection.rollback()
            raise
        connection.commit()
    connection.begin()
    for _, text in views():
        connection.execute(text)
    connection.commit()


@contextmanager
def _disk_errors(home: Path) -> Iterator[None]:
    import duckdb

    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise _no_space(home) from error
        if error.errno in {
            errno.EACCES,
            errno.EPERM,
            errno.EROFS,
            errno.ENOTDIR,
            errno.EEXIST,
        }:
            raise HomeUnusable(
                f"The home folder {home} can't be written: {error.strerror or error}.",
                "Choose another with RINDOKU_HOME or --home, or give yourself access.",
            ) from error
        raise
    except duckdb.Error as error:
        if "No space left" in str(error):
            raise _no_space(home) from error
        raise


def _no_space(home: Path) -> HomeUnusable:
    return HomeUnusable(
        f"The disk of {home} is full.",
        "Free some space and run again: it goes on where it stopped, nothing saved is lost.",
    )
