"""The progress of a flow, for listeners in this process."""

import time
from collections.abc import Callable

# Takes the stage (the name of its task), the number of calls done, and their total.
Listener = Callable[[str, int, int], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> Callable[[], None]:
    """Adds a listener; the returned function removes it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def report_progress(stage: str, done: int, total: int) -> None:
    """Calls the listeners with the progress of a stage."""
    for listener in _listeners:
        listener(stage, done, total)


def pause_for(stage: str, total: int) -> Callable[[float, int], None]:
    """A function that reports the progress of a stage and sleeps, to poll a batch."""

    def pause(seconds: float, awaited: int) -> None:
        report_progress(stage, max(0, total - awaited), total)
        time.sleep(seconds)

    return pause
