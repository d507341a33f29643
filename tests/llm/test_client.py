"""The client of the model API: the error for each failure."""

import pytest

from rindoku import errors
from rindoku.llm import courier
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
        ("truncated-json", errors.SourceUnavailable),
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
