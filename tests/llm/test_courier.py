"""The courier, the process that makes the calls."""

import errno
import importlib
import os
import sys

import pytest

from rindoku.errors import HomeUnusable
from rindoku.llm import courier
from rindoku.llm.client import Service
from rindoku.llm.inbox import Inbox
from rindoku.llm.replies import parse_reply
from rindoku.sample import StandIn
from rindoku.settings import Settings
from tests.llm.prompts import make_prompt
from tests.queries import count_model_calls


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


def test_no_call_is_made_without_space_for_its_reply(
    standin: StandIn, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    # The child's module, which takes the run's process id from its arguments.
    monkeypatch.setattr(sys, "argv", ["courier"])
    child = importlib.import_module("rindoku.llm.courier_process")
    prompt = make_prompt(settings)
    job = courier.Job(
        task="call",
        key=prompt.generation_id,
        home=str(settings.home_path),
        service=Service.of(settings),
        arguments=prompt.arguments,
    )
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", is_full)
        with pytest.raises(HomeUnusable, match="is full"):
            child.send(job)
    assert count_model_calls(standin) == 0
    child.send(job)
    assert count_model_calls(standin) == 1
    assert (settings.home_path / "inbox" / "space").is_file()
