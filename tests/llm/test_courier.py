"""The courier, the process that makes the calls."""

import errno
import importlib
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from rindoku.errors import HomeUnusable, SourceUnavailable
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


def job(settings: Settings) -> courier.Job:
    prompt = make_prompt(settings)
    return courier.Job(
        task="call",
        key=prompt.generation_id,
        home=str(settings.home_path),
        service=Service.of(settings),
        arguments=prompt.arguments,
    )


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_jobs_of_a_courier_that_is_killed_fail(
    standin: StandIn, settings: Settings
) -> None:
    standin.latency_s = 20
    one = courier.Courier()
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(one.run, job(settings)) for _ in range(3)]
        until(lambda: one.open_jobs == 3)
        one.process.kill()
        for future in waiting:
            with pytest.raises(SourceUnavailable, match="has ended"):
                future.result(timeout=20)
    assert one.open_jobs == 0
    one.end()


def test_a_job_that_comes_after_the_end_does_not_wait(
    standin: StandIn, settings: Settings
) -> None:
    one = courier.Courier()
    one.process.kill()
    one.process.wait()
    with ThreadPoolExecutor(1) as pool, pytest.raises(SourceUnavailable):
        pool.submit(one.run, job(settings)).result(timeout=20)
    assert not one.is_alive()
    with pytest.raises(SourceUnavailable):
        one.run(job(settings))
    one.end()


def test_a_job_for_a_closed_pipe_does_not_wait(
    standin: StandIn, settings: Settings
) -> None:
    one = courier.Courier()
    one.end()
    with pytest.raises(SourceUnavailable):
        one.run(job(settings))
    one.end()


def test_the_next_job_after_a_killed_courier_has_a_new_one(
    standin: StandIn, settings: Settings
) -> None:
    first = courier.running_courier()
    first.process.kill()
    first.process.wait()
    assert courier.call(make_prompt(settings), "call", settings).body
    assert courier.running_courier() is not first


def test_no_call_is_made_without_space_for_its_reply(
    standin: StandIn, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    # The child's module, which takes the run's process id from its arguments.
    monkeypatch.setattr(sys, "argv", ["courier"])
    child = importlib.import_module("rindoku.llm.courier_process")
    request = job(settings)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", is_full)
        with pytest.raises(HomeUnusable, match="is full"):
            child.send(request)
    assert count_model_calls(standin) == 0
    child.send(request)
    assert count_model_calls(standin) == 1
    assert (settings.home_path / "inbox" / "space").is_file()
