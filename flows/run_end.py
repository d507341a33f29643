"""Closes a run in the archive, whatever ends it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from prefect.exceptions import CancelledRun, TerminationSignal

from rindoku import publish
from rindoku.errors import CONCERNS_ALL, failure_of, known_error
from rindoku.models import Outcome
from rindoku.run import Run

_INTERRUPTIONS = (KeyboardInterrupt, SystemExit, TerminationSignal, CancelledRun)


@contextmanager
def recorded_end(run: Run, week: str) -> Iterator[None]:
    """Records the outcome of a run that an error or an interruption ends.

    An error that nobody foresaw is recorded with its traceback and raised as
    Unexpected; all others are raised as they are.
    """
    try:
        yield
    except _INTERRUPTIONS:
        with suppress(*CONCERNS_ALL):
            message = "The run was interrupted; run it again."
            publish.close_run(run, Outcome.INTERRUPTED, message)
        raise
    except Exception as error:
        known = known_error(error)
        # When the archive itself is the trouble, its error is the one to show.
        with suppress(*CONCERNS_ALL):
            failure = failure_of("run", week, known)
            message = publish.record_failures(run, week, [failure])
            publish.close_run(run, Outcome.FAILED, message)
        if known is error:
            raise
        raise known from error
