"""Telling whoever runs a flow in this process how far it is."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from prefect.futures import as_completed

from rindoku.errors import RindokuError

# stage, done, total
Listener = Callable[[str, int, int], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> Callable[[], None]:
    """Adds a listener; the returned function removes it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def tell(stage: str, done: int, total: int) -> None:
    """Says how far a stage is."""
    for listener in _listeners:
        listener(stage, done, total)


def wait_for(stage: str, total: int) -> Callable[[float, int], None]:
    """What a stage does while a batch is not done: tells how many answers are there, and sleeps."""

    def pause(seconds: float, awaited: int) -> None:
        tell(stage, max(0, total - awaited), total)
        time.sleep(seconds)

    return pause


def reasons(futures: Mapping[str, Any]) -> dict[str, str]:
    """Why the tasks failed that did, by the names the futures are given under."""
    ended = (
        (name, future.result(raise_on_failure=False))
        for name, future in futures.items()
    )
    return {
        name: str(result) for name, result in ended if isinstance(result, RindokuError)
    }


def gather(stage: str, futures: Iterable[Any], failures: list[str]) -> list[Any]:
    """Results of the tasks that succeeded, in order; what failed is named in `failures`.

    One paper that fails does not stop the others. Errors that are no RindokuError are bugs and pass through.
    """
    futures = list(futures)
    tell(stage, 0, len(futures))
    for done, _ in enumerate(as_completed(futures), 1):
        tell(stage, done, len(futures))
    results = []
    for future in futures:
        result = future.result(raise_on_failure=False)
        if isinstance(result, RindokuError):
            failures.append(str(result))
        elif isinstance(result, BaseException):
            raise result
        else:
            results.append(result)
    return results
