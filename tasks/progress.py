"""The progress of a flow, for whoever runs it in this process."""

import time
from collections.abc import Callable

# Stage, done, total. A stage is called like its task.
Listener = Callable[[str, int, int], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> Callable[[], None]:
    """Adds a listener; the returned function removes it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def report_progress(stage: str, done: int, total: int) -> None:
    """Tells the listeners how much of a stage is done."""
    for listener in _listeners:
        listener(stage, done, total)


def pause_for(stage: str, total: int) -> Callable[[float, int], None]:
    """Between two looks at a batch: reports the progress of a stage, and sleeps."""

    def pause(seconds: float, awaited: int) -> None:
        report_progress(stage, max(0, total - awaited), total)
        time.sleep(seconds)

    return pause
