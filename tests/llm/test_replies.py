"""The replies of the model, and the error for each unusable one."""

import pytest

from rindoku import errors
from rindoku.llm import courier
from rindoku.llm.replies import parse_reply
from rindoku.sample import Fault, StandIn
from rindoku.sample.faults import Kind
from rindoku.settings import Settings
from tests.llm.prompts import make_prompt
from tests.queries import MESSAGES


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("refusal", errors.ReplyRefused),
        ("max-tokens", errors.ReplyTruncated),
        ("not-json", errors.UnusableReply),
    ],
)
def test_each_unusable_reply_has_its_error(
    standin: StandIn, settings: Settings, kind: Kind, error: type[Exception]
) -> None:
    standin.faults.order(Fault(kind, MESSAGES))
    with pytest.raises(error):
        parse_reply(courier.call(make_prompt(settings), "call", settings).body)
