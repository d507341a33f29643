"""Rows in and out of the archive."""

from datetime import UTC, datetime

import pytest

from rindoku.archive import Archive
from rindoku.archive.findings import save_findings
from rindoku.archive.rows import fetch_rows, insert
from rindoku.archive.sightings import get_entry
from rindoku.errors import NotFound
from rindoku.models import Finding


def test_saving_a_row_twice_changes_nothing(archive: Archive) -> None:
    finding = Finding("s", "check", "note", "m")
    for run_id in ("one", "two"):
        with archive.write() as con:
            save_findings(con, [finding], run_id)
    with archive.write() as con:
        assert [r["run_id"] for r in fetch_rows(con, "FROM findings")] == ["one"]


def test_instants_are_returned_in_utc(archive: Archive) -> None:
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


def test_getting_a_missing_row_names_its_key(archive: Archive) -> None:
    with archive.read_latest() as con, pytest.raises(NotFound, match="entry_id"):
        get_entry(con, "b2:none")
