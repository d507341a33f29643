"""The rebind flow on a real Prefect server."""

import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from rindoku.sample.standin import StandIn
from tests.conftest import Rindoku
from tests.slow.conftest import Prefect

WEEK = "2024-W14"


def environment(standin: StandIn, prefect: Prefect, home: Path) -> dict[str, str]:
    return standin.environment() | prefect.environment | {"RINDOKU_HOME": str(home)}


def model_calls(standin: StandIn) -> list[str]:
    """Keys of the calls that were answered."""
    return [
        a.key for a in standin.log if a.target.endswith("/v1/messages") and a.answered
    ]


def test_rebind_looks_again_and_finds_what_came_later(
    prefect: Prefect, rindoku: Rindoku, tmp_path: Path
) -> None:
    with StandIn(now=datetime(2024, 4, 8, 6, tzinfo=UTC)) as standin:
        env = environment(standin, prefect, tmp_path / "home")
        assert rindoku("run", WEEK, **env).returncode == 0
        nothing = rindoku("rebind", **env)
        assert (nothing.returncode, "Nothing is due" in nothing.stdout) == (0, True)
        standin.now = datetime(2024, 4, 20, tzinfo=UTC)
        paid = len(model_calls(standin))
        looked = json.loads(rindoku("rebind", WEEK, "--all", "--json", **env).stdout)
        assert [(k["rank"], k["after"]) for k in looked["looks"] if k["rebound"]] == [
            (7, "arxiv:2404.07413")
        ]
        assert len(model_calls(standin)) == paid + 1
    with duckdb.connect(tmp_path / "home" / "archive.duckdb", read_only=True) as con:
        assert con.execute(
            "SELECT flow, week, outcome FROM runs ORDER BY started_at"
        ).fetchall() == [
            ("weekly", WEEK, "complete"),
            ("rebind", WEEK, "complete"),
        ]
    article = (tmp_path / "home" / "articles" / f"{WEEK}.ja.md").read_text(
        encoding="utf-8"
    )
    assert article.count("訂正:") == 1
