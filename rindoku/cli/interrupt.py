"""Ctrl-C and SIGTERM: a run ends within seconds, and says what is left to do."""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from rindoku.errors import Interrupted

# Time for the flow to record its end; threads that wait for a service take longer.
GRACE_S = 2.0
_SENTENCE = "Interrupted. Nothing is lost: run the same command again to go on."
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def ending_soon() -> Iterator[None]:
    """Makes a signal end the process soon, whatever its threads wait for.

    The signal raises an error in the main thread, so that the flow can record its end.
    If the process is still there after GRACE_S, it exits. Raises Interrupted.
    """
    codes: list[int] = []
    # Python writes the number of a signal into this socket, also while Prefect has a
    # handler of its own.
    receiver, sender = socket.socketpair()
    sender.setblocking(False)
    threading.Thread(target=_exit_later, args=(receiver, codes), daemon=True).start()
    earlier_fd = signal.set_wakeup_fd(sender.fileno())
    earlier = {number: signal.signal(number, _interrupt) for number in _SIGNALS}
    try:
        yield
    except BaseException:
        # The thread may be a moment late.
        deadline = time.monotonic() + 0.2
        while not codes and time.monotonic() < deadline and _is_interrupted():
            time.sleep(0.01)
        if not codes:
            raise
        interrupted = Interrupted(_SENTENCE)
        interrupted.exit_code = codes[0]
        raise interrupted from None
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(earlier_fd)
        sender.close()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # Another signal must not interrupt the recording of the end.
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _is_interrupted() -> bool:
    return isinstance(sys.exception(), KeyboardInterrupt)


def _exit_later(receiver: socket.socket, codes: list[int]) -> None:
    """Exits some time after the first SIGINT or SIGTERM; ends with the socket."""
    while number := receiver.recv(1):
        if number[0] in _SIGNALS:
            codes.append(128 + number[0])
            time.sleep(GRACE_S)
            sys.stderr.write(f"\nrindoku: {_SENTENCE}\n")
            sys.stderr.flush()
            os._exit(codes[0])
    receiver.close()
