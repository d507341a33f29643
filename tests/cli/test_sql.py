"""`rindoku sql`."""

import json
from pathlib import Path

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
