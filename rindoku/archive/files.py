"""Which files of an archive are there, what each is, and what killed processes left.

Every command says the same of a home: whatever of it a command meets first, all files
are judged by `Files.find_unfit`.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from rindoku.archive.connection import connect, damage_errors, interruptible
from rindoku.archive.migrate import check_copy_version, check_private_version
from rindoku.archive.rows import Connection, closing_soon
from rindoku.disk import is_there
from rindoku.errors import (
    ArchiveBusy,
    ArchiveCorrupt,
    ArchiveError,
    ArchiveIncomplete,
    ArchiveMissing,
    ArchiveNewer,
    HomeUnusable,
)

# Unfinished files: of a copy (with the process in its name), and of a file that is
# written anew.
_COPIES, _REWRITTEN, _SPILLED = "*.part", "*.fresh*", "*.duckdb.tmp"
# Of a file: inode, size and time of the last change; None when it is not there.
FileState: TypeAlias = tuple[int, int, int] | None
# Reads the schema version of a file, or raises that it is another kind of file.
_Check: TypeAlias = Callable[[Connection, Path, str], int]
_BACKUP = "Put a backup in its place; the README's section on backups says how."


@dataclass(frozen=True)
class Files:
    """The two files that are written, and the published copy of the facts.

    | facts | private | published |                                               |
    | ----- | ------- | --------- | --------------------------------------------- |
    | -     | -       | -         | a new archive                                 |
    | yes   | yes     | any       | complete                                      |
    | yes   | -       | any       | texts are gone, or not yet moved to that file |
    | -     | any     | yes       | the copy can be adopted                       |
    | -     | yes     | -         | facts are gone                                |
    """

    facts: Path
    private: Path
    published: Path

    def check_facts(self) -> None:
        """Raises ArchiveIncomplete when there is an archive without its facts.

        Or what is wrong with the files that are left of it.
        """
        if is_there(self.facts):
            return
        unfit = self.find_unfit()
        if unfit is not None:
            raise unfit
        if self.published.exists():
            raise ArchiveIncomplete(
                f"The archive at {self.published} is a published copy without the file "
                f"it was copied from, {self.facts}.",
                "It can be read. To go on writing, put the files of the folder writer "
                "back from a backup, or adopt the copy: `rindoku restore`. Nothing was "
                "changed.",
            )
        if self.private.exists():
            raise ArchiveIncomplete(
                f"{self.facts} is missing; {self.private} alone has no weeks, papers "
                "or answers.",
                "Put it back from a backup (a published archive.duckdb will do, see "
                "`rindoku restore`), or move the private file away to start anew. "
                "Nothing was changed.",
            )

    def check_restorable(self) -> None:
        """Raises ArchiveMissing when there is no file at all."""
        if not any(map(is_there, (self.facts, self.private, self.published))):
            raise ArchiveMissing(
                f"There is nothing to restore in {self.facts.parent.parent}.",
                "Put archive.duckdb of a backup there, or set RINDOKU_HOME or --home.",
            )

    @contextmanager
    def judged(self) -> Iterator[None]:
        """Says of a file that cannot be used what is to be done in this home."""
        try:
            with damage_errors(self.facts.parent):
                yield
        except (ArchiveCorrupt, ArchiveNewer) as error:
            unfit = self.find_unfit()
            if unfit is None:
                # Only what the command looked for in the file is damaged.
                unfit = type(error)(error.message, error.remedy or _BACKUP)
            raise unfit from error

    def find_unfit(self) -> ArchiveError | HomeUnusable | None:
        """What is wrong with the files that are there, and the remedy; None if nothing.

        A file of an older schema is fit, and one that another program has open.
        """
        errors = {
            self.facts: _look_into(self.facts, check_copy_version),
            self.private: _look_into(self.private, check_private_version),
            self.published: _look_into(self.published, self._check_copy),
        }
        unfit = {path: error for path, error in errors.items() if error is not None}
        if not unfit:
            return None
        for error in unfit.values():
            # It is the same in any home.
            if error.remedy:
                return error
        message = " ".join(error.message for error in unfit.values())
        remedy = self._remedy(list(unfit))
        return ArchiveCorrupt(message, f"{remedy} Nothing was changed.")

    def _check_copy(self, con: Connection, path: Path, catalog: str) -> int:
        version = check_copy_version(con, path, catalog)
        if version == 0 and not is_there(self.facts):
            raise ArchiveCorrupt(f"{path} is an empty database.")
        return version

    def _remedy(self, unfit: list[Path]) -> str:
        """What is to be done about files that cannot be used."""
        if unfit[:2] == [self.facts, self.private] and self._are_swapped():
            return "Each is in the place of the other: swap their names."
        move = f"Move {' and '.join(map(str, unfit))} away"
        has_facts = is_there(self.facts) and self.facts not in unfit
        has_copy = is_there(self.published) and self.published not in unfit
        restores = []
        if has_copy and not has_facts:
            restores.append("takes the published copy")
        if self.private in unfit and (has_facts or has_copy):
            restores.append("starts an empty private file")
        if restores:
            return (
                f"{move} and put a backup in its place, or run `rindoku restore`, "
                f"which {' and '.join(restores)}."
            )
        if has_facts:
            return f"{move} and run again: it is published anew from {self.facts}."
        return (
            f"{move} and put a backup of {self.facts} in its place (of a published "
            "archive.duckdb, in the place of that one, `rindoku restore` makes it)."
        )

    def _are_swapped(self) -> bool:
        return (
            _look_into(self.facts, check_private_version) is None
            and _look_into(self.private, check_copy_version) is None
        )

    def published_state(self) -> FileState:
        """What tells whether the published copy is still the one that was seen."""
        if not self.published.exists():
            return None
        stat = self.published.stat()
        return stat.st_ino, stat.st_size, stat.st_mtime_ns

    def sweep(self) -> None:
        """Removes what processes that were killed left beside the files.

        Only for who has the archive's turn: nobody else then writes to the files.
        """
        for path in self.facts.parent.glob(_REWRITTEN):
            path.unlink()
        for path in self.facts.parent.glob(_SPILLED):
            shutil.rmtree(path)
        for folder in {self.facts.parent, self.published.parent}:
            for path in folder.glob(_COPIES):
                # Another home may be publishing to the same folder.
                if is_left_over(path):
                    path.unlink(missing_ok=True)


def _look_into(path: Path, check: _Check) -> ArchiveError | HomeUnusable | None:
    """What is wrong with a file; nothing with one that is not there or is in use."""
    import duckdb

    if not is_there(path):
        return None
    try:
        with interruptible(), closing_soon(connect(path, read_only=True)) as connection:
            check(connection, path, path.stem)
    except (ArchiveBusy, duckdb.ConnectionException, duckdb.BinderException):
        # Another program has it open, or another thread of this one.
        return None
    except (ArchiveError, HomeUnusable) as error:
        return error
    return None


def is_left_over(path: Path) -> bool:
    """Whether an unfinished copy is of a process that is no more, or of this one."""
    process = path.name.split(".")[-2]
    if not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        return False
    return int(process) == os.getpid()
