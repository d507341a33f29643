"""`rindoku sql`."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rindoku.cli.sql import query_archive
from rindoku.errors import BadInput
from tests.conftest import Rindoku


def test_rows_are_printed_as_json(rindoku: Rindoku, home: Path) -> None:
    query = "SELECT rank, paper_id FROM week_entries WHERE rank = 7"
    done = rindoku("sql", query, "--json")
    assert json.loads(done.stdout) == [{"rank": 7, "paper_id": "arxiv:2404.07413"}]


def test_instants_are_printed_in_the_configured_zone(
    rindoku: Rindoku, home: Path
) -> None:
    query = "SELECT observed_at FROM sightings"
    done = rindoku("sql", query, RINDOKU_TIMEZONE="Asia/Tokyo")
    assert "+09:00" in done.stdout


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1",
        "FROM answers LIMIT 1",
        "SHOW ALL TABLES",
        "DESCRIBE answers",
        "SUMMARIZE weeks",
        "EXPLAIN SELECT 1",
        "EXPLAIN ANALYZE FROM weeks",
        "PIVOT answers ON status USING count(*) GROUP BY week",
        "SELECT 1; SELECT 2",
    ],
)
def test_statements_that_read_are_run(statement: str, home: Path) -> None:
    columns, rows = query_archive(statement)
    assert columns
    assert rows


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("COPY weeks TO '{file}'", "COPY"),
        ("COPY (SELECT 1) TO '{file}'", "COPY"),
        ("EXPLAIN ANALYZE COPY weeks TO '{file}'", "EXPLAIN"),
        ("/* */ EXPLAIN ANALYZE (FORMAT json) COPY weeks TO '{file}'", "EXPLAIN"),
        ("SELECT 1; COPY weeks TO '{file}'", "COPY"),
        ("ATTACH '{file}' AS other", "ATTACH"),
        ("EXPORT DATABASE '{file}'", "EXPORT"),
        ("INSTALL httpfs", "LOAD"),
        ("SET enable_external_access = true", "SET"),
        ("PRAGMA enable_profiling", "PRAGMA"),
        ("CREATE TABLE t AS SELECT 1", "CREATE"),
        ("DELETE FROM weeks", "DELETE"),
        ("SELECT * FROM read_text('/etc/passwd')", "Permission Error"),
        ("FROM '/etc/passwd'", "does not exist"),
        ("", "empty"),
        ("-- nothing", "empty"),
        ("SELEC 1", "Parser Error"),
    ],
)
def test_statements_that_do_more_are_refused(
    statement: str, named: str, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "archive-copy"
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    with pytest.raises(BadInput, match=named):
        query_archive(statement.format(file=file))
    assert not file.exists()
    for path, content in before.items():
        assert path.read_bytes() == content


def test_the_open_file_itself_cannot_be_overwritten(home: Path) -> None:
    for target in ("archive.duckdb", "writer/archive.duckdb", "archive.duckdb.wal"):
        with pytest.raises(BadInput, match="COPY"):
            query_archive(f"COPY (SELECT 1) TO '{home / target}'")
    assert query_archive("SELECT count(*) FROM weeks")[1] == [(1,)]


def test_ctrl_c_ends_a_long_statement(home: Path) -> None:
    long = "SELECT max(hash(i)) FROM range(20000000000) t(i)"
    # Processes in the background of a script ignore the signal.
    code = (
        "import signal\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from rindoku.cli import main\n"
        "main()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, "sql", long], stderr=subprocess.PIPE, text=True
    ) as running:
        time.sleep(1.5)
        running.send_signal(signal.SIGINT)
        try:
            _, error = running.communicate(timeout=30)
        finally:
            running.kill()
    assert (running.returncode, error) == (130, "")
