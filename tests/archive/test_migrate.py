"""Migrations: applied completely or not at all, and to archives only."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from rindoku.archive import Archive, migrate, statements
from rindoku.archive.rows import fetch_rows, insert
from rindoku.archive.takeover import backup_path
from rindoku.errors import ArchiveCorrupt, ArchiveNewer


def test_a_newer_archive_is_refused_and_left_as_it_is(archive: Archive) -> None:
    with archive.write() as con:
        con.execute("INSERT INTO schema_migrations VALUES (9999, 'future', now())")
    before = archive.writer_path.read_bytes()
    with pytest.raises(ArchiveNewer, match="schema 9999"), archive.write():
        pass
    assert archive.writer_path.read_bytes() == before


def test_another_applications_duckdb_file_is_refused(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.writer_path.parent.mkdir(parents=True)
    with duckdb.connect(archive.writer_path) as con:
        con.execute("CREATE TABLE accounts (name VARCHAR)")
    with pytest.raises(ArchiveCorrupt, match="not a rindoku archive"), archive.write():
        pass


def test_a_failing_migration_is_rolled_back_completely(
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


def make_single_file(home: Path, version: int) -> Archive:
    """An archive of an older schema, which had private texts beside the facts."""
    archive = Archive(home)
    archive.writer_path.parent.mkdir(parents=True)
    with duckdb.connect(archive.writer_path) as con:
        con.execute(migrate.MIGRATIONS_TABLE)
        for migration in statements.migrations()[:version]:
            con.execute(migration.sql)
            con.execute(
                "INSERT INTO schema_migrations VALUES (?, ?, now())",
                [migration.number, migration.name],
            )
        con.execute("INSERT INTO raw.entry_texts VALUES ('a', 'kept')")
        insert(con, "generations", [GENERATION])
    shutil.copy(archive.writer_path, archive.path)
    return archive


@pytest.mark.parametrize("version", [3, 5, 7])
def test_an_older_archive_is_upgraded_when_it_is_read(
    tmp_path: Path, version: int
) -> None:
    archive = make_single_file(tmp_path, version)
    with archive.read() as con:
        assert fetch_rows(con, "SELECT count(*) AS n FROM current_answers") == [
            {"n": 0}
        ]
        [kept] = fetch_rows(con, "FROM generations")
        assert kept == GENERATION, "a table that is rewritten keeps its rows"
        assert fetch_rows(con, "SELECT max(version) AS v FROM schema_migrations") == [
            {"v": statements.migrations()[-1].number}
        ]
        # No private text is published, neither in a row nor in left-over bytes.
        assert fetch_rows(con, "FROM duckdb_schemas() WHERE schema_name = 'raw'") == []
    assert b"kept" not in archive.path.read_bytes()
    with archive.read_latest() as con:
        assert fetch_rows(con, "SELECT blurb FROM raw.entry_texts") == [
            {"blurb": "kept"}
        ]
    with duckdb.connect(backup_path(archive.writer_path), read_only=True) as con:
        assert fetch_rows(con, "SELECT blurb FROM raw.entry_texts") == [
            {"blurb": "kept"}
        ]


def test_views_and_the_last_migration_are_one_transaction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path)
    monkeypatch.setattr(migrate, "views", lambda: ("SELECT no_such_function()",))
    with pytest.raises(duckdb.Error, match="no_such_function"), archive.write():
        pass
    monkeypatch.undo()
    with archive.write() as con:
        assert fetch_rows(con, "FROM current_answers") == []


def test_a_new_home_that_was_killed_while_it_was_made_has_no_backup(
    tmp_path: Path,
) -> None:
    archive = Archive(tmp_path)
    archive.writer_path.parent.mkdir()
    with duckdb.connect(archive.writer_path) as con:
        migrate.migrate(con, archive.writer_path, below=8)
    with archive.write() as con:
        assert fetch_rows(con, "FROM entries") == []
    assert not backup_path(archive.writer_path).exists()
