"""The weekly flow on a real Prefect server: runs, reruns, faults and bad weeks."""

import json
from dataclasses import replace
from pathlib import Path

from rindoku.sample import SAMPLE_WEEK, Fault, StandIn
from tests.conftest import Rindoku
from tests.lists.shapes import post_article
from tests.queries import answered_calls
from tests.sample.entries import later_week, short_week
from tests.slow.conftest import Prefect


def test_a_second_demo_does_nothing(
    prefect: Prefect, rindoku: Rindoku, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    first = rindoku("demo", "--home", str(home), **prefect.environment)
    assert first.returncode == 0, first.stderr
    assert "complete: 10 entries, 99 questions answered, 97 verified" in first.stdout
    files = {path.name: path.read_bytes() for path in (home / "articles").iterdir()}
    assert set(files) == {f"{SAMPLE_WEEK}.ja.md", f"{SAMPLE_WEEK}.ja.html"}
    again = rindoku("demo", "--home", str(home), **prefect.environment)
    assert again.returncode == 0
    assert "nothing was done" in again.stdout
    assert "\n0 requests" in again.stdout
    after = {path.name: path.read_bytes() for path in (home / "articles").iterdir()}
    assert files == after


def test_a_week_in_english(
    prefect: Prefect, rindoku_here: Rindoku, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with StandIn(first_week=short_week(home)) as standin:
        env = prefect.environment_of(standin, home) | {"RINDOKU_LANGUAGE": "en"}
        result = rindoku_here("run", SAMPLE_WEEK, "--json", **env)
    assert result.returncode == 0, result.stdout + result.stderr
    article = (tmp_path / "home" / "articles" / f"{SAMPLE_WEEK}.en.md").read_text()
    assert "# Notes on recent papers: 2024-04-01 to 2024-04-07" in article
    assert not any("\u3040" <= c <= "\u30ff" for c in article)


def test_a_thread_with_a_missing_rank_is_partial(
    prefect: Prefect, rindoku_here: Rindoku, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    week = short_week(home)
    entries = tuple(entry for entry in week.entries if entry.rank != 2)
    with StandIn(first_week=replace(week, entries=entries)) as standin:
        env = prefect.environment_of(standin, home)
        result = rindoku_here("run", SAMPLE_WEEK, "--source", "x", **env)
    assert result.returncode == 4, result.stdout + result.stderr
    assert "lacks rank 2 of 3" in result.stdout
    assert (home / "articles" / f"{SAMPLE_WEEK}.ja.html").is_file()


def test_an_empty_thread_fails_with_a_remedy(
    prefect: Prefect, rindoku: Rindoku, tmp_path: Path
) -> None:
    with StandIn([later_week("2024-W15", ranks=[])]) as standin:
        env = prefect.environment_of(standin, tmp_path / "home")
        result = rindoku("run", "2024-W15", "--source", "x", **env)
    assert result.returncode == 1
    assert "no numbered entry follows" in result.stderr
    assert "RINDOKU_SOURCE=twin" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "home" / "articles").exists()


def test_an_unreadable_reply_makes_the_week_partial_until_the_next_run(
    prefect: Prefect, rindoku_here: Rindoku, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with StandIn(first_week=short_week(home)) as standin:
        env = prefect.environment_of(standin, home)
        standin.faults.order(Fault("not-json", "/v1/messages"))
        result = rindoku_here("run", SAMPLE_WEEK, "--source", "x", **env)
        assert result.returncode == 4, result.stdout + result.stderr
        assert "does not have the requested form" in result.stdout
        again = rindoku_here("run", SAMPLE_WEEK, "--source", "x", "--json", **env)
        calls = answered_calls(standin)
    assert again.returncode == 0, again.stdout + again.stderr
    assert json.loads(again.stdout)["outcome"] == "complete"
    assert len(calls) == 6, "five, and the one that was unreadable"


def test_without_keys_the_twin_is_read_and_the_papers_are_quoted(
    prefect: Prefect, rindoku_here: Rindoku, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with StandIn(first_week=short_week(home)) as standin:
        env = prefect.environment_of(standin, home) | {
            "ANTHROPIC_API_KEY": "",
            "X_BEARER_TOKEN": "",
        }
        result = rindoku_here("run", SAMPLE_WEEK, "--json", **env)
        assert answered_calls(standin) == []
    report = json.loads(result.stdout)
    assert result.returncode == 0, result.stdout + result.stderr
    assert (report["source"], report["outcome"]) == ("twin", "complete")
    assert {e["label"] for e in report["entries"]} == {"extract"}
    article = (tmp_path / "home" / "articles" / f"{SAMPLE_WEEK}.ja.md").read_text()
    assert "LLM未使用・原文抜粋" in article


def test_faults_on_the_way_are_retried(
    prefect: Prefect, rindoku_here: Rindoku, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with StandIn(first_week=short_week(home)) as standin:
        env = prefect.environment_of(standin, home)
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
        result = rindoku_here("run", SAMPLE_WEEK, "--source", "x", **env)
        calls = answered_calls(standin)
    assert result.returncode == 0, result.stdout + result.stderr
    assert len(set(calls)) == 5


SECRET = "that-must-stay-secret"


def test_the_twin_is_read_when_x_fails_and_the_token_is_never_logged(
    prefect: Prefect, rindoku: Rindoku, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with StandIn(first_week=short_week(home)) as standin:
        standin.faults.order(Fault("402", "/2/users", times=9))
        env = prefect.environment_of(standin, home) | {
            "X_BEARER_TOKEN": f"sample-token-{SECRET}"
        }
        result = rindoku("run", SAMPLE_WEEK, **env, PREFECT_LOGGING_LEVEL="DEBUG")
    assert result.returncode == 0, result.stdout + result.stderr
    assert (
        "X failed, so the twin was read: The X account has no credit left (402)."
        in result.stdout
    )
    assert "(twin, seen" in result.stdout
    # The token is in no output at any level, and in no row or file of the home.
    assert SECRET not in result.stdout + result.stderr
    for path in (tmp_path / "home").rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes()


def test_an_article_without_links_is_completed_from_the_twin(
    prefect: Prefect, rindoku_here: Rindoku, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with StandIn(first_week=short_week(home), post_week=post_article) as standin:
        env = prefect.environment_of(standin, home)
        result = rindoku_here("run", SAMPLE_WEEK, "--json", **env)
    report = json.loads(result.stdout)
    assert result.returncode == 0, result.stdout + result.stderr
    assert (report["source"], report["outcome"]) == ("x", "complete")
    assert (report["x"]["requests"], report["x"]["posts"]) == (2, 5)


def test_a_run_before_the_post_makes_no_model_call(
    prefect: Prefect, rindoku_here: Rindoku, tmp_path: Path
) -> None:
    with StandIn() as standin:
        env = prefect.environment_of(standin, tmp_path / "home")
        result = rindoku_here("run", "last", "--source", "x", **env)
        assert answered_calls(standin) == []
    assert result.returncode == 3, result.stdout + result.stderr
    assert "has no dair_ai list for" in result.stdout
    assert not (tmp_path / "home" / "articles").exists()


def test_papers_whose_replies_were_unusable_are_asked_about_anew(
    prefect: Prefect, rindoku_here: Rindoku, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with StandIn(first_week=short_week(home)) as standin:
        env = prefect.environment_of(standin, home)
        # Three papers, two models each.
        standin.faults.order(Fault("refusal", "/v1/messages", times=6))
        first = rindoku_here("run", SAMPLE_WEEK, "--source", "x", **env)
        calls = len(answered_calls(standin))
        second = rindoku_here("run", SAMPLE_WEEK, "--source", "x", **env)
        assert len(answered_calls(standin)) == calls
        third = rindoku_here("run", SAMPLE_WEEK, "--source", "x", "--again", **env)
    assert (first.returncode, second.returncode) == (4, 4), first.stderr
    assert third.returncode == 0, third.stdout + third.stderr
