"""The process that makes the paid calls, so that a kill of the run does not lose what is on the wire.

A run starts one courier, in a session of its own, and hands it calls over a pipe: one JSON line each,
answered by one JSON line when the reply is in the inbox. When the run is killed the pipe closes, and
the courier ends after the calls it has sent have come back and are on disk. A later run's courier
waits for them: each call holds a lock named after its generation.

This is the run's side; the child is courier_process.py.
"""

import atexit
import itertools
import json
import subprocess
import sys
import threading
from concurrent.futures import Future
from typing import IO, Any

from rindoku import errors


class _Courier:
    """The run's side of one courier process. Thread-safe."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rindoku.llm.courier_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            # Not of our process group: signals to the run are not for the courier.
            start_new_session=True,
        )
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._open: dict[int, Future[dict[str, Any]]] = {}
        threading.Thread(target=self._read, daemon=True).start()

    def ask(self, call: dict[str, Any]) -> dict[str, Any]:
        answer: Future[dict[str, Any]] = Future()
        with self._lock:
            number = next(self._numbers)
            self._open[number] = answer
            self._pipe().write(json.dumps({"number": number, **call}) + "\n")
            self._pipe().flush()
        return answer.result()

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """Tells the courier that nothing more will come."""
        self._pipe().close()

    def _pipe(self) -> IO[str]:
        if self._process.stdin is None:
            raise RuntimeError("a courier without a pipe")
        return self._process.stdin

    def _read(self) -> None:
        for line in self._process.stdout or ():
            answer = json.loads(line)
            self._open.pop(answer["number"]).set_result(answer)
        for future in self._open.values():
            future.set_exception(
                errors.SourceUnavailable(
                    "The courier process has ended.", "It is started again."
                )
            )


_courier: _Courier | None = None
_starting = threading.Lock()


def ask(call: dict[str, Any]) -> None:
    """Has a call made, or a batch submitted, and waits until the answer is in the inbox.

    `call` holds the arguments of `calls.send` or of `batch_calls.submit`. Raises what that raises.
    """
    answer = _running().ask(call)
    if "error" in answer:
        raise getattr(errors, answer["error"])(*answer["arguments"])
    if "bug" in answer:
        raise RuntimeError(answer["bug"])


def _running() -> _Courier:
    global _courier  # noqa: PLW0603 - one courier a process, started by the first call
    with _starting:
        if _courier is None or not _courier.is_alive():
            _courier = _Courier()
            atexit.register(_courier.end)
        return _courier
