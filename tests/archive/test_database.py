"""The archive's files: locks, transactions, copies and full disks."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from rindoku.archive import Archive, Connection, connection, database
from rindoku.archive.rows import fetch_rows, insert, insert_private
from rindoku.errors import (
    ArchiveBusy,
    ArchiveMissing,
    HomeUnusable,
)


def entry(entry_id: str, title: str = "") -> dict[str, object]:
    return {"entry_id": entry_id, "sighting_id": "s", "rank": 1, "title": title}


def test_the_error_for_a_missing_archive_names_the_command_that_makes_one(
    tmp_path: Path,
) -> None:
    with pytest.raises(ArchiveMissing, match="rindoku demo"), Archive(tmp_path).read():
        pass


def test_a_file_that_another_process_has_open_is_busy(archive: Archive) -> None:
    code = (
        "import duckdb, sys\n"
        "con = duckdb.connect(sys.argv[1])\n"
        "print('open', flush=True)\n"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(archive.writer_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        holder.stdout.readline()
        with pytest.raises(ArchiveBusy, match=f"PID {holder.pid}"), archive.write():
            pass
        holder.stdin.close()


def test_a_writer_gives_up_waiting_for_another_after_a_time(
    archive: Archive,
) -> None:
    with (
        archive.write(),
        pytest.raises(ArchiveBusy, match="nothing is lost"),
        archive.write(),
    ):
        pass


def test_a_home_that_is_a_file_is_unusable(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("in the way")
    with (
        pytest.raises(HomeUnusable, match="is not writable"),
        Archive(tmp_path / "home").write(),
    ):
        pass


def test_a_full_disk_is_an_error_and_leaves_complete_transactions(
    tmp_path: Path,
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("not allowed to mount a small disk")
    try:
        archive = Archive(disk)
        committed: list[int] = []
        with pytest.raises(HomeUnusable, match="is full"):
            fill(archive, committed)
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        with archive.write() as con:
            [row] = fetch_rows(con, "SELECT max(entry_id::INT) AS newest FROM entries")
        newest = committed[-1] if committed else -1
        assert row["newest"] in {newest, newest + 1}
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def fill(archive: Archive, committed: list[int]) -> None:
    """Writes more than the small disk can hold, a row at a time."""
    long_text = "".join(map(chr, range(33, 55000)))
    for number in range(60):
        with archive.write() as con:
            insert(con, "entries", [entry(str(number), f"{number}{long_text}")])
        committed.append(number)
        archive.publish()


def test_an_error_rolls_back_the_transaction(archive: Archive) -> None:
    def fail() -> None:
        with archive.write() as con:
            insert(con, "entries", [entry("a")])
            raise RuntimeError("in between")

    with pytest.raises(RuntimeError, match="in between"):
        fail()
    with archive.write() as con:
        assert fetch_rows(con, "FROM entries") == []


def test_readers_see_complete_transactions_only(archive: Archive) -> None:
    """Each write adds two rows: an odd number of rows is half a transaction."""
    stop, counts = threading.Event(), set[int]()

    def read() -> None:
        while not stop.is_set():
            with archive.read() as con:
                counts.add(count_entries(con))

    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(read)
        for number in range(15):
            with archive.write() as con:
                for half in "ab":
                    insert(con, "entries", [entry(f"{number}{half}")])
            archive.publish()
        stop.set()
        reader.result()
    assert all(count % 2 == 0 for count in counts)
    assert max(counts) > 0


def count_entries(con: Connection) -> int:
    [row] = fetch_rows(con, "SELECT count(*) AS n FROM entries")
    return int(row["n"])


def test_writers_in_many_threads_take_turns(archive: Archive) -> None:
    patient = Archive(archive.home)

    def write(number: int) -> None:
        with patient.write() as con:
            insert(con, "entries", [entry(str(number))])

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(write, range(12)))
    with patient.write() as con:
        assert count_entries(con) == 12


def test_a_copied_home_can_be_read(home: Path) -> None:
    with Archive(home).read() as con:
        assert fetch_rows(con, "SELECT week FROM weeks") == [{"week": "2024-W14"}]


def test_reading_never_opens_the_writers_file_for_writing(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[tuple[Path, bool]] = []

    def connect(path: Path, *, read_only: bool) -> Connection:
        modes.append((path, read_only))
        return connection.connect(path, read_only=read_only)

    def attach_facts(con: Connection, path: Path, *, read_only: bool) -> None:
        modes.append((path, read_only))
        connection.attach_facts(con, path, read_only=read_only)

    monkeypatch.setattr(database, "connect", connect)
    monkeypatch.setattr(database, "attach_facts", attach_facts)
    with archive.read_latest() as con:
        assert count_entries(con) == 0
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            con.execute("DELETE FROM entries")
    with archive.read() as con:
        assert count_entries(con) == 0
    assert modes == [(archive.writer_path, True), (archive.path, True)]


def test_files_are_free_for_other_processes_between_two_uses(archive: Archive) -> None:
    """Also after a query whose rows were not all fetched, and in a thread's cursor."""
    code = (
        "import duckdb, sys\n"
        "for path in sys.argv[1:]:\n"
        "    with duckdb.connect(path) as con:\n"
        "        con.execute('CREATE TABLE other (a INTEGER); DROP TABLE other')"
    )
    with archive.write() as con:
        con.execute("SELECT * FROM range(1_000_000)")
        con.cursor().execute("SELECT * FROM duckdb_columns(), range(1_000)")
        con.execute("INSERT INTO papers VALUES ('arxiv:1', 'arxiv', now())")
    paths = [str(archive.writer_path), str(archive.private_path)]
    subprocess.run([sys.executable, "-c", code, *paths], check=True)
    with archive.read_latest() as con:
        assert fetch_rows(con, "SELECT paper_id FROM papers") == [
            {"paper_id": "arxiv:1"}
        ]


def mode(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


def test_only_the_owner_can_open_what_is_private(archive: Archive) -> None:
    assert mode(archive.home) == mode(archive.home / "writer") == "0o700"
    assert mode(archive.private_path) == "0o600"


def test_a_home_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    """It may be somebody's own folder, or be read by a web server: `doctor` tells."""
    tmp_path.chmod(0o755)
    with Archive(tmp_path).write():
        pass
    assert (mode(tmp_path), mode(tmp_path / "writer")) == ("0o755", "0o700")


def test_files_that_others_may_read_are_closed_by_the_next_write(
    archive: Archive,
) -> None:
    for path in (archive.writer_path, archive.private_path):
        path.chmod(0o644)
    archive.writer_path.parent.chmod(0o755)
    with archive.write():
        pass
    assert mode(archive.writer_path) == mode(archive.private_path) == "0o600"
    assert mode(archive.writer_path.parent) == "0o700"


def test_a_separate_published_folder_can_be_read_whatever_the_umask(
    tmp_path: Path,
) -> None:
    archive = Archive(tmp_path / "home", tmp_path / "public" / "rindoku")
    before = os.umask(0o077)
    try:
        with archive.write():
            pass
        archive.publish()
        own = Archive(tmp_path / "own")
        own.publish()
    finally:
        os.umask(before)
    assert mode(archive.path) == "0o644"
    assert mode(archive.published) == mode(tmp_path / "public") == "0o755"
    assert mode(own.path) == "0o600", "it is in the home"
    assert mode(archive.home) == "0o700"


def test_a_published_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir(mode=0o750)
    archive = Archive(tmp_path / "home", tmp_path / "public")
    archive.publish()
    assert mode(archive.published) == "0o750"


@pytest.mark.parametrize("use", ["write", "read", "read_latest"])
def test_an_interrupt_while_duckdb_works_is_an_interrupt(
    archive: Archive, use: str
) -> None:
    code = (
        "import os, signal, sys, threading\n"
        "from pathlib import Path\n"
        "from rindoku.archive import Archive\n"
        # Processes in the background of a script ignore the signal.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "archive = Archive(Path(sys.argv[1]))\n"
        "interrupt = lambda: os.kill(os.getpid(), signal.SIGINT)\n"
        "try:\n"
        f"    with archive.{use}() as con:\n"
        "        threading.Timer(0.2, interrupt).start()\n"
        "        con.execute('SELECT max(hash(i)) FROM range(20000000000) t(i)')\n"
        "except KeyboardInterrupt:\n"
        "    sys.exit(130)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(archive.home)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 130, done.stderr
    with archive.write() as con:
        assert count_entries(con) == 0


def test_the_facts_are_published_in_another_folder(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "home", tmp_path / "public" / "rindoku")
    with archive.write() as con:
        insert(con, "entries", [entry("a")])
    assert archive.publish() == tmp_path / "public" / "rindoku" / "archive.duckdb"
    with archive.read() as con:
        assert count_entries(con) == 1
    assert not (tmp_path / "home" / "archive.duckdb").exists()
    with Archive(tmp_path / "home", tmp_path / "elsewhere").read() as con:
        assert count_entries(con) == 1


def test_a_folder_that_cannot_be_published_to_names_its_setting(
    tmp_path: Path,
) -> None:
    (tmp_path / "public").write_text("in the way")
    archive = Archive(tmp_path / "home", tmp_path / "public")
    with archive.write() as con:
        insert(con, "entries", [entry("a")])
    with pytest.raises(HomeUnusable, match=r"public is not writable") as error:
        archive.publish()
    assert "RINDOKU_PUBLISHED" in error.value.remedy
    with archive.read_latest() as con:
        assert count_entries(con) == 1


def test_a_kill_between_the_two_files_leaves_a_row_that_no_fact_names(
    archive: Archive,
) -> None:
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from rindoku.archive import Archive\n"
        "from rindoku.archive.rows import insert, insert_private\n"
        "with Archive(Path(sys.argv[1])).write() as con:\n"
        "    insert_private(con, 'entry_texts', [{'entry_id': 'a', 'blurb': 'b'}])\n"
        "    insert(con, 'entries', [{'entry_id': 'a', 'sighting_id': 's',\n"
        "                             'rank': 1, 'title': 't'}])\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code, str(archive.home)], check=False
    )
    assert killed.returncode == -9
    with archive.write() as con:
        assert fetch_rows(con, "FROM raw.entry_texts") == [
            {"entry_id": "a", "blurb": "b"}
        ]
        assert count_entries(con) == 0
        # The next run saves the same again, with the fact.
        insert_private(con, "entry_texts", [{"entry_id": "a", "blurb": "b"}])
        insert(con, "entries", [entry("a")])
    with archive.read_latest() as con:
        assert count_entries(con) == 1
