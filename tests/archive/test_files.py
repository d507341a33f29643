"""Homes with files missing, damaged or replaced: what is refused, and what goes on."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import duckdb
import pytest

from rindoku.archive import Archive, database
from rindoku.archive.connection import log_path
from rindoku.archive.rows import Connection, fetch_rows, insert, insert_private
from rindoku.errors import (
    ArchiveCorrupt,
    ArchiveIncomplete,
    ArchiveMissing,
    ArchiveNewer,
)

FACTS, PRIVATE, PUBLISHED = "facts", "private", "published"
# Files that may be left of a home, and how many of its two texts are then.
LEFT: list[tuple[set[str], int]] = [
    ({PUBLISHED}, 0),
    ({PUBLISHED, PRIVATE}, 2),
    ({PUBLISHED, FACTS}, 0),
    ({FACTS}, 0),
]


@pytest.fixture
def archive(archive: Archive) -> Iterator[Archive]:
    """An archive with two facts and their texts; each test is a process of its own."""
    with archive.write() as con:
        save(con, "a")
        save(con, "b")
    archive.publish()
    database.CHECKED.clear()
    yield archive
    database.CHECKED.clear()


def save(con: Connection, entry_id: str) -> None:
    """A fact and the private text that it names."""
    insert_private(con, "entry_texts", [{"entry_id": entry_id, "blurb": "private"}])
    row = {"entry_id": entry_id, "sighting_id": "s", "rank": 1, "title": ""}
    insert(con, "entries", [row])


def path_of(archive: Archive, name: str) -> Path:
    path: Path = getattr(archive.files, name)
    return path


def keep_only(archive: Archive, names: set[str]) -> None:
    for name in {FACTS, PRIVATE, PUBLISHED} - names:
        path_of(archive, name).unlink()


def content(archive: Archive) -> dict[str, bytes]:
    """Every file of the home but the lock, by its name."""
    files = (path for path in archive.home.rglob("*") if path.is_file())
    return {str(path): path.read_bytes() for path in files if path.name != "lock"}


def entries(con: Connection) -> list[str]:
    rows = fetch_rows(con, "SELECT entry_id FROM entries ORDER BY entry_id")
    return [row["entry_id"] for row in rows]


def texts(con: Connection) -> int:
    [row] = fetch_rows(con, "SELECT count(*) AS n FROM raw.entry_texts")
    return int(row["n"])


@pytest.mark.parametrize(
    ("there", "message"),
    [
        ({PUBLISHED}, "is a published copy without the file"),
        ({PUBLISHED, PRIVATE}, "is a published copy without the file"),
        ({PUBLISHED, FACTS}, r"private.duckdb is missing, and with it the texts of 0"),
        ({FACTS}, r"private.duckdb is missing"),
        ({PRIVATE}, "alone has no weeks, papers or answers"),
    ],
)
def test_nothing_is_written_to_a_home_with_a_file_missing(
    archive: Archive, there: set[str], message: str
) -> None:
    keep_only(archive, there)
    before = content(archive)
    with pytest.raises(ArchiveIncomplete, match=message) as error, archive.write():
        pass
    assert "rindoku restore" in error.value.remedy
    with pytest.raises(ArchiveIncomplete, match=message):
        archive.publish()
    with pytest.raises(ArchiveIncomplete, match=message):
        archive.check_files()
    assert content(archive) == before


@pytest.mark.parametrize(("there", "texts_left"), LEFT)
def test_what_is_left_can_be_read(
    archive: Archive, there: set[str], texts_left: int
) -> None:
    keep_only(archive, there)
    before = content(archive)
    with archive.read_latest() as con:
        assert (entries(con), texts(con)) == (["a", "b"], texts_left)
    if PUBLISHED in there:
        with archive.read() as con:
            assert entries(con) == ["a", "b"]
    assert content(archive) == before


@pytest.mark.parametrize(("there", "texts_left"), LEFT)
def test_what_is_left_is_restored(
    archive: Archive, there: set[str], texts_left: int
) -> None:
    keep_only(archive, there)
    steps = archive.restore()
    assert steps
    assert "kept as" not in " ".join(steps), "there was nothing to keep"
    with archive.write() as con:
        assert (entries(con), texts(con)) == (["a", "b"], texts_left)
        save(con, "c")
    archive.publish()
    with archive.read() as con:
        assert entries(con) == ["a", "b", "c"]
    assert not list(archive.writer_path.parent.glob("*.before-*"))
    assert archive.restore() == [], "nothing is left to do"


def test_a_private_file_alone_cannot_be_restored(archive: Archive) -> None:
    keep_only(archive, {PRIVATE})
    before = content(archive)
    with pytest.raises(ArchiveIncomplete, match="alone has no weeks"):
        archive.restore()
    assert content(archive) == before


@pytest.mark.parametrize("name", ["", "home"])
def test_a_home_that_is_empty_or_not_there_stays_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArchiveMissing, match="nothing to restore"):
        Archive(tmp_path / name).restore()
    assert list(tmp_path.iterdir()) == []


def test_a_missing_copy_is_published_again(archive: Archive) -> None:
    keep_only(archive, {FACTS, PRIVATE})
    with archive.read() as con:
        assert entries(con) == ["a", "b"]


def test_an_older_copy_is_published_anew(archive: Archive) -> None:
    with archive.write() as con:
        save(con, "c")
    database.CHECKED.clear()
    archive.publish()
    with archive.read() as con:
        assert entries(con) == ["a", "b", "c"]


def put_back_older_facts(archive: Archive) -> None:
    """What somebody does who puts back an old backup of one file only."""
    older = archive.home / "older"
    shutil.copy(archive.writer_path, older)
    with archive.write() as con:
        save(con, "c")
    archive.publish()
    shutil.move(older, archive.writer_path)
    database.CHECKED.clear()


def test_a_copy_with_more_rows_is_not_replaced(archive: Archive) -> None:
    put_back_older_facts(archive)
    before = content(archive)
    for refused in (archive.publish, archive.check_files, write_nothing(archive)):
        with pytest.raises(ArchiveIncomplete, match=r"lacks \(entries 1\)"):
            refused()
    assert content(archive) == before
    [step] = archive.restore()
    assert "was adopted" in step
    archive.publish()
    with archive.read_latest() as con:
        assert (entries(con), texts(con)) == (["a", "b", "c"], 3)


def write_nothing(archive: Archive) -> Callable[[], None]:
    def write() -> None:
        with archive.write():
            pass

    return write


def test_of_two_that_went_apart_none_is_replaced(archive: Archive) -> None:
    copy = archive.home / "kept"
    put_back_older_facts(archive)
    shutil.move(archive.path, copy)
    with archive.write() as con:
        save(con, "d")
    shutil.move(copy, archive.path)
    database.CHECKED.clear()
    before = content(archive)
    with pytest.raises(ArchiveIncomplete, match=r"entries 1"):
        archive.restore()
    assert content(archive) == before


def test_a_copy_that_a_shell_has_open_is_still_replaced(archive: Archive) -> None:
    code = (
        "import duckdb, sys\n"
        "con = duckdb.connect(sys.argv[1])\n"
        "print('open', flush=True)\n"
        "sys.stdin.read()"
    )
    with archive.write() as con:
        save(con, "c")
    database.CHECKED.clear()
    with subprocess.Popen(
        [sys.executable, "-c", code, str(archive.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as shell:
        assert shell.stdout is not None
        assert shell.stdin is not None
        shell.stdout.readline()
        archive.publish()
        shell.stdin.close()
    with archive.read() as con:
        assert entries(con) == ["a", "b", "c"]


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def scribble(path: Path) -> None:
    path.write_bytes(b"this is not a database" * 300)


def replace_by_foreign(path: Path) -> None:
    path.unlink()
    with duckdb.connect(path) as con:
        con.execute("CREATE TABLE accounts (name VARCHAR)")


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def replace_by_nothing(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.parent / "nowhere")


def replace_by_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def replace_by_sqlite(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + bytes(4096))


def replace_by_other_kind(path: Path) -> None:
    """The private file in the place of facts, or facts in that of the private file."""
    home = path.parent if path.parent.name != "writer" else path.parent.parent
    kind = "archive" if path.name == "private.duckdb" else "private"
    shutil.copy(home / "writer" / f"{kind}.duckdb", path)


def replace_by_migrated_foreign(path: Path) -> None:
    path.unlink()
    with duckdb.connect(path) as con:
        con.execute("CREATE TABLE schema_migrations (version VARCHAR)")
        con.execute("INSERT INTO schema_migrations VALUES ('20240101')")


def make_newer(path: Path) -> None:
    with duckdb.connect(path) as con:
        con.execute("INSERT INTO schema_migrations VALUES (9999, 'future', now())")


def scribble_log(path: Path) -> None:
    log_path(path).write_bytes(b"this is not a log" * 30)


DAMAGE = [
    truncate,
    empty,
    scribble,
    replace_by_foreign,
    replace_by_folder,
    replace_by_nothing,
    replace_by_pipe,
    replace_by_sqlite,
    replace_by_other_kind,
    replace_by_migrated_foreign,
    make_newer,
    scribble_log,
]
# Those that are put right by moving the file away.
REPLACED = [damage for damage in DAMAGE if damage not in (make_newer, scribble_log)]


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("name", [FACTS, PRIVATE, PUBLISHED])
def test_a_damaged_file_is_named_with_a_remedy_and_left_as_it_is(
    archive: Archive, name: str, damage: Callable[[Path], None]
) -> None:
    damage(path_of(archive, name))
    before = content(archive)
    texts = {error_of(use) for use in uses(archive)}
    assert len(texts) == 1, "every command says the same"
    [(message, remedy)] = texts
    assert str(path_of(archive, name)) in message
    assert remedy
    assert content(archive) == before


def uses(archive: Archive) -> list[Callable[[], object]]:
    """What opens all files of a home."""
    return [
        write_nothing(archive),
        archive.publish,
        archive.check_files,
        archive.restore,
    ]


def error_of(use: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises((ArchiveCorrupt, ArchiveNewer)) as error:
        use()
    return error.value.message, error.value.remedy


@pytest.mark.parametrize(
    ("names", "damage"),
    [
        *product(({FACTS}, {PRIVATE}, {PUBLISHED}), REPLACED),
        ({FACTS, PRIVATE}, scribble),
        ({FACTS, PRIVATE}, replace_by_nothing),
    ],
)
def test_the_remedy_for_a_damaged_file_is_one(
    archive: Archive, names: set[str], damage: Callable[[Path], None]
) -> None:
    for name in names:
        damage(path_of(archive, name))
    _, remedy = error_of(archive.publish)
    for name in names:
        path = path_of(archive, name)
        assert str(path) in remedy.split(" away")[0]
        path.rename(archive.home / f"moved-{name}")
    assert ("rindoku restore" in remedy) is (names != {PUBLISHED})
    if names != {PUBLISHED}:
        assert archive.restore()
    archive.publish()
    with archive.read() as con:
        assert entries(con) == ["a", "b"]
    archive.check_files()


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_copy_without_facts_is_not_called_readable(
    archive: Archive, damage: Callable[[Path], None]
) -> None:
    damage(archive.path)
    keep_only(archive, {PUBLISHED})

    def read() -> None:
        with archive.read():
            pass

    def read_latest() -> None:
        with archive.read_latest():
            pass

    texts = {error_of(use) for use in (*uses(archive), read, read_latest)}
    [(message, remedy)] = texts
    assert str(archive.path) in message
    assert "rindoku restore" not in remedy.split("(")[0], "it could do nothing"


def test_two_files_in_each_others_place_are_recognised(archive: Archive) -> None:
    other = archive.home / "other"
    archive.writer_path.rename(other)
    archive.private_path.rename(archive.writer_path)
    other.rename(archive.private_path)
    assert "swap their names" in error_of(archive.restore)[1]


def test_an_empty_copy_is_nothing_to_adopt(archive: Archive) -> None:
    keep_only(archive, {PUBLISHED})
    archive.path.unlink()
    duckdb.connect(archive.path).close()
    assert "is an empty database" in error_of(archive.restore)[0]
    assert {error_of(use) for use in uses(archive)} == {error_of(archive.restore)}


def test_facts_that_were_only_begun_are_restored_from_their_copy(
    archive: Archive,
) -> None:
    archive.writer_path.unlink()
    duckdb.connect(archive.writer_path).close()
    [step] = archive.restore()
    assert "kept as" not in step
    assert not list(archive.writer_path.parent.glob("*.before-*"))
    with archive.read_latest() as con:
        assert entries(con) == ["a", "b"]


def test_a_private_file_that_was_only_begun_is_completed(archive: Archive) -> None:
    archive.private_path.unlink()
    duckdb.connect(archive.private_path).close()
    with archive.read_latest() as con:
        assert (entries(con), texts(con)) == (["a", "b"], 0)


def test_damage_that_only_a_query_meets_is_named_too(archive: Archive) -> None:
    with archive.write() as con:
        rows = [
            {"entry_id": str(n), "sighting_id": "s", "rank": 1, "title": f"{n}" * 500}
            for n in range(5000)
        ]
        insert(con, "entries", rows)
    archive.publish()
    whole, met = archive.path.read_bytes(), list[str]()
    for start in range(12288 + 16384, len(whole), 7 * 16384):
        damaged = bytearray(whole)
        damaged[start + 100 : start + 164] = bytes(64)
        archive.path.write_bytes(damaged)
        try:
            with archive.read() as con:
                fetch_rows(con, "SELECT max(title) FROM entries")
        except ArchiveCorrupt as error:
            met.append(error.message)
        if any("is damaged" in message for message in met):
            return
    pytest.fail(f"only on opening: {met}")


def test_the_log_of_a_killed_write_begins_as_is_expected(archive: Archive) -> None:
    """If a new DuckDB begins its logs in another way, `check_log` has to know it."""
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from rindoku.archive import Archive\n"
        "from rindoku.archive.rows import insert_private\n"
        "with Archive(Path(sys.argv[1])).write() as con:\n"
        "    insert_private(con, 'entry_texts', [{'entry_id': 'c', 'blurb': 'd'}])\n"
        "    os._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(archive.home)], check=False)
    assert log_path(archive.private_path).stat().st_size > 0
    with archive.read_latest() as con:
        assert texts(con) == 3


def leave_behind(archive: Archive) -> list[Path]:
    """What processes that were killed leave: copies, a rewritten file, spilled rows."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    folder = archive.writer_path.parent
    paths = [
        archive.path.with_suffix(f".{dead.pid}.part"),
        archive.writer_path.with_suffix(f".{dead.pid}.part"),
        folder / "private.fresh",
        folder / "private.fresh.wal",
        folder / "private.duckdb.tmp" / "spilled",
    ]
    paths[-1].parent.mkdir()
    for path in paths:
        path.write_bytes(b"a forgotten text")
    return paths


def test_what_killed_processes_left_is_swept_by_the_next_write(
    archive: Archive,
) -> None:
    left = leave_behind(archive)
    living = archive.path.with_suffix(f".{os.getppid()}.part")
    living.write_bytes(b"being copied")
    other = archive.path.with_name("notes.part")
    other.write_bytes(b"not ours")
    with archive.write():
        pass
    assert [path for path in left if path.exists()] == []
    assert living.exists()
    assert other.exists()


def test_erasing_reaches_what_killed_processes_left(archive: Archive) -> None:
    with archive.write():
        pass
    left = leave_behind(archive)
    archive.erase_deleted()
    assert [path for path in left if path.exists()] == []


def test_a_restored_home_forgets_texts_in_its_old_backups(archive: Archive) -> None:
    backup = archive.writer_path.with_suffix(".before-schema-8.duckdb")
    with duckdb.connect(backup) as con:
        con.execute("CREATE SCHEMA raw; CREATE TABLE raw.post_texts (text VARCHAR)")
    put_back_older_facts(archive)
    archive.restore()
    archive.erase_deleted()
    assert not backup.exists()
    assert list(archive.writer_path.parent.glob("*.before-restore-1.duckdb"))
