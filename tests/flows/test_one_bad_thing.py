"""One bad thing costs that thing only: the other papers are published."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rindoku.errors import HomeUnusable
from rindoku.flows import pipeline
from rindoku.models import Outcome
from rindoku.publish import close_run, open_run, record_failures
from rindoku.run import Run
from rindoku.sample import AS_OF, SAMPLE_WEEK, Fault, StandIn
from rindoku.settings import Settings
from rindoku.tasks.executor import PlainExecutor
from tests.queries import answered_calls, count_rows, sample_article, select_rows
from tests.sample.entries import short_week

SECRET = "sample-key"


@pytest.fixture
def standin(tmp_path: Path) -> Iterator[StandIn]:
    with StandIn(first_week=short_week(tmp_path / "home")) as running:
        yield running


def work(run: Run) -> tuple[Outcome, str]:
    """A week as the flow works it, without Prefect."""
    open_run(run, "test", SAMPLE_WEEK, AS_OF, "x")
    outcome, failures = pipeline.work_week(
        run, SAMPLE_WEEK, "x", AS_OF, PlainExecutor()
    )
    message = record_failures(run, SAMPLE_WEEK, failures)
    close_run(run, outcome, message)
    return outcome, message


def break_once(patch: pytest.MonkeyPatch, name: str, error: Exception) -> None:
    """Makes a function raise an error when it is called for the first time."""
    module, _, function = name.rpartition(".")
    original = getattr(__import__(module, fromlist=[function]), function)
    calls: list[None] = []

    def broken(*args: Any, **kwargs: Any) -> Any:
        calls.append(None)
        if len(calls) == 1:
            raise error
        return original(*args, **kwargs)

    patch.setattr(name, broken)


@pytest.mark.parametrize(
    ("step", "name"),
    [
        ("look up", "rindoku.papers.resolve.look_up_links"),
        ("resolve", "rindoku.papers.resolve.decide"),
        ("read", "rindoku.papers.read.read_payload"),
        ("explain", "rindoku.explain.explanations.buy"),
    ],
)
def test_an_unforeseen_error_is_the_failure_of_one_entry(
    step: str,
    name: str,
    settings: Settings,
    standin: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    error = ZeroDivisionError(f"header value {SECRET}")
    with monkeypatch.context() as patch:
        break_once(patch, name, error)
        outcome, message = work(Run("first"))
    assert outcome == Outcome.PARTIAL
    [failure] = select_rows("FROM run_failures")
    assert (failure["step"], failure["error"]) == (step, "Unexpected")
    assert "ZeroDivisionError in broken (test_one_bad_thing.py" in failure["message"]
    assert "report" in failure["remedy"]
    assert "Traceback" in failure["traceback"]
    assert SECRET not in failure["message"] + failure["traceback"] + message
    assert count_rows("week_entries WHERE generation_id IS NOT NULL") == 2
    assert sample_article(Run("r").archive).count("### Q&A") == 2
    [row] = select_rows("SELECT outcome, message FROM runs")
    assert (row["outcome"], row["message"]) == ("partial", message)
    # The next run does what was left.
    assert work(Run("second")) == (Outcome.COMPLETE, "")
    calls = answered_calls(standin)
    assert len(calls) == len(set(calls))


def test_an_error_that_concerns_all_ends_the_run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = HomeUnusable("The disk is full.", "Free some space.")
    break_once(monkeypatch, "rindoku.papers.read.read_payload", full)
    with pytest.raises(HomeUnusable, match="The disk is full"):
        work(Run("first"))


def test_text_that_fails_for_a_while_is_read_by_the_next_run(
    settings: Settings, standin: StandIn
) -> None:
    standin.faults.order(Fault("403", "arxiv.org/html/2404.02258", times=9))
    standin.faults.order(Fault("403", "arxiv.org/pdf/2404.02258", times=9))
    outcome, message = work(Run("first"))
    assert outcome == Outcome.PARTIAL
    assert "arxiv.org/html/2404.02258v1 returned 403" in message
    assert "Run again in 24 hours." in message
    [entry] = select_rows(
        "SELECT grounding, may_improve, document_note FROM bound_entries WHERE rank = 2"
    )
    assert (entry["grounding"], entry["may_improve"]) == ("abstract only", True)
    assert "returned 403" in entry["document_note"]
    standin.faults.clear()
    assert work(Run("second")) == (Outcome.COMPLETE, "")
    [entry] = select_rows(
        "SELECT grounding, may_improve FROM bound_entries WHERE rank = 2"
    )
    assert (entry["grounding"], entry["may_improve"]) == ("full text", False)


def test_a_text_that_can_be_read_after_all_is_no_failure(
    settings: Settings, standin: StandIn
) -> None:
    standin.faults.order(Fault("403", "arxiv.org/html/2404.02258"))
    assert work(Run("first")) == (Outcome.COMPLETE, "")


def test_after_a_failure_of_the_html_the_pdf_is_read(
    settings: Settings, standin: StandIn
) -> None:
    standin.faults.order(Fault("503-html", "arxiv.org/html/2404.02078", times=9))
    assert work(Run("first")) == (Outcome.COMPLETE, "")
    [entry] = select_rows(
        "SELECT grounding, format FROM bound_entries "
        "WHERE paper_id = 'arxiv:2404.02078'"
    )
    assert tuple(entry.values()) == ("full text", "pdf")


def test_a_text_that_does_not_exist_is_no_failure(
    settings: Settings, standin: StandIn
) -> None:
    standin.faults.order(Fault("404", "arxiv.org/html/2404.02258", times=9))
    standin.faults.order(Fault("404", "arxiv.org/pdf/2404.02258", times=9))
    assert work(Run("first")) == (Outcome.COMPLETE, "")
