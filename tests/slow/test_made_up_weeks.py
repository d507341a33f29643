"""Weeks that the stand-in makes up from a list of entries."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rindoku.models import Outcome
from rindoku.run import Run
from rindoku.sample import StandIn, read_weeks
from tests.conftest import environment_of, set_environment
from tests.sample.entries import write_entries
from tests.steps import work_week

LATER = datetime(2024, 6, 10, tzinfo=UTC)


def test_a_made_up_week_is_complete_from_either_source(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    weeks = read_weeks(write_entries(tmp_path / "entries.jsonl"))
    with StandIn(weeks) as standin:
        set_environment(monkeypatch, environment_of(standin, tmp_path / "home"))
        for source in ("x", "twin"):
            assert work_week(Run(source), source, "2024-W20", LATER) == Outcome.COMPLETE
    with Run("r").archive.read() as con:
        statuses = con.execute(
            "SELECT DISTINCT status FROM answers WHERE week = '2024-W20' ORDER BY ALL"
        ).fetchall()
        published = con.execute(
            "SELECT DISTINCT published_on FROM week_entries "
            "WHERE grounding = 'full text'"
        ).fetchall()
    assert statuses in ([("verified",)], [("not in paper",), ("verified",)])
    assert {str(day)[:7] for (day,) in published} == {"2024-05"}
