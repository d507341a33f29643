"""The archive's files: facts, private texts, and the published copy of the facts.

Writers queue at a file lock and hold both files for one short transaction each. The
private file is attached to the facts as `raw`; what is private is saved first, in a
transaction of its own (see `rows.insert_private`). Readers open the published copy,
which is replaced by a rename, so that they never wait and never see an incomplete
write.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rindoku.archive.connection import (
    BLOCK_SIZE,
    SMALL_ROW_GROUP,
    attach,
    attach_facts,
    attach_private,
    block_size,
    connect,
    copy_durably,
    detach_facts,
    disk_errors,
    instance,
)
from rindoku.archive.files import Files, FileState
from rindoku.archive.migrate import (
    check_private_version,
    check_version,
    migrate,
    migrate_private,
    newest_private_version,
    newest_version,
)
from rindoku.archive.published import check_published
from rindoku.archive.restore import connect_partly, missing_private, restore
from rindoku.archive.rows import (
    PRIVATE,
    Connection,
    closing_soon,
    give_up,
    set_digest,
)
from rindoku.archive.takeover import has_two_files, make_two_files, old_backups
from rindoku.digests import DEFAULT
from rindoku.disk import (
    PUBLISHED_SETTING,
    check_folder,
    file_mode,
    is_apart,
    is_there,
    make_folder,
    make_private_folder,
)
from rindoku.errors import ArchiveBusy, ArchiveMissing, BadInput
from rindoku.settings import Settings

LOCK_PATIENCE_S = 120.0
# The published copies that this process has checked or made, by the files of facts.
CHECKED: dict[tuple[Path, Path], FileState] = {}


def open_archive(settings: Settings) -> "Archive":
    """The archive of these settings.

    Raises BadInput when it would be published into one of the home's own folders.
    """
    home, published = settings.home_path, settings.published_path
    for name in ("writer", "inbox"):
        if os.path.realpath(published) == os.path.realpath(home / name):
            raise BadInput(
                f"RINDOKU_PUBLISHED is {settings.published!r}, a folder of the home's "
                "own files.",
                "Set it to another folder, or leave it empty.",
            )
    return Archive(home, published, settings.digest)


class Archive:
    """The archive in a home folder, published there or in another folder.

    It has the weeks of all digests; queries on weeks return those of `digest`.

    `path` is the published copy, which has no private text and may be opened read-only
    by any program; `writer_path` has the facts that rindoku writes, `private_path` the
    payloads and texts. Connections are not shared between threads: each method opens
    one. All raise ArchiveBusy, ArchiveNewer, ArchiveCorrupt or HomeUnusable.
    """

    def __init__(
        self,
        home: Path,
        published: Path | None = None,
        digest: str = DEFAULT,
        lock_patience_s: float = LOCK_PATIENCE_S,
    ) -> None:
        self.home = home
        self.published = published or home
        self.path = self.published / "archive.duckdb"
        self.writer_path = home / "writer" / "archive.duckdb"
        self.private_path = home / "writer" / "private.duckdb"
        self.files = Files(self.writer_path, self.private_path, self.path)
        self._lock_path = home / "writer" / "lock"
        self._digest = digest
        self._patience_s = lock_patience_s

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction on the facts, with the private file attached.

        Waits for other writers. Commits at the end, rolls back on an error. Raises
        ArchiveIncomplete as well.
        """
        self.files.check_facts()
        with self._turn(), self._open_for_writing() as connection:
            set_digest(connection, self._digest)
            connection.begin()
            try:
                yield connection
            except BaseException:
                give_up(connection)
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def read_latest(self) -> Iterator[Connection]:
        """The facts and the private file, read-only, with everything committed by now.

        Waits for writers. A file that does not exist yet, or has an older schema, is
        created or upgraded first. Where only the published copy is left, that is read;
        texts that are gone are not found.
        """
        if self.path.is_file() and not is_there(self.writer_path):
            with (
                self.files.judged(),
                closing_soon(
                    connect_partly(self.path, self.private_path)
                ) as connection,
            ):
                set_digest(connection, self._digest)
                yield connection
            return
        self.files.check_facts()
        with (
            self._turn(),
            disk_errors(self.home),
            self.files.judged(),
            self._open_up_to_date() as connection,
        ):
            set_digest(connection, self._digest)
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """The published facts, read-only. Waits only for an upgrade of an old archive.

        Raises ArchiveMissing as well.
        """
        self.check_exists()
        with self.files.judged():
            connection = connect(self.path, read_only=True)
            try:
                if check_version(connection, self.path) < newest_version():
                    # The writer's file is upgraded, and published in place of this.
                    connection.close()
                    self.publish()
                    connection = connect(self.path, read_only=True)
                set_digest(connection, self._digest)
                yield connection
            except BaseException:
                give_up(connection)
                raise
            finally:
                connection.close()

    def check_exists(self) -> None:
        """Publishes facts that are not published here yet; else raises ArchiveMissing.

        This is so after RINDOKU_PUBLISHED was set to another folder.
        """
        if is_there(self.path):
            return
        if is_there(self.writer_path):
            self.publish()
            return
        raise ArchiveMissing(
            f"There is no archive at {self.path}.",
            "Run `rindoku demo --home FOLDER` or `rindoku run`, or set RINDOKU_HOME"
            " to its folder.",
        )

    def check_publishable(self) -> None:
        """Raises HomeUnusable when another folder for the copy cannot be written."""
        if self.published != self.home:
            check_folder(self.published, PUBLISHED_SETTING)

    def publish(self) -> Path:
        """Replaces the published copy by the writer's file; returns the copy's path.

        Raises ArchiveIncomplete when the copy has rows that the writer's file lacks.
        """
        self.files.check_facts()
        with self._turn():
            # Opening the file replays what a killed process left in the write-ahead
            # log.
            with self._open_for_writing() as connection:
                connection.execute("CHECKPOINT")
                is_small = block_size(connection) == BLOCK_SIZE
            if not is_small:
                with disk_errors(self.home):
                    _rewrite(self.writer_path)
            is_public = is_apart(self.published, self.home)
            with disk_errors(self.published, PUBLISHED_SETTING):
                make_folder(self.published, is_public=is_public)
                mode = file_mode(is_public=is_public)
                copy_durably(self.writer_path, self.path, mode)
            known = (self.writer_path, self.path)
            CHECKED[known] = self.files.published_state()
        return self.path

    def erase_deleted(self) -> None:
        """Removes from the disk what was deleted from the private file.

        DuckDB leaves the bytes of deleted rows in the file; one that is written anew
        has none of them. What killed processes left goes too, and backups of the time
        before there were two files.
        """
        with self._turn(), disk_errors(self.home):
            self.files.sweep()
            _rewrite(self.private_path, SMALL_ROW_GROUP)
            for backup in old_backups(self._folder):
                backup.unlink()

    def check_files(self) -> None:
        """Raises ArchiveIncomplete when a file is missing or behind its copy.

        Other errors are those of opening the files; nothing is changed.
        """
        self.files.check_facts()
        if not is_there(self.writer_path):
            return
        with (
            self._turn(),
            disk_errors(self.home),
            self.files.judged(),
            closing_soon(connect(self.writer_path, read_only=True)) as connection,
        ):
            if has_two_files(connection, self.writer_path):
                self._attach_private(connection, read_only=True)
            check_published(connection, self.writer_path, self.path)

    def restore(self) -> list[str]:
        """Makes good for a missing file as far as the others can; returns what it did.

        Raises ArchiveIncomplete or ArchiveMissing when the others cannot.
        """
        self.files.check_restorable()
        with self._turn(), disk_errors(self.home), self.files.judged():
            self.files.sweep()
            return restore(self.files)

    @property
    def _folder(self) -> Path:
        return self.writer_path.parent

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Lets one process or thread at a time open the writer's file."""
        # Only writers need it, and it is not free to import.
        from filelock import FileLock, Timeout

        with disk_errors(self.home):
            make_private_folder(self._lock_path.parent)
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
        """Both files, with the schema of this rindoku."""
        with (
            disk_errors(self.home),
            self.files.judged(),
            instance() as connection,
        ):
            self.files.check_facts()
            attach_facts(connection, self.writer_path, read_only=False)
            if not has_two_files(connection, self.writer_path):
                detach_facts(connection, self.writer_path)
                make_two_files(self.writer_path, self.private_path)
                attach_facts(connection, self.writer_path, read_only=False)
            self._attach_private(connection, read_only=False)
            migrate_private(connection, self.private_path, PRIVATE)
            migrate(connection, self.writer_path)
            self._check_once(connection)
            yield connection

    def _check_once(self, connection: Connection) -> None:
        """Checks a published copy that this process has not checked or made."""
        known, state = (self.writer_path, self.path), self.files.published_state()
        if known not in CHECKED or CHECKED[known] != state:
            self.files.sweep()
            check_published(connection, self.writer_path, self.path)
            CHECKED[known] = state

    @contextmanager
    def _open_up_to_date(self) -> Iterator[Connection]:
        """Both files read-only, created or upgraded first if necessary."""
        with instance() as connection:
            if not self._attach_current(connection):
                with self._open_for_writing():
                    pass
                attach_facts(connection, self.writer_path, read_only=True)
                self._attach_private(connection, read_only=True)
            if is_there(self.private_path):
                yield connection
                return
        partly = connect_partly(self.writer_path, self.private_path)
        with closing_soon(partly) as connection:
            yield connection

    def _attach_current(self, connection: Connection) -> bool:
        """Attaches the files read-only if they have the schema of this rindoku.

        A private file that is missing is not attached.
        """
        if not is_there(self.writer_path):
            return False
        attach_facts(connection, self.writer_path, read_only=True)
        is_current = check_version(connection, self.writer_path) == newest_version()
        if is_current and is_there(self.private_path):
            is_current = self._attach_private(connection, read_only=True)
            if not is_current:
                connection.execute(f"DETACH {PRIVATE}")
        if not is_current:
            detach_facts(connection, self.writer_path)
        return is_current

    def _attach_private(self, connection: Connection, *, read_only: bool) -> bool:
        """Attaches the private file; returns whether it has the newest schema.

        Raises ArchiveIncomplete when it is missing.
        """
        if not is_there(self.private_path):
            raise missing_private(connection, self.private_path)
        attach_private(connection, self.private_path, PRIVATE, read_only=read_only)
        version = check_private_version(connection, self.private_path, PRIVATE)
        return version == newest_private_version()


def _rewrite(path: Path, row_group: int | None = None) -> None:
    """Writes a file anew, without unused space, in blocks of the usual size.

    `row_group` is that of `attach`.
    """
    fresh = path.with_suffix(".fresh")
    with closing_soon(connect(path, read_only=False)) as connection:
        attach(connection, fresh, "fresh", read_only=False, row_group=row_group)
        connection.execute(f"COPY FROM DATABASE {path.stem} TO fresh")
        connection.execute("DETACH fresh")
    fresh.chmod(path.stat().st_mode)
    fresh.replace(path)
