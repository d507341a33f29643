"""The one retry policy: transient errors only, with exponential backoff and jitter."""

import time
from typing import Any

from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task, exponential_backoff

from rindoku.errors import Transient

RETRIES = 4
# X's rate limits reset after a quarter of an hour. If a service asks for a longer wait,
# the task fails, and the next scheduled run tries again.
LONGEST_WAIT_S = 960.0


def is_worth_another_try(
    _task: Task[..., Any], task_run: TaskRun, state: State[Any]
) -> bool:
    """Whether a failed attempt is retried; first waits if the service asked to."""
    error = state.result(raise_on_failure=False)
    if not isinstance(error, Transient):
        return False
    wait = error.retry_after or 0.0
    if wait > LONGEST_WAIT_S:
        return False
    # Prefect's own delay can't be taken from an error, so the wait happens here.
    if task_run.run_count <= RETRIES:
        time.sleep(wait)
    return True


# For tasks that use the network. The archive, not Prefect, records what is done.
NETWORK: dict[str, Any] = {
    "retries": RETRIES,
    "retry_delay_seconds": exponential_backoff(backoff_factor=1),
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": is_worth_another_try,
    "cache_policy": NO_CACHE,
    "persist_result": False,
}
LOCAL: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False}
