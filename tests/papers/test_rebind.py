"""Rebinding: JetMoE was on arXiv four days after the week that lists its page."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rindoku.errors import Failure
from rindoku.flows.pipeline import finish_papers
from rindoku.flows.rebind import rebind_weeks
from rindoku.models import Outcome
from rindoku.papers import Look, due_entries, look_up_entry, rebind_entries
from rindoku.publish import publish_week, render_article, report_week
from rindoku.run import Run
from rindoku.sample import SAMPLE_WEEK, Fault, StandIn, sample_papers
from rindoku.sample.pages import work_page
from rindoku.tasks.executor import PlainExecutor
from tests.conftest import environment_of, sample_services, set_environment
from tests.queries import count_model_calls, select_rows
from tests.sample.entries import later_week, pick_entries, short_week
from tests.steps import read_week, work_week

MONDAY = datetime(2024, 4, 8, 6, tzinfo=UTC)
# The entries that are pages, and one that is on arXiv from the start.
WEB = ("Many-shot Jailbreaking", "SWE-Agent", "JetMoE")
TITLES = (*WEB, "Mixture-of-Depths")
JETMOE = 4
PAGE, PAPER = "url:https://research.myshell.ai/jetmoe", "arxiv:2404.07413"


@pytest.fixture(scope="module")
def monday_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a week that was run on Monday, before JetMoE was on arXiv."""
    home = tmp_path_factory.mktemp("monday") / "home"
    week = short_week(home, TITLES)
    with sample_services(home, now=MONDAY, first_week=week):
        assert work_week(Run("monday"), as_of=MONDAY) == Outcome.COMPLETE
    return home


@pytest.fixture
def standin(
    monday_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[StandIn]:
    """The stand-in two weeks later, and a copy of Monday's home."""
    home = tmp_path / "home"
    shutil.copytree(monday_home, home)
    now, week = MONDAY + timedelta(days=14), pick_entries(TITLES)
    with StandIn(now=now, first_week=week) as running:
        set_environment(monkeypatch, environment_of(running, home))
        yield running


def rebind(run: Run, days: float, *, every: bool = False) -> list[Look]:
    """The steps of the rebind flow as plain calls."""
    as_of = MONDAY + timedelta(days=days)
    due = due_entries(run, as_of, every=every)
    candidates = [look_up_entry(run, e.entry_id, again=True) for e in due]
    looks = rebind_entries(run, due, candidates, as_of, {})
    failures = list[Failure]()
    for sighting_id in {e.sighting_id for e in due}:
        finish_papers(run, sighting_id, PlainExecutor(), failures)
    assert failures == []
    publish_week(run, SAMPLE_WEEK)
    return looks


def due(days: float) -> list[str]:
    """The nicknames of the entries that are due this many days after Monday."""
    entries = due_entries(Run("due"), MONDAY + timedelta(days=days))
    return [entry.name.split(":")[0] for entry in entries]


def test_on_monday_the_entry_is_bound_to_its_page(standin: StandIn) -> None:
    with Run("r").archive.read() as con:
        entries = report_week(con, SAMPLE_WEEK, "ja").entries
    entry = next(e for e in entries if e.rank == JETMOE)
    assert entry.paper_id == PAGE
    assert (entry.method, entry.grounding) == ("web page", "web page")


def test_pages_are_due_once_after_7_and_once_after_30_days(standin: StandIn) -> None:
    web = ["Many-shot Jailbreaking", "SWE-agent", "JetMoE"]
    assert due(6.9) == []
    assert due(7) == web
    run = Run("first")
    assert [look.changed for look in rebind(run, 8)] == [False, False, True]
    assert due(9) == []
    assert due(29) == []
    assert due(30) == web[:2]
    rebind(Run("second"), 31)
    assert due(60) == []
    assert len(due_entries(run, MONDAY + timedelta(days=60), every=True)) == 2


def test_a_later_paper_is_found_read_and_explained_once(
    standin: StandIn,
) -> None:
    run = Run("later")
    looks = rebind(run, 8)
    look = next(k for k in looks if k.entry.rank == JETMOE)
    assert (look.entry.paper_id, look.paper_id, look.rebound) == (PAGE, PAPER, True)
    assert "arXiv confirms the title" in look.evidence
    assert count_model_calls(standin) == 1, "only the paper that changed is paid for"
    with run.archive.read() as con:
        history = con.execute(
            "SELECT paper_id, version FROM resolutions "
            f"JOIN entries USING (entry_id) WHERE rank = {JETMOE} ORDER BY resolved_at"
        ).fetchall()
        report = report_week(con, SAMPLE_WEEK, "ja")
        article = render_article(con, SAMPLE_WEEK, "md", "ja")
        page = render_article(con, SAMPLE_WEEK, "html", "ja")
        revisions = con.execute(
            "SELECT max(revision) FROM issues WHERE format = 'md'"
        ).fetchone()
    assert history == [(PAGE, 0), (PAPER, 1)], "the first resolution is kept"
    row = next(r for r in report.entries if r.rank == JETMOE)
    assert (row.paper_id, row.grounding, row.answered) == (PAPER, "full text", 10)
    assert report.outcome == Outcome.COMPLETE
    erratum = (
        "訂正:2024年04月16日、はじめは <https://research.myshell.ai/jetmoe> "
        "として紹介しました"
    )
    assert article.count("訂正:") == 1
    assert erratum in article
    assert page.count("<dt>訂正</dt>") == 1
    assert revisions == (2,)
    rebind(Run("again"), 9, every=True)
    assert count_model_calls(standin) == 1


def test_a_page_whose_text_has_changed_is_explained_again(standin: StandIn) -> None:
    agent = next(p for p in sample_papers() if p.title.startswith("SWE-agent"))
    longer = work_page(agent).replace(
        "</main>",
        "<h2>News</h2><p>The agent solves more than it did before.</p></main>",
    )
    standin.put("https://swe-agent.com/", longer)
    looks = rebind(Run("page"), 8)
    assert [(k.entry.rank, k.rebound, k.reread) for k in looks if k.changed] == [
        (2, False, True),
        (JETMOE, True, False),
    ]
    # One call each for the changed page and for JetMoE, and at most one repair each.
    assert 2 <= count_model_calls(standin) <= 4
    with Run("r").archive.read() as con:
        texts = con.execute(
            "SELECT count(*) FROM documents "
            "WHERE paper_id = 'url:https://swe-agent.com/'"
        ).fetchone()
        article = render_article(con, SAMPLE_WEEK, "md", "ja")
    assert texts == (2,)
    assert article.count("訂正:") == 1


def test_a_deleted_page_keeps_the_text_that_was_read(standin: StandIn) -> None:
    standin.put("https://research.myshell.ai/jetmoe", "gone", status=404)
    look = next(k for k in rebind(Run("gone"), 8) if k.entry.rank == JETMOE)
    assert (look.paper_id, look.changed) == (PAGE, False)
    assert count_model_calls(standin) == 0
    with Run("r").archive.read() as con:
        report = report_week(con, SAMPLE_WEEK, "ja")
    assert report.outcome == Outcome.COMPLETE
    assert [link.rank for link in report.links if link.state == "dead"] == [JETMOE]


def test_an_entry_stays_due_while_arxiv_fails(standin: StandIn) -> None:
    standin.faults.order(Fault("503-html", "/api/query", times=9))
    standin.faults.order(Fault("503-html", "oaipmh", times=9))
    with pytest.raises(Exception, match="arXiv returned 503"):
        rebind(Run("down"), 8)
    assert "JetMoE" in due(8)
    standin.faults.clear()
    assert any(look.rebound for look in rebind(Run("up"), 8.1))


def test_a_failure_of_one_week_is_not_the_outcome_of_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home, jetmoe = tmp_path / "home", later_week("2024-W15", ranks=[7])
    week = short_week(home, TITLES)
    with StandIn([jetmoe], now=MONDAY, first_week=week) as standin:
        set_environment(monkeypatch, environment_of(standin, home))
        check_rebinding_of_two_weeks(standin)


def check_rebinding_of_two_weeks(standin: StandIn) -> None:
    run = Run("rebind")
    for week in (SAMPLE_WEEK, "2024-W15"):
        read_week(Run(f"read {week}"), week=week, as_of=MONDAY + timedelta(days=7))
    as_of = MONDAY + timedelta(days=20)
    due_of_both = due_entries(run, as_of)
    assert {entry.week for entry in due_of_both} == {SAMPLE_WEEK, "2024-W15"}
    standin.faults.order(Fault("500-html", "swe-agent.com", times=9))
    _, failures = rebind_weeks(run, due_of_both, as_of, PlainExecutor())
    [failure] = [text.removeprefix(f"{SAMPLE_WEEK}: ") for text in failures]
    outcomes = select_rows(
        "SELECT week, outcome, message FROM runs WHERE flow = 'rebind' ORDER BY week"
    )
    assert outcomes == [
        {"week": SAMPLE_WEEK, "outcome": "partial", "message": failure},
        {"week": "2024-W15", "outcome": "complete", "message": ""},
    ]
