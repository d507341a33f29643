"""Migrations: applied completely or not at all, and to archives only."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from rindoku.archive import Archive, migrate, statements
from rindoku.archive.rows import fetch_rows, insert
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


def test_an_older_archive_is_upgraded_when_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_migrations = statements.migrations()
    monkeypatch.setattr(migrate, "migrations", lambda: all_migrations[:5])
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
        assert kept == GENERATION, "a table that is rewritten keeps its rows"
        assert fetch_rows(con, "SELECT max(version) AS v FROM schema_migrations") == [
            {"v": all_migrations[-1].number}
        ]
