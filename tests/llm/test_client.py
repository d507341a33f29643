"""The client of the model API: the error for each failure."""

import pytest

from rindoku import errors
from rindoku.llm import courier
from rindoku.llm.client import count_tokens
from rindoku.llm.inbox import Inbox
from rindoku.sample import Fault, StandIn
from rindoku.sample.faults import Kind
from rindoku.settings import Settings
from tests.llm.prompts import make_prompt
from tests.queries import MESSAGES


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("401", errors.AccessDenied),
        ("402", errors.OutOfCredit),
        ("403", errors.AccessDenied),
        ("429", errors.RateLimited),
        ("400-spend-limit", errors.OutOfCredit),
        ("400-enforced-limit", errors.OutOfCredit),
        ("400-contract-limit", errors.OutOfCredit),
        ("429-tier-limit", errors.OutOfCredit),
        ("529", errors.SourceUnavailable),
        ("500-html", errors.SourceUnavailable),
        ("200-html", errors.SourceUnavailable),
        ("200-empty", errors.SourceUnavailable),
        ("200-binary", errors.SourceUnavailable),
        ("truncated-json", errors.ReplyLost),
        ("cut", errors.ReplyLost),
        ("torn-gzip", errors.ReplyLost),
        ("garbage", errors.ReplyLost),
        ("dropped", errors.SourceUnavailable),
    ],
)
def test_each_failure_has_its_error_and_leaves_no_reply(
    standin: StandIn, settings: Settings, kind: Kind, error: type[Exception]
) -> None:
    standin.faults.order(Fault(kind, MESSAGES, seconds=3))
    with pytest.raises(error):
        courier.call(make_prompt(settings), "call", settings)
    assert len(standin.log) == 1, "only tasks/policy.py retries"
    assert (
        Inbox(settings.home_path).find_reply(make_prompt(settings).generation_id)
        is None
    )


def test_what_the_api_says_is_shown_without_the_body_around_it(
    standin: StandIn, settings: Settings
) -> None:
    standin.faults.order(Fault("403", MESSAGES))
    with pytest.raises(errors.AccessDenied) as caught:
        courier.call(make_prompt(settings), "call", settings)
    assert caught.value.message == "The model API refuses the key (403): Forbidden."


@pytest.mark.parametrize(
    "kind", ["200-html", "200-empty", "truncated-json", "torn-gzip"]
)
def test_a_count_that_is_none_is_an_error(
    standin: StandIn, settings: Settings, kind: Kind
) -> None:
    standin.faults.order(Fault(kind, "/count_tokens"))
    with pytest.raises(errors.SourceUnavailable):
        count_tokens(make_prompt(settings), settings)
