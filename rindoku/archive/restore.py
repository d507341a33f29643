"""A home with one of its files missing: reading what is left, and going on with it.

The published copy has every fact. Texts and answers from outside are in the private
file only; they are fetched again when they are needed.
"""

from collections.abc import Iterator
from pathlib import Path

from rindoku.archive.connection import (
    attach,
    attach_private,
    check_log,
    connect,
    copy_durably,
    log_path,
)
from rindoku.archive.files import Files
from rindoku.archive.migrate import (
    check_private_version,
    check_version,
    migrate_private,
    newest_version,
)
from rindoku.archive.published import find_lacking, find_unpublished
from rindoku.archive.rows import PRIVATE, Connection, closing_soon, fetch_rows
from rindoku.archive.takeover import has_rows, has_two_files
from rindoku.errors import ArchiveIncomplete


def connect_partly(facts: Path, private: Path) -> Connection:
    """Facts read-only, which may be the published copy, with the texts that are left.

    Raises ArchiveIncomplete for facts of an older schema, as they cannot be upgraded.
    """
    import duckdb

    check_log(facts)
    # A file that is opened read-only can have nothing empty attached; this can.
    connection = duckdb.connect(":memory:")
    try:
        _attach_partly(connection, facts, private)
    except BaseException:
        connection.close()
        raise
    return connection


def _attach_partly(connection: Connection, facts: Path, private: Path) -> None:
    connection.execute("SET TimeZone = 'UTC'")
    attach(connection, facts, facts.stem, read_only=True)
    connection.execute(f"USE {facts.stem}.main")
    if check_version(connection, facts) < newest_version():
        raise ArchiveIncomplete(
            f"{facts} has the schema of an older rindoku, and is only a copy.",
            "Adopt it with `rindoku restore`, which upgrades it.",
        )
    if private.exists():
        attach_private(connection, private, PRIVATE, read_only=True)
        check_private_version(connection, private, PRIVATE)
    else:
        connection.execute(f"ATTACH ':memory:' AS {PRIVATE}")
        migrate_private(connection, private, PRIVATE)


def missing_private(con: Connection, private: Path) -> ArchiveIncomplete:
    """The error for facts, open as `con`, without their private file."""
    return ArchiveIncomplete(
        f"{private} is missing, and with it {_gone(con)}.",
        "Put it back from a backup, or go on without them: `rindoku restore`. Nothing "
        "was changed.",
    )


def restore(files: Files) -> list[str]:
    """Makes good for missing facts by the published copy, and for missing texts by an
    empty private file; returns what was done.

    For the process that has the archive's turn. Raises what is wrong with a file that
    is there, before anything is changed.
    """
    unfit = files.find_unfit()
    if unfit is not None:
        raise unfit
    steps = list(_adopt(files))
    steps += _start_private(files)
    return steps


def _adopt(files: Files) -> Iterator[str]:
    """Takes the published copy as the facts, if they are missing or lack its rows."""
    backup: Path | None = None
    if not files.facts.exists():
        if not files.published.exists():
            files.check_facts()
            return
        # The copy is the facts now; only an upgrade will replace it by something else.
        if _is_old(files.published) or log_path(files.facts).exists():
            backup = _keep(files, files.published)
    elif _copy_has_more(files):
        if _is_worth_keeping(files.facts):
            backup = _keep(files, files.facts)
    else:
        return
    # It belongs to the file that is replaced, and was kept with it.
    log_path(files.facts).unlink(missing_ok=True)
    copy_durably(files.published, files.facts, mode=0o600)
    step = f"The published copy {files.published} was adopted as {files.facts}."
    if backup is not None:
        step += f" What was there before is kept as {backup}."
    yield step


def _is_worth_keeping(path: Path) -> bool:
    with closing_soon(connect(path, read_only=True)) as connection:
        return has_rows(connection, path)


def _has_schema(path: Path) -> bool:
    with closing_soon(connect(path, read_only=True)) as connection:
        return check_version(connection, path) > 0


def _is_old(path: Path) -> bool:
    with closing_soon(connect(path, read_only=True)) as connection:
        return check_version(connection, path) < newest_version()


def _copy_has_more(files: Files) -> bool:
    """Whether the copy has all rows of the facts, and more.

    Raises ArchiveIncomplete when each has rows that the other lacks.
    """
    with closing_soon(connect(files.facts, read_only=False)) as connection:
        if check_version(connection, files.facts) == 0:
            # As a killed process leaves a file that it had begun.
            return files.published.exists() and _has_schema(files.published)
        connection.execute("CHECKPOINT")
        if not find_lacking(connection, files.facts, files.published):
            return False
        only_here = find_unpublished(connection, files.facts, files.published)
    if only_here:
        tables = ", ".join(f"{table} {count}" for table, count in only_here.items())
        raise ArchiveIncomplete(
            f"{files.facts} and {files.published} each have rows that the other lacks "
            f"(only in the first: {tables}).",
            "Move the one that you don't want away; after moving the first, run "
            "`rindoku restore`. Nothing was changed.",
        )
    return True


def _keep(files: Files, path: Path) -> Path:
    """Copies a file, and a log that is there, to a backup whose name is not in use."""
    number = 1
    while (backup := _backup_path(files.facts, number)).exists():
        number += 1
    copy_durably(path, backup, mode=0o600)
    if log_path(files.facts).exists():
        log_path(files.facts).replace(log_path(backup).with_suffix(".log"))
    return backup


def _backup_path(facts: Path, number: int) -> Path:
    return facts.with_suffix(f".before-restore-{number}.duckdb")


def _start_private(files: Files) -> Iterator[str]:
    """Makes an empty private file where facts are without one."""
    if files.private.exists():
        return
    with closing_soon(connect(files.facts, read_only=False)) as connection:
        # The single file of release 0.1 has its texts still, and gives them at the
        # next write.
        if not has_two_files(connection, files.facts):
            return
        gone = _gone(connection)
        log_path(files.private).unlink(missing_ok=True)
        attach_private(connection, files.private, PRIVATE, read_only=False)
        migrate_private(connection, files.private, PRIVATE)
    yield (
        f"A new private file was started, without {gone}. Papers are read again when "
        "their texts are needed."
    )


def _gone(con: Connection) -> str:
    """What is gone with the private file, in numbers."""
    [row] = fetch_rows(
        con,
        "SELECT (SELECT count(*) FROM documents) AS documents, "
        "(SELECT count(*) FROM posts) AS posts",
    )
    return f"the texts of {row['documents']} papers and {row['posts']} posts"
