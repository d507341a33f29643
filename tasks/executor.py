"""How the steps of a flow are executed: as Prefect tasks, or as plain calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, ParamSpec, Protocol, TypeVar

from prefect.exceptions import CancelledRun, TerminationSignal
from prefect.futures import as_completed
from prefect.tasks import Task

from rindoku.errors import (
    CONCERNS_ALL,
    Failure,
    RindokuError,
    failure_of,
    known_error,
)
from rindoku.tasks.progress import report_progress

# What ends a run: an error that concerns all steps, or an interruption.
ENDS_RUN = (*CONCERNS_ALL, CancelledRun, TerminationSignal)
P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Results(Generic[R]):
    """What the calls of a task returned, in order, and the errors of others, by key.

    One bad entry costs that entry only: an error that nobody foresaw is kept like any
    other. Only errors that concern all calls are raised.
    """

    step: str
    values: list[R] = field(default_factory=list)
    errors: dict[str, RindokuError] = field(default_factory=dict)

    def add(self, key: str, result: R | BaseException) -> None:
        """Adds a result or an error.

        Raises an error that concerns all: an interruption, or an archive or a disk that
        cannot be used.
        """
        if not isinstance(result, BaseException):
            self.values.append(result)
            return
        error = known_error(result) if isinstance(result, Exception) else result
        if isinstance(error, ENDS_RUN) or not isinstance(error, RindokuError):
            raise error
        self.errors[key] = error

    @property
    def reasons(self) -> dict[str, str]:
        """Why calls failed, by key, for steps that go on without them."""
        return {key: str(error) for key, error in self.errors.items()}

    @property
    def failures(self) -> list[Failure]:
        """The errors, as they are recorded."""
        return [failure_of(self.step, key, e) for key, e in self.errors.items()]


class Executor(Protocol):
    """Executes tasks.

    `call` raises a task's error, `map` returns it with the results.
    """

    def call(self, task: Task[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Executes one task."""

    def map(
        self, task: Task[..., R], calls: Mapping[str, tuple[Any, ...]]
    ) -> Results[R]:
        """Executes a task for each call; `calls` are arguments by key."""


class PrefectExecutor:
    """Executes tasks as Prefect task runs of the current flow, several at once."""

    def call(self, task: Task[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Executes one task run and waits for it."""
        report_progress(task.name, 0, 1)
        result = task(*args, **kwargs)
        report_progress(task.name, 1, 1)
        return result

    def map(
        self, task: Task[..., R], calls: Mapping[str, tuple[Any, ...]]
    ) -> Results[R]:
        """Submits a task run for each call and waits for all."""
        futures = {key: task.submit(*args) for key, args in calls.items()}
        report_progress(task.name, 0, len(futures))
        for done, _ in enumerate(as_completed(list(futures.values())), 1):
            report_progress(task.name, done, len(futures))
        results: Results[R] = Results(task.name)
        for key, future in futures.items():
            results.add(key, future.result(raise_on_failure=False))
        return results


class PlainExecutor:
    """Executes tasks as plain calls, one after the other, without Prefect's engine."""

    def call(self, task: Task[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Calls the task's function."""
        return task.fn(*args, **kwargs)

    def map(
        self, task: Task[..., R], calls: Mapping[str, tuple[Any, ...]]
    ) -> Results[R]:
        """Calls the task's function for each call."""
        results: Results[R] = Results(task.name)
        for key, args in calls.items():
            result: R | BaseException
            try:
                result = task.fn(*args)
            except Exception as error:  # noqa: BLE001 - add() tells what it concerns
                result = error
            results.add(key, result)
        return results
