"""Which files of an archive are there, and what killed processes left beside them."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from rindoku.errors import ArchiveIncomplete

# Unfinished files: of a copy (with the process in its name), and of a file that is
# written anew.
_COPIES, _REWRITTEN, _SPILLED = "*.part", "*.fresh*", "*.duckdb.tmp"
# Of a file: inode, size and time of the last change; None when it is not there.
FileState: TypeAlias = tuple[int, int, int] | None


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
        """Raises ArchiveIncomplete when there is an archive without its facts."""
        if self.facts.exists():
            return
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
