"""Opening and copying the archive's files, with typed errors of DuckDB and the disk."""

import os
import shutil
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rindoku.archive.rows import Connection, closing_soon
from rindoku.disk import (
    HOME_SETTING,
    close_to_others,
    disk_full,
    folder_errors,
    is_there,
)
from rindoku.errors import (
    ArchiveBusy,
    ArchiveCorrupt,
    ArchiveError,
    ArchiveNewer,
    HomeUnusable,
)

# In DuckDB's messages about blocks whose bytes are not those that were written.
_DAMAGED = ("Corrupt database file", "Could not read enough bytes")
# The start of a write-ahead log: a field's number, 100, and the kind of its first
# entry, which is the log's version. After a power cut there may be zeros instead.
_LOG_STARTS = (b"d\0b", b"\0\0\0")
# In the header of a file, after a checksum.
_MAGIC, _MAGIC_AT = b"DUCK", 8
# DuckDB's own 256 KiB would make the file of a week ten times as large. A file keeps
# the size it was made with.
BLOCK_SIZE = 16384
# The smallest row groups that DuckDB can have, instead of 122,880 rows. It writes the
# last group of a table anew when rows are added to it, and texts are long.
SMALL_ROW_GROUP = 2048


def connect(path: Path, *, read_only: bool) -> Connection:
    """A new connection, not shared between threads; instants are returned in UTC.

    Raises ArchiveBusy, ArchiveNewer, ArchiveCorrupt or HomeUnusable.
    """
    import duckdb

    _check_header(path)
    check_log(path)
    # A reader has no other settings than any other connection of the same process has:
    # DuckDB refuses to open a file twice with different ones.
    with _open_errors(path):
        if read_only:
            connection = duckdb.connect(path, read_only=True)
        else:
            connection = duckdb.connect(
                path, config={"default_block_size": str(BLOCK_SIZE)}
            )
            # What is written in place is the owner's; the published copy never is.
            close_to_others(path)
        connection.execute("SET TimeZone = 'UTC'")
    return connection


# The instance of DuckDB that is kept for the next use, if there is one. An instance has
# threads of its own, which a forked process does not inherit.
_SPARE: deque[Connection] = deque()
os.register_at_fork(after_in_child=_SPARE.clear)


@contextmanager
def instance() -> Iterator[Connection]:
    """A connection that has no file yet, not shared between threads.

    Files are attached to it, and detached at the end. To start DuckDB takes longer than
    to open a file, so that the instance is kept unless its use failed. It has one
    thread: rindoku's statements are so small that more only wait for each other.
    """
    import duckdb

    try:
        base = _SPARE.pop()
    except IndexError:
        base = duckdb.connect(
            config={"default_block_size": str(BLOCK_SIZE), "threads": "1"}
        )
        base.execute("SET GLOBAL TimeZone = 'UTC'")
    try:
        with closing_soon(base.cursor()) as connection:
            yield connection
        _detach_all(base)
    except BaseException:
        base.close()
        raise
    if _SPARE:
        base.close()
    else:
        _SPARE.append(base)


def _detach_all(base: Connection) -> None:
    rows = base.execute(
        "SELECT database_name FROM duckdb_databases() "
        "WHERE NOT internal AND database_name <> 'memory'"
    ).fetchall()
    for (name,) in rows:
        base.execute(f"DETACH {name}")


def attach(
    con: Connection,
    path: Path,
    catalog: str,
    *,
    read_only: bool,
    row_group: int | None = None,
) -> None:
    """Attaches another file, which is created when it is not there.

    `row_group` is the number of rows in a row group of its tables. Raises ArchiveBusy,
    ArchiveNewer, ArchiveCorrupt or HomeUnusable.
    """
    _check_header(path)
    check_log(path)
    # ATTACH takes no parameters; this is our own path, with its quotes doubled.
    quoted = str(path).replace("'", "''")
    options = ["READ_ONLY"] if read_only else []
    if row_group:
        options.append(f"ROW_GROUP_SIZE {row_group}")
    settings = f"({', '.join(options)})" if options else ""
    with _open_errors(path):
        con.execute(f"ATTACH '{quoted}' AS {catalog} {settings}")
    if not read_only:
        # What is written in place is the owner's; the published copy never is.
        close_to_others(path)


def attach_facts(con: Connection, path: Path, *, read_only: bool) -> None:
    """Attaches a file of facts as the current database of an instance."""
    attach(con, path, path.stem, read_only=read_only)
    con.execute(f"USE {path.stem}.main")


def detach_facts(con: Connection, path: Path) -> None:
    """Detaches a file of facts, so that another instance may open it."""
    con.execute("USE memory.main")
    con.execute(f"DETACH {path.stem}")


def attach_private(
    con: Connection, path: Path, catalog: str, *, read_only: bool
) -> None:
    """Attaches the private file, as `attach` does."""
    row_group = None if read_only else SMALL_ROW_GROUP
    attach(con, path, catalog, read_only=read_only, row_group=row_group)


def _check_header(path: Path) -> None:
    """Raises ArchiveCorrupt for what is no database of DuckDB, before DuckDB opens it.

    DuckDB would wait for a pipe, and download an extension for a database of SQLite.
    """
    if not is_there(path):
        return
    try:
        reason = _find_flaw(path)
    except PermissionError as error:
        raise _no_access(path) from error
    if reason:
        raise ArchiveCorrupt(f"{path} {reason}.")


def _find_flaw(path: Path) -> str:
    """Why a path is no database, empty if it may be one."""
    if not path.exists():
        return f"is a link to {path.readlink()}, which is not there"
    if path.is_dir():
        return "is a folder, not a database"
    if not path.is_file():
        return "is not a file"
    with path.open("rb") as file:
        start = file.read(len(_MAGIC) + _MAGIC_AT)
    if not start:
        return "is empty"
    return "" if start[_MAGIC_AT:] == _MAGIC else "is not a database of DuckDB"


def log_path(path: Path) -> Path:
    """The write-ahead log of a file, which is there after a kill only."""
    return path.with_name(f"{path.name}.wal")


def check_log(path: Path) -> None:
    """Raises ArchiveCorrupt for a write-ahead log that is none.

    DuckDB would pass over it, and what a killed run had committed would be lost without
    a word.
    """
    log = log_path(path)
    if not log.is_file():
        return
    with log.open("rb") as file:
        start = file.read(3)
    if len(start) == 3 and start not in _LOG_STARTS:
        raise ArchiveCorrupt(
            f"{log} is not a write-ahead log of DuckDB.",
            "Nothing was changed. Put back the one that belongs to the file, or move "
            "it away: what a killed run wrote last is lost then.",
        )


def block_size(con: Connection) -> int:
    """The size of the blocks of the current database, in bytes."""
    row = con.execute(
        "SELECT block_size FROM pragma_database_size() "
        "WHERE database_name = current_database()"
    ).fetchone()
    return int(row[0]) if row else 0


def copy_durably(path: Path, target: Path, mode: int | None = None) -> None:
    """Copies a file in one step, so that readers see the old target or the new one."""
    unfinished = target.with_suffix(f".{os.getpid()}.part")
    try:
        shutil.copyfile(path, unfinished)
        with unfinished.open("rb") as copy:
            os.fsync(copy.fileno())
        if mode is not None:
            unfinished.chmod(mode)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def interruptible() -> Iterator[None]:
    """Raises what a signal raised while DuckDB worked: KeyboardInterrupt, or Prefect's.

    DuckDB raises RuntimeError or its own InterruptException instead, which would be
    taken for a bug.
    """
    import duckdb

    try:
        yield
    except (RuntimeError, duckdb.InterruptException) as error:
        is_signal = isinstance(error, duckdb.InterruptException)
        if not is_signal and str(error) != "Query interrupted":
            raise
        raise (error.__cause__ or KeyboardInterrupt()) from None


@contextmanager
def _open_errors(path: Path) -> Iterator[None]:
    import duckdb

    try:
        with interruptible():
            yield
    except duckdb.IOException as error:
        raise _open_error(path, str(error)) from error
    except (
        duckdb.SerializationException,
        duckdb.InternalException,
        duckdb.CatalogException,
    ) as error:
        raise _corrupt(path, str(error)) from error


@contextmanager
def damage_errors(path: Path) -> Iterator[None]:
    """Turns what DuckDB says of damage that it only meets in a query into a message.

    `path` is the file, or the folder of those that are open.
    """
    import duckdb

    try:
        with interruptible():
            yield
    except (duckdb.IOException, duckdb.FatalException) as error:
        # Others are those of the disk, for `disk_errors`.
        if not any(words in str(error) for words in _DAMAGED):
            raise
        raise _damaged(path, str(error)) from error
    except (duckdb.SerializationException, duckdb.InternalException) as error:
        raise _damaged(path, str(error)) from error


def _damaged(path: Path, message: str) -> ArchiveCorrupt:
    place = f"A file in {path}" if path.is_dir() else str(path)
    return ArchiveCorrupt(
        f"{place} is damaged ({message.splitlines()[0]}).",
        "Put a backup in its place; the README's section on backups says how.",
    )


@contextmanager
def disk_errors(folder: Path, setting: str = HOME_SETTING) -> Iterator[None]:
    """Turns what Python and DuckDB say of the disk into HomeUnusable."""
    import duckdb

    try:
        with folder_errors(folder, setting), interruptible():
            yield
    except duckdb.Error as error:
        if "No space left" in str(error):
            raise disk_full(folder) from error
        if isinstance(error, duckdb.IOException):
            raise HomeUnusable(
                f"A file in {folder} cannot be used ({str(error).splitlines()[0]}).",
                f"Put that right, or set {setting} to another folder.",
            ) from error
        raise


def _open_error(path: Path, message: str) -> ArchiveError | HomeUnusable:
    if "Could not set lock" in message or "Conflicting lock" in message:
        return ArchiveBusy(
            f"Another process has {path} open (lock {_lock_holder(message)}).",
            "Close it (a DuckDB shell?) and run again. To query the archive while "
            "rindoku writes, open archive.duckdb in the home folder read-only instead.",
        )
    if "newer version" in message or "version number" in message:
        return ArchiveNewer(
            f"{path} was written by a newer version of DuckDB.",
            "Install the newest rindoku; the file was not changed.",
        )
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return _no_access(path)
    if path.exists():
        return _corrupt(path, message)
    return HomeUnusable(
        f"{path} cannot be created: {message}", "Choose another RINDOKU_HOME or --home."
    )


def _no_access(path: Path) -> HomeUnusable:
    return HomeUnusable(
        f"{path} cannot be opened: permission denied.", "Change its permissions."
    )


def _lock_holder(message: str) -> str:
    """The lock's holder, from DuckDB's message: `held in /usr/bin/duckdb (PID 7)`."""
    start = message.find("held in")
    if start < 0:
        return "held elsewhere"
    return message[start:].split(". See", maxsplit=1)[0]


def _corrupt(path: Path, message: str) -> ArchiveCorrupt:
    first_line = message.splitlines()[0] if message else "unreadable"
    return ArchiveCorrupt(f"{path} is not a readable archive ({first_line}).")
