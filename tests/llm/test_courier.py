"""The courier, the process that makes the calls."""

from rindoku.llm import courier
from rindoku.llm.inbox import Inbox
from rindoku.llm.replies import parse_reply
from rindoku.sample import StandIn
from rindoku.settings import Settings
from tests.llm.prompts import make_prompt


def test_a_reply_is_on_disk_before_it_is_parsed(
    standin: StandIn, settings: Settings
) -> None:
    prompt, inbox = make_prompt(settings), Inbox(settings.home_path)
    reply = courier.call(prompt, "call", settings)
    assert inbox.find_reply(prompt.generation_id) == reply
    explanation, model = parse_reply(reply.body)
    assert (len(explanation.answers), model) == (10, "rindoku-sample")
    assert reply.request_id
    inbox.remove_reply(prompt.generation_id)
    assert inbox.find_reply(prompt.generation_id) is None
