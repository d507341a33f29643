"""How the steps of a flow are executed: as Prefect tasks, or as plain calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, ParamSpec, Protocol, TypeVar

from prefect.futures import as_completed
from prefect.tasks import Task

from rindoku.errors import RindokuError
from rindoku.tasks.progress import report_progress

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Results(Generic[R]):
    """What the calls of a stage returned, in order, and why some failed, by key."""

    values: list[R] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, result: R | BaseException) -> None:
        """Adds a result. Raises an error that is not a RindokuError, as it is a bug."""
        if isinstance(result, RindokuError):
            self.failures[key] = str(result)
        elif isinstance(result, BaseException):
            raise result
        else:
            self.values.append(result)


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
        results: Results[R] = Results()
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
        results: Results[R] = Results()
        for key, args in calls.items():
            try:
                results.add(key, task.fn(*args))
            except RindokuError as error:
                results.add(key, error)
        return results
