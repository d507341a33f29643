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


class Courier:
    """The run's side of one courier process. Thread-safe."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
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
        self._ended = False
        threading.Thread(target=self._read, daemon=True).start()

    def run(self, job: Job) -> dict[str, Any]:
        """Sends a job and waits for the courier's response.

        Raises SourceUnavailable when the courier ends before it responds.
        """
        response: Future[dict[str, Any]] = Future()
        with self._lock:
            if self._ended:
                raise _courier_ended()
            number = next(self._numbers)
            line = json.dumps({"number": number, "job": asdict(job)})
            try:
                self._pipe().write(line + "\n")
                self._pipe().flush()
            except (BrokenPipeError, ValueError) as error:
                # It has ended, or its pipe is closed: the job has not reached it.
                raise _courier_ended() from error
            self._open[number] = response
        return response.result()

    @property
    def open_jobs(self) -> int:
        """Jobs that wait for a response."""
        return len(self._open)

    def is_alive(self) -> bool:
        return not self._ended and self.process.poll() is None

    def end(self) -> None:
        """Closes the pipe: no further job will come."""
        try:
            self._pipe().close()
        except BrokenPipeError:
            # What was left to write is for a process that has ended.
            return

    def _pipe(self) -> IO[str]:
        if self.process.stdin is None:
            raise RuntimeError("The courier was started without a pipe.")
        return self.process.stdin

    def _read(self) -> None:
        """Passes responses on until the courier ends, then fails the open jobs."""
        try:
            for line in self.process.stdout or ():
                response = json.loads(line)
                # Registered by `run` while it holds the lock.
                with self._lock:
                    waiting = self._open.pop(response["number"])
                waiting.set_result(response)
        except ValueError:
            # The end of its last line is missing: it was killed.
            self.process.kill()
        finally:
            with self._lock:
                self._ended = True
                abandoned = list(self._open.values())
                self._open.clear()
            for future in abandoned:
                future.set_exception(_courier_ended())


def _courier_ended() -> errors.ReplyLost:
    return errors.ReplyLost(
        "The courier process has ended.", "It will be started again."
    )


_courier: Courier | None = None
_starting = threading.Lock()


def _run(job: Job) -> None:
    """Runs a job in the courier, and raises the error it ended with, if any."""
    response = running_courier().run(job)
    if "error" in response:
        error_class: type[errors.RindokuError] = getattr(errors, response["error"])
        raise error_class(*response["arguments"])
    if "bug" in response:
        raise RuntimeError(response["bug"])


def running_courier() -> Courier:
    """The courier of this process, started by its first job, or after one ended."""
    global _courier  # noqa: PLW0603 - one courier a process, started by the first job
    with _starting:
        if _courier is None or not _courier.is_alive():
            _courier = Courier()
            atexit.register(_courier.end)
        return _courier
