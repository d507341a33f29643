"""The rebind flow on a real Prefect server."""

import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from rindoku.sample import SAMPLE_WEEK, StandIn
from tests.conftest import Rindoku
from tests.queries import answered_calls
from tests.sample.entries import short_week
from tests.slow.conftest import Prefect


def test_an_entry_is_rebound_once_its_paper_is_on_arxiv(
    prefect: Prefect, rindoku_here: Rindoku, tmp_path: Path
) -> None:
    home, monday = tmp_path / "home", datetime(2024, 4, 8, 6, tzinfo=UTC)
    week = short_week(home, ("SWE-Agent", "JetMoE"))
    with StandIn(now=monday, first_week=week) as standin:
        env = prefect.environment_of(standin, home)
        assert rindoku_here("run", SAMPLE_WEEK, **env).returncode == 0
        nothing = rindoku_here("rebind", **env)
        assert nothing.returncode == 0
        assert "Nothing is due" in nothing.stdout
        standin.now = datetime(2024, 4, 20, tzinfo=UTC)
        paid = len(answered_calls(standin))
        done = rindoku_here("rebind", SAMPLE_WEEK, "--all", "--json", **env)
        rebound = [k for k in json.loads(done.stdout)["looks"] if k["rebound"]]
        assert [(k["rank"], k["after"]) for k in rebound] == [(2, "arxiv:2404.07413")]
        assert len(answered_calls(standin)) == paid + 1
    with duckdb.connect(home / "archive.duckdb", read_only=True) as con:
        assert con.execute(
            "SELECT flow, week, outcome FROM runs ORDER BY started_at"
        ).fetchall() == [
            ("weekly", SAMPLE_WEEK, "complete"),
            ("rebind", SAMPLE_WEEK, "complete"),
        ]
    article = (home / "articles" / f"{SAMPLE_WEEK}.ja.md").read_text(encoding="utf-8")
    assert article.count("訂正:") == 1
