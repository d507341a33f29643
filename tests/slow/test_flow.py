"""The flows on a real Prefect server: runs, reruns, kills, faults, a deployment."""

import json
from pathlib import Path

import pytest

from rindoku.sample.content import SampleWeek, sample_week
from rindoku.sample.faults import Fault
from rindoku.sample.standin import StandIn
from tests.conftest import Rindoku
from tests.lists.shapes import post_article
from tests.slow.conftest import Prefect

pytestmark = pytest.mark.slow


WEEK = "2024-W14"


def environment(standin: StandIn, prefect: Prefect, home: Path) -> dict[str, str]:
    return standin.environment() | prefect.environment | {"RINDOKU_HOME": str(home)}


def model_calls(standin: StandIn) -> list[str]:
    """Keys of the calls that were answered."""
    return [
        a.key for a in standin.log if a.target.endswith("/v1/messages") and a.answered
    ]


def test_the_demo_runs_and_runs_again_doing_nothing(
    prefect: Prefect, rindoku: Rindoku, tmp_path: Path
) -> None:
    first = rindoku("demo", "--home", str(tmp_path / "home"), **prefect.environment)
    assert first.returncode == 0, first.stderr
    assert "complete: 10 entries, 99 questions answered, 97 verified" in first.stdout
    files = {p.name: p.read_bytes() for p in (tmp_path / "home" / "articles").iterdir()}
    assert set(files) == {f"{WEEK}.ja.md", f"{WEEK}.ja.html"}
    again = rindoku("demo", "--home", str(tmp_path / "home"), **prefect.environment)
    assert again.returncode == 0
    assert "nothing was done" in again.stdout
    assert "\n0 requests" in again.stdout
    assert files == {
        p.name: p.read_bytes() for p in (tmp_path / "home" / "articles").iterdir()
    }


def test_a_week_in_english(prefect: Prefect, rindoku: Rindoku, tmp_path: Path) -> None:
    with StandIn() as standin:
        env = environment(standin, prefect, tmp_path / "home") | {
            "RINDOKU_LANGUAGE": "en"
        }
        result = rindoku("run", WEEK, "--json", **env)
    assert result.returncode == 0, result.stdout + result.stderr
    article = (tmp_path / "home" / "articles" / f"{WEEK}.en.md").read_text()
    assert "# Notes on recent papers: 2024-04-01 to 2024-04-07" in article
    assert not any("\u3040" <= c <= "\u30ff" for c in article)


def with_entries(*ranks: int) -> SampleWeek:
    week = sample_week()
    return SampleWeek(
        "2024-W15",
        "Top ML Papers of the Week (April 8 - April 14):",
        week.starts_on.replace(day=8),
        week.ends_on.replace(day=14),
        week.posted_at.replace(day=14),
        tuple(e for e in week.entries if e.rank in ranks),
    )


def test_a_thread_with_a_missing_rank_is_partial(
    prefect: Prefect, rindoku: Rindoku, tmp_path: Path
) -> None:
    with StandIn([with_entries(1, 2, 3, 4, 5, 6, 8, 9, 10)]) as standin:
        result = rindoku(
            "run",
            "2024-W15",
            "--source",
            "x",
            **environment(standin, prefect, tmp_path / "home"),
        )
    assert result.returncode == 4, result.stdout + result.stderr
    assert "lacks rank 7 of 10" in result.stdout
    assert (tmp_path / "home" / "articles" / "2024-W15.ja.html").is_file()


def test_an_empty_thread_fails_with_a_remedy(
    prefect: Prefect, rindoku: Rindoku, tmp_path: Path
) -> None:
    with StandIn([with_entries()]) as standin:
        result = rindoku(
            "run",
            "2024-W15",
            "--source",
            "x",
            **environment(standin, prefect, tmp_path / "home"),
        )
    assert result.returncode == 1
    assert "no numbered entry follows" in result.stderr
    assert "RINDOKU_SOURCE=twin" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "home" / "articles").exists()


def test_a_reply_that_is_no_json_costs_one_paper_not_the_week(
    prefect: Prefect, rindoku: Rindoku, tmp_path: Path
) -> None:
    env_home = tmp_path / "home"
    with StandIn() as standin:
        standin.faults.order(Fault("not-json", "/v1/messages"))
        result = rindoku(
            "run", WEEK, "--source", "x", **environment(standin, prefect, env_home)
        )
        assert result.returncode == 4, result.stdout + result.stderr
        assert "does not have the requested form" in result.stdout
        again = rindoku(
            "run",
            WEEK,
            "--source",
            "x",
            "--json",
            **environment(standin, prefect, env_home),
        )
        calls = model_calls(standin)
    assert again.returncode == 0, again.stdout + again.stderr
    assert json.loads(again.stdout)["outcome"] == "complete"
    assert len(calls) == 14  # thirteen, and the one whose reply did not count


def test_without_keys_the_twin_is_read_and_the_papers_are_quoted(
    prefect: Prefect, rindoku: Rindoku, tmp_path: Path
) -> None:
    with StandIn() as standin:
        env = environment(standin, prefect, tmp_path / "home") | {
            "ANTHROPIC_API_KEY": "",
            "X_BEARER_TOKEN": "",
        }
        result = rindoku("run", WEEK, "--json", **env)
        assert model_calls(standin) == []
    report = json.loads(result.stdout)
    assert (result.returncode, report["source"], report["outcome"]) == (
        0,
        "twin",
        "complete",
    )
    assert {e["label"] for e in report["entries"]} == {"extract"}
    article = (tmp_path / "home" / "articles" / f"{WEEK}.ja.md").read_text()
    assert "LLM未使用・原文抜粋" in article


def test_faults_on_the_way_are_retried(
    prefect: Prefect, rindoku: Rindoku, tmp_path: Path
) -> None:
    with StandIn() as standin:
        for fault in (
            Fault("429", "/2/users", seconds=1),
            Fault("503-html", "/2/users"),
            Fault("200-html", "/2/users"),
            Fault("429", "/api/query", seconds=1),
            Fault("truncated-json", "/v1/messages"),
            Fault("529", "/v1/messages"),
            Fault("dropped", "/v1/messages"),
            Fault("500-html", "swe-agent.com"),
        ):
            standin.faults.order(fault)
        result = rindoku(
            "run",
            WEEK,
            "--source",
            "x",
            **environment(standin, prefect, tmp_path / "home"),
        )
        calls = model_calls(standin)
    assert result.returncode == 0, result.stdout + result.stderr
    assert len(set(calls)) == 13


def test_where_x_fails_the_twin_is_read_and_the_report_says_so(
    prefect: Prefect, rindoku: Rindoku, tmp_path: Path
) -> None:
    with StandIn() as standin:
        standin.faults.order(Fault("402", "/2/users", times=9))
        env = environment(standin, prefect, tmp_path / "home") | {
            "X_BEARER_TOKEN": "sample-token-nobody-may-see"
        }
        result = rindoku("run", WEEK, **env, PREFECT_LOGGING_LEVEL="DEBUG")
    assert result.returncode == 0, result.stdout + result.stderr
    assert (
        "X failed, so the twin was read: The X account has no credit left (402)."
        in result.stdout
    )
    assert "(twin, seen" in result.stdout
    # The token is in no output at any level, and in no row or file of the home.
    assert "nobody-may-see" not in result.stdout + result.stderr
    for path in (tmp_path / "home").rglob("*"):
        assert not path.is_file() or b"nobody-may-see" not in path.read_bytes()


def test_an_article_without_links_is_completed_from_the_twin_and_worked(
    prefect: Prefect, rindoku: Rindoku, tmp_path: Path
) -> None:
    with StandIn(post_week=post_article) as standin:
        result = rindoku(
            "run", WEEK, "--json", **environment(standin, prefect, tmp_path / "home")
        )
    report = json.loads(result.stdout)
    assert (result.returncode, report["source"], report["outcome"]) == (
        0,
        "x",
        "complete",
    )
    assert (report["x"]["requests"], report["x"]["posts"]) == (2, 5)


def test_before_the_post_the_run_says_so_and_spends_little(
    prefect: Prefect, rindoku: Rindoku, tmp_path: Path
) -> None:
    with StandIn() as standin:
        result = rindoku(
            "run",
            "last",
            "--source",
            "x",
            **environment(standin, prefect, tmp_path / "home"),
        )
        assert model_calls(standin) == []
    assert result.returncode == 3, result.stdout + result.stderr
    assert "has no list for" in result.stdout
    assert not (tmp_path / "home" / "articles").exists()
