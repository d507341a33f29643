"""The Anthropic client: replies and the error for each failure."""

import pytest

from rindoku import errors
from rindoku.documents import read_abstract
from rindoku.explain.prompts import explain_prompt
from rindoku.llm import courier
from rindoku.llm.inbox import Inbox
from rindoku.llm.replies import parse_reply
from rindoku.sample.faults import Fault
from rindoku.sample.standin import StandIn
from rindoku.settings import Settings
from tests.builders import make_paper
from tests.samples import SAMPLES

MODEL = "/v1/messages"


def prompt(settings: Settings):
    title = SAMPLES["Mixture-of-Depths"].title
    paper = make_paper(title, abstract="Tokens may pass by a block. " * 30)
    return explain_prompt(read_abstract(paper, ""), paper, settings, settings.model)


def test_a_reply_is_on_disk_before_it_is_parsed(
    standin: StandIn, settings: Settings
) -> None:
    asked = prompt(settings)
    reply = courier.call(asked, "call", settings)
    assert Inbox(settings.home_path).find_reply(asked.generation_id) == reply
    explanation, model = parse_reply(reply.body)
    assert (len(explanation.answers), model) == (10, "rindoku-sample")
    assert reply.request_id
    Inbox(settings.home_path).remove_reply(asked.generation_id)
    assert Inbox(settings.home_path).find_reply(asked.generation_id) is None


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("401", errors.AccessDenied),
        ("402", errors.OutOfCredit),
        ("403", errors.AccessDenied),
        ("429", errors.RateLimited),
        ("429-spend-limit", errors.OutOfCredit),
        ("529", errors.SourceUnavailable),
        ("500-html", errors.SourceUnavailable),
        ("200-html", errors.SourceUnavailable),
        ("200-empty", errors.SourceUnavailable),
        ("truncated-json", errors.SourceUnavailable),
        ("dropped", errors.SourceUnavailable),
    ],
)
def test_each_failure_has_its_error_and_leaves_nothing_behind(
    standin: StandIn, settings: Settings, kind: str, error: type[Exception]
) -> None:
    standin.faults.order(Fault(kind, MODEL, seconds=3))
    with pytest.raises(error):
        courier.call(prompt(settings), "call", settings)
    assert len(standin.log) == 1, "only tasks/policy.py retries"
    assert Inbox(settings.home_path).find_reply(prompt(settings).generation_id) is None


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("refusal", errors.ReplyRefused),
        ("max-tokens", errors.ReplyTruncated),
        ("not-json", errors.UnusableReply),
    ],
)
def test_unusable_replies_have_their_error(
    standin: StandIn, settings: Settings, kind: str, error: type[Exception]
) -> None:
    standin.faults.order(Fault(kind, MODEL))
    with pytest.raises(error):
        parse_reply(courier.call(prompt(settings), "call", settings).body)
