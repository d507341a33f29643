"""Paid calls are made in a courier process, which survives if the run is killed.

A run starts one courier, in a new session, and sends it jobs over a pipe: one line of
JSON each, and one line back when the reply is in the inbox. When the run is killed, the
pipe closes; the courier finishes the calls it has sent, writes their replies, and ends.
A later run's courier waits for them, as each call holds a lock in the inbox.

This module is the run's side; the child is courier_process.py.
"""

import atexit
import itertools
import json
import os
import subprocess
import sys
import threading
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field
from typing import IO, Any, Literal

from rindoku import errors
from rindoku.llm.client import Service
from rindoku.llm.inbox import Inbox, RawReply
from rindoku.llm.message import Prompt
from rindoku.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Job:
    """A call to make, or a batch to submit.

    `key` is the generation's id, or the batch's.
    """

    task: Literal["call", "batch"]
    key: str
    home: str
    service: Service
    call_id: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)


def call(prompt: Prompt, call_id: str, settings: Settings) -> RawReply:
    """Makes a call through the courier; returns its reply, which is in the inbox.

    Raises AccessDenied, OutOfCredit, RateLimited, SourceUnavailable or BadInput.
    """
    _run(
        Job(
            task="call",
            key=prompt.generation_id,
            home=str(settings.home_path),
            service=Service.of(settings),
            call_id=call_id,
            arguments=prompt.arguments,
        )
    )
    reply = Inbox(settings.home_path).find_reply(prompt.generation_id)
    if reply is None:
        raise errors.ReplyLost(
            "The reply is no longer in the inbox.", "The call will be made again."
        )
    return reply


def submit_batch(batch_key: str, settings: Settings) -> str:
    """Submits, through the courier, a batch whose requests are in the inbox.

    Returns the API's id of the batch. Raises what `call` raises.
    """
    _run(
        Job(
            task="batch",
            key=batch_key,
            home=str(settings.home_path),
            service=Service.of(settings),
        )
    )
    confirmation = Inbox(settings.home_path).find_confirmation(batch_key)
    if confirmation is None:
        raise errors.SourceUnavailable(
            "The batch's confirmation is no longer in the inbox.", "Run again."
        )
    return confirmation


class _Courier:
    """The run's side of one courier process. Thread-safe."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rindoku.llm.courier_process", str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            # Keeps signals to the run's process group away from the courier.
            start_new_session=True,
        )
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._open: dict[int, Future[dict[str, Any]]] = {}
        threading.Thread(target=self._read, daemon=True).start()

    def run(self, job: Job) -> dict[str, Any]:
        """Sends a job and waits for the courier's response."""
        response: Future[dict[str, Any]] = Future()
        with self._lock:
            number = next(self._numbers)
            self._open[number] = response
            line = json.dumps({"number": number, "job": asdict(job)})
            self._pipe().write(line + "\n")
            self._pipe().flush()
        return response.result()

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """Closes the pipe: no further job will come."""
        self._pipe().close()

    def _pipe(self) -> IO[str]:
        if self._process.stdin is None:
            raise RuntimeError("The courier was started without a pipe.")
        return self._process.stdin

    def _read(self) -> None:
        for line in self._process.stdout or ():
            response = json.loads(line)
            self._open.pop(response["number"]).set_result(response)
        for future in self._open.values():
            future.set_exception(
                errors.ReplyLost(
                    "The courier process has ended.", "It will be started again."
                )
            )


_courier: _Courier | None = None
_starting = threading.Lock()


def _run(job: Job) -> None:
    """Runs a job in the courier, and raises the error it ended with, if any."""
    response = _running_courier().run(job)
    if "error" in response:
        error_class: type[errors.RindokuError] = getattr(errors, response["error"])
        raise error_class(*response["arguments"])
    if "bug" in response:
        raise RuntimeError(response["bug"])


def _running_courier() -> _Courier:
    global _courier  # noqa: PLW0603 - one courier a process, started by the first job
    with _starting:
        if _courier is None or not _courier.is_alive():
            _courier = _Courier()
            atexit.register(_courier.end)
        return _courier
