"""What is bought from X, and how it is counted."""

from datetime import UTC, datetime, timedelta

import pytest

from rindoku.archive.posts import save_x_read
from rindoku.errors import BadInput, NotFound, SourceUnavailable
from rindoku.lists import observe_week
from rindoku.models import Payload
from rindoku.run import Run
from rindoku.sample import AS_OF, SAMPLE_WEEK, Fault, StandIn
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
    with pytest.raises(BadInput, match="no account @") as caught:
        observe_week(Run("second"), SAMPLE_WEEK, "x", AS_OF)
    assert "RINDOKU_WATCH" in caught.value.remedy
    assert len(standin.log) > asked


@pytest.mark.parametrize("watch", ["", "list:404"])
def test_an_account_that_x_does_not_have_is_one_of_the_digests_entry(
    standin: StandIn, settings: Settings, watch: str
) -> None:
    settings.home_path.mkdir(parents=True)
    entry = "account = 'nobody'\nseries = 'Five'\nheading = 'five'\nentries = 5\n"
    standin.faults.order(Fault("404", "/2/lists/", times=9))
    watched = f"watch = '{watch}'\n" if watch else ""
    file = settings.home_path / "digests.toml"
    file.write_text(f"[five]\n{entry}{watched}")
    with pytest.raises((BadInput, NotFound)) as caught:
        observe_week(Run("r", digest_name="five"), SAMPLE_WEEK, "x", AS_OF)
    assert "account and watch of the digest 'five'" in caught.value.remedy
    assert "RINDOKU_WATCH" not in str(caught.value)


def test_an_account_is_asked_for_again_until_x_has_it(
    standin: StandIn, settings: Settings
) -> None:
    accounts = dict(standin.x.accounts)
    standin.x.accounts.clear()
    with pytest.raises(BadInput, match="no account @"):
        observe_week(Run("renamed"), SAMPLE_WEEK, "x", AS_OF)
    standin.x.accounts.update(accounts)
    assert observe_week(Run("back"), SAMPLE_WEEK, "x", AS_OF)


def test_an_empty_object_is_no_answer(standin: StandIn, settings: Settings) -> None:
    standin.faults.order(Fault("200-empty", "/2/users/by/username/"))
    with pytest.raises(SourceUnavailable, match="empty object"):
        observe_week(Run("first"), SAMPLE_WEEK, "x", AS_OF)
    assert observe_week(Run("second"), SAMPLE_WEEK, "x", AS_OF)


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
