"""Which source counts when several show a week."""

import json
from pathlib import Path

from rindoku.run import Run
from rindoku.sample.content import SAMPLE_WEEK
from rindoku.settings import Settings
from tests.steps import read_week


def current_source(run: Run) -> str:
    with run.archive.write() as con:
        row = con.execute(
            "SELECT source FROM current_sightings WHERE week = ?", [SAMPLE_WEEK]
        ).fetchone()
    return str(row[0]) if row else ""


def test_a_file_goes_before_x_and_x_before_the_twin(
    settings: Settings, tmp_path: Path
) -> None:
    entry = {
        "week": SAMPLE_WEEK,
        "rank": 1,
        "title": "Mixture-of-Depths",
        "links": [{"url": "https://arxiv.org/abs/2404.02258"}],
    }
    by_hand = tmp_path / "week.json"
    by_hand.write_text(json.dumps([entry]))
    run = Run("precedence")
    read_week(run, "twin")
    assert current_source(run) == "twin"
    read_week(run, "x")
    assert current_source(run) == "x"
    read_week(run, str(by_hand))
    assert current_source(run) == "file"
    # The rank of the source counts, not which was read last.
    read_week(run, "twin")
    assert current_source(run) == "file"
