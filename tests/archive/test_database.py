import shutil
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from rindoku.archive import Archive, migrate, statements
from rindoku.archive.findings import save_findings
from rindoku.archive.rows import fetch_rows, insert
from rindoku.archive.sightings import get_entry
from rindoku.errors import (
    ArchiveBusy,
    ArchiveCorrupt,
    ArchiveMissing,
    ArchiveNewer,
    HomeUnusable,
    NotFound,
)
from rindoku.models import Finding


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path / "home", lock_patience_s=0.3)
    with archive.write():
        pass
    archive.publish()
    return archive


def test_a_missing_archive_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissing, match="rindoku demo"), Archive(tmp_path).read():
        pass


def test_a_newer_file_is_refused_and_left_alone(archive: Archive) -> None:
    with archive.write() as con:
        con.execute("INSERT INTO schema_migrations VALUES (9999, 'future', now())")
    before = archive.writer_path.read_bytes()
    with pytest.raises(ArchiveNewer, match="schema 9999"), archive.write():
        pass
    assert archive.writer_path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"this is no database" * 300, b"\0" * 9000])
def test_a_corrupt_file_is_named_and_left_alone(
    archive: Archive, content: bytes
) -> None:
    archive.path.write_bytes(content)
    with pytest.raises((ArchiveCorrupt, ArchiveMissing)), archive.read() as con:
        con.execute("FROM weeks")
    assert archive.path.read_bytes() == content


def test_a_damaged_file_is_named(archive: Archive) -> None:
    damaged = bytearray(archive.path.read_bytes())
    damaged[4096:12288] = b"\xa5" * 8192
    archive.path.write_bytes(damaged)
    with pytest.raises(ArchiveCorrupt, match="not a readable archive"), archive.read():
        pass


def test_somebody_elses_duckdb_file_is_not_touched(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.writer_path.parent.mkdir(parents=True)
    with duckdb.connect(archive.writer_path) as con:
        con.execute("CREATE TABLE accounts (name VARCHAR)")
    with pytest.raises(ArchiveCorrupt, match="not a rindoku archive"), archive.write():
        pass


def test_a_file_held_by_another_process_is_busy(archive: Archive) -> None:
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


def test_a_writer_that_keeps_the_lock_makes_others_give_up_in_time(
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


def test_a_full_disk_is_named_and_nothing_is_half_written(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("no right to mount a small disk here")
    try:
        archive = Archive(disk)
        kept = -1

        def fill() -> None:
            nonlocal kept
            for number in range(60):
                with archive.write() as con:
                    row = {
                        "entry_id": str(number),
                        "blurb": str(number) + "".join(map(chr, range(33, 55000))),
                    }
                    insert(con, "raw.entry_texts", [row])
                kept = number
                archive.publish()

        with pytest.raises(HomeUnusable, match="is full"):
            fill()
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        with archive.write() as con:
            assert fetch_rows(
                con, "SELECT max(entry_id::INT) AS last FROM raw.entry_texts"
            )[0]["last"] in {
                kept,
                kept + 1,
            }
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_failing_migration_rolls_back_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = "CREATE TABLE a (x INT); CREATE TABLE b (x INT); SELECT no_such_function()"
    bad = (statements.Migration(1, "0001", sql),)
    monkeypatch.setattr(migrate, "migrations", lambda: bad)
    archive = Archive(tmp_path)
    with pytest.raises(duckdb.Error, match="no_such_function"), archive.write():
        pass
    with duckdb.connect(archive.writer_path) as con:
        assert con.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)


def test_an_error_rolls_the_transaction_back(archive: Archive) -> None:
    def fail() -> None:
        with archive.write() as con:
            insert(con, "raw.entry_texts", [{"entry_id": "a", "blurb": "x"}])
            raise RuntimeError("in between")

    with pytest.raises(RuntimeError, match="in between"):
        fail()
    with archive.write() as con:
        assert fetch_rows(con, "FROM raw.entry_texts") == []


def test_saving_the_same_twice_changes_nothing(archive: Archive) -> None:
    finding = Finding("s", "check", "note", "m")
    for run_id in ("one", "two"):
        with archive.write() as con:
            save_findings(con, [finding], run_id)
    with archive.write() as con:
        assert [r["run_id"] for r in fetch_rows(con, "FROM findings")] == ["one"]


def test_readers_never_wait_and_never_see_half(archive: Archive) -> None:
    """Each write adds two rows: an odd number of rows is half a transaction."""
    stop, seen, errors = threading.Event(), set(), []

    def read() -> None:
        while not stop.is_set():
            try:
                with archive.read() as con:
                    seen.add(
                        fetch_rows(con, "SELECT count(*) AS n FROM raw.entry_texts")[0][
                            "n"
                        ]
                    )
            except Exception as error:  # noqa: BLE001 - any error at all fails the test below
                errors.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(15):
        with archive.write() as con:
            for half in "ab":
                insert(
                    con,
                    "raw.entry_texts",
                    [{"entry_id": f"{number}{half}", "blurb": ""}],
                )
        archive.publish()
    stop.set()
    reader.join()
    assert errors == []
    assert all(n % 2 == 0 for n in seen)
    assert max(seen) > 0


def test_writers_in_many_threads_lose_nothing(archive: Archive) -> None:
    patient = Archive(archive.home)

    def write(number: int) -> None:
        with patient.write() as con:
            insert(con, "raw.entry_texts", [{"entry_id": str(number), "blurb": ""}])

    threads = [threading.Thread(target=write, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with patient.write() as con:
        assert (
            fetch_rows(con, "SELECT count(*) AS n FROM raw.entry_texts")[0]["n"] == 12
        )


def test_every_table_column_and_view_is_commented(archive: Archive) -> None:
    with archive.read() as con:
        tables = con.execute(
            "SELECT table_name FROM duckdb_tables() "
            "WHERE comment IS NULL AND table_name <> 'schema_migrations'"
        ).fetchall()
        columns = con.execute(
            "SELECT table_name, column_name FROM duckdb_columns() "
            "SEMI JOIN duckdb_tables() USING (table_name) "
            "WHERE NOT internal AND comment IS NULL "
            "AND table_name <> 'schema_migrations'"
        ).fetchall()
        views = con.execute(
            "SELECT view_name FROM duckdb_views() "
            "WHERE NOT internal AND comment IS NULL"
        ).fetchall()
    assert (tables, columns, views) == ([], [], [])


def test_every_query_runs_and_says_what_it_does(
    sample_home: Path, tmp_path: Path
) -> None:
    """The first line of each query file is a comment that describes it."""
    shutil.copytree(sample_home, tmp_path / "home")
    files = sorted((statements.ROOT / "queries").rglob("*.sql"))
    assert files
    with Archive(tmp_path / "home").write() as con:
        for file in files:
            text = file.read_text()
            assert text.startswith("-- "), file
            con.execute(f"EXPLAIN {text}", dict.fromkeys(_parameters(text)))


def _parameters(text: str) -> set[str]:
    import re

    return set(re.findall(r"\$(\w+)", "\n".join(text.splitlines()[1:])))


def test_references_hold_without_foreign_keys(sample_home: Path) -> None:
    orphans = {
        "entries": "SELECT 1 FROM entries ANTI JOIN sightings USING (sighting_id)",
        "links": "SELECT 1 FROM links ANTI JOIN entries USING (entry_id)",
        "resolutions": "SELECT 1 FROM resolutions AS r ANTI JOIN papers "
        "USING (paper_id) WHERE r.paper_id IS NOT NULL",
        "documents": "SELECT 1 FROM documents ANTI JOIN paper_versions "
        "USING (paper_id, version)",
        "texts": "SELECT 1 FROM documents ANTI JOIN raw.document_texts "
        "USING (document_id)",
        "payloads": "SELECT 1 FROM documents ANTI JOIN raw.payloads USING (payload_id)",
        "generations": "SELECT 1 FROM generations ANTI JOIN documents "
        "USING (document_id)",
        "questions": "SELECT 1 FROM questions ANTI JOIN generations "
        "USING (generation_id)",
        "evidence": "SELECT 1 FROM evidence ANTI JOIN questions USING (question_id)",
        "runs": "SELECT 1 FROM model_calls ANTI JOIN runs USING (run_id)",
    }
    with Archive(sample_home).read() as con:
        assert {name: con.execute(sql).fetchall() for name, sql in orphans.items()} == {
            name: [] for name in orphans
        }
        outside = con.execute(
            "SELECT count(*) FROM evidence AS e JOIN questions USING (question_id) "
            "JOIN generations USING (generation_id) "
            "JOIN raw.document_texts AS t USING (document_id) "
            "WHERE e.match = 'exact' "
            "AND substr(t.text, e.start_char + 1, 10) <> substr(e.quote, 1, 10)"
        ).fetchone()
    assert outside == (0,)


def test_instants_are_utc(archive: Archive) -> None:
    at = datetime(2024, 4, 7, 15, 4, tzinfo=UTC)
    row = {
        "post_id": "1",
        "conversation_id": "1",
        "author_id": "1",
        "replied_to": None,
        "posted_at": at,
        "payload_id": "p",
    }
    with archive.write() as con:
        insert(con, "posts", [row])
        assert fetch_rows(con, "SELECT posted_at, hour(posted_at) AS h FROM posts") == [
            {"posted_at": at, "h": 15}
        ]


def test_getting_what_is_not_there_names_it(archive: Archive) -> None:
    with archive.read() as con, pytest.raises(NotFound, match="entry_id"):
        get_entry(con, "b2:none")


def test_a_copied_home_is_an_archive(sample_home: Path, tmp_path: Path) -> None:
    shutil.copytree(sample_home, tmp_path / "copy")
    with Archive(tmp_path / "copy").read() as con:
        assert fetch_rows(con, "SELECT week FROM weeks") == [{"week": "2024-W14"}]


GENERATION = {
    "generation_id": "b2:1",
    "kind": "explain",
    "language": "ja",
    "model": "m",
    "prompt_version": "ja-1",
    "prompt_hash": "h",
    "paper_id": "arxiv:1",
    "document_id": "d",
    "repairs": None,
    "label": "model",
    "status": "good",
    "reason": "",
    "payload_id": "p",
    "generated_at": datetime(2024, 4, 8, tzinfo=UTC),
    "run_id": "r",
}


def test_an_archive_of_an_older_rindoku_is_upgraded_when_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = statements.migrations()
    monkeypatch.setattr(migrate, "migrations", lambda: every[:5])
    monkeypatch.setattr(migrate, "views", lambda: ())
    archive = Archive(tmp_path)
    with archive.write() as con:
        insert(con, "raw.entry_texts", [{"entry_id": "a", "blurb": "kept"}])
        insert(con, "generations", [GENERATION])
    archive.publish()
    monkeypatch.undo()
    with archive.read() as con:
        assert fetch_rows(con, "SELECT blurb FROM raw.entry_texts") == [
            {"blurb": "kept"}
        ]
        assert fetch_rows(con, "SELECT count(*) AS n FROM current_answers") == [
            {"n": 0}
        ]
        [kept] = fetch_rows(con, "FROM generations")
        assert kept == GENERATION, "a table that is written anew keeps its rows"
        assert fetch_rows(con, "SELECT max(version) AS v FROM schema_migrations") == [
            {"v": every[-1].number}
        ]
