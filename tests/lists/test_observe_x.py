"""What is bought from X, and how it is counted."""

from datetime import UTC, datetime, timedelta

import pytest

from rindoku.archive.posts import save_x_read
from rindoku.errors import BadInput
from rindoku.lists import observe_week
from rindoku.models import Payload
from rindoku.run import Run
from rindoku.sample import AS_OF, SAMPLE_WEEK, StandIn
from rindoku.settings import Settings
from rindoku.web import make_payload
from tests.queries import select_rows


@pytest.mark.parametrize("watch", ["dair_ai", "@dair_ai", "DAIR_AI", "@Dair_AI"])
def test_the_account_is_bought_once_however_it_is_written(
    standin: StandIn,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    watch: str,
) -> None:
    monkeypatch.setenv("RINDOKU_WATCH", watch)
    for number in range(2):
        observe_week(Run(f"run {number}"), SAMPLE_WEEK, "x", AS_OF)
    lookups = [a for a in standin.log if "/users/by/username/" in a.target]
    assert len(lookups) == 1
    marks = select_rows("SELECT DISTINCT watch FROM high_water_marks")
    assert marks == [{"watch": "dair_ai"}]


def test_an_account_with_a_similar_name_is_another_account(
    standin: StandIn, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    observe_week(Run("first"), SAMPLE_WEEK, "x", AS_OF)
    asked = len(standin.log)
    # An underscore is a wildcard of LIKE.
    monkeypatch.setenv("RINDOKU_WATCH", "dairxai")
    with pytest.raises(BadInput, match="no account @"):
        observe_week(Run("second"), SAMPLE_WEEK, "x", AS_OF)
    assert len(standin.log) > asked


def answer_at(instant: datetime) -> Payload:
    payload = make_payload("x", "https://api.twitter.com/2/tweets", 200, b"{}")
    return Payload(**payload.__dict__ | {"retrieved_at": instant})


def test_an_answer_that_was_paid_for_twice_costs_twice(settings: Settings) -> None:
    run = Run("costs")
    first = datetime(2024, 4, 8, 6, tzinfo=UTC)
    for instant in (first, first + timedelta(hours=3)):
        with run.archive.write() as con:
            save_x_read(
                con,
                answer_at(instant),
                posts=1,
                users=0,
                cost_usd=0.005,
                run_id=run.run_id,
            )
    [row] = select_rows("SELECT count(*) AS n, sum(cost_usd) AS usd FROM x_reads")
    assert row == {"n": 2, "usd": pytest.approx(0.01)}
