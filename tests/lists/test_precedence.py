"""Which sighting is current when several sources list a week."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from rindoku.run import Run
from rindoku.sample import SAMPLE_WEEK, StandIn
from rindoku.settings import Settings
from tests.queries import select_rows
from tests.sample.entries import short_week
from tests.steps import read_week


@pytest.fixture
def standin(tmp_path: Path) -> Iterator[StandIn]:
    with StandIn(first_week=short_week(tmp_path / "home")) as running:
        yield running


def current_source() -> str:
    [row] = select_rows(
        "SELECT source FROM current_sightings WHERE week = $week", week=SAMPLE_WEEK
    )
    return str(row["source"])


def test_a_file_takes_precedence_over_x_and_x_over_the_twin(
    settings: Settings, tmp_path: Path
) -> None:
    entry = {
        "week": SAMPLE_WEEK,
        "rank": 1,
        "title": "Mixture-of-Depths",
        "links": [{"url": "https://arxiv.org/abs/2404.02258"}],
    }
    file = tmp_path / "week.json"
    file.write_text(json.dumps([entry]))
    run = Run("precedence")
    read_week(run, "twin")
    assert current_source() == "twin"
    read_week(run, "x")
    assert current_source() == "x"
    read_week(run, str(file))
    assert current_source() == "file"
    # The source decides, not the time of the read.
    read_week(run, "twin")
    assert current_source() == "file"
