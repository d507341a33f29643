"""Runs: their start, their outcome, and what they have spent."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from rindoku import __version__
from rindoku.archive.database import Archive
from rindoku.archive.rows import Connection, digest_of, get_row, insert
from rindoku.errors import CONCERNS_ALL, known_error
from rindoku.models import Outcome


def begin_run(
    con: Connection, run_id: str, *, flow: str, week: str, as_of: datetime, source: str
) -> None:
    """Records that a run began. A flow run that is retried keeps its first row."""
    row = {
        "digest": digest_of(con),
        "run_id": run_id,
        "flow": flow,
        "week": week,
        "as_of": as_of,
        "source": source,
        "version": __version__,
        "started_at": datetime.now(UTC),
    }
    insert(con, "run_starts", [row])


def end_run(con: Connection, run_id: str, outcome: Outcome, message: str) -> None:
    """Records the outcome of a run."""
    row = {
        "run_id": run_id,
        "ended_at": datetime.now(UTC),
        "outcome": str(outcome),
        "message": message,
    }
    insert(con, "run_ends", [row])


@contextmanager
def ends_with_error(archive: Archive, run_id: str) -> Iterator[None]:
    """Records the outcome of a command's run that an error or a signal ends."""
    try:
        yield
    except BaseException as error:
        outcome, message = Outcome.INTERRUPTED, "The command was interrupted."
        if isinstance(error, Exception):
            outcome, message = Outcome.FAILED, str(known_error(error))
        # When the archive itself is the trouble, its error is the one to show.
        with suppress(*CONCERNS_ALL), archive.write() as con:
            end_run(con, run_id, outcome, message)
        raise


def spent_usd(con: Connection, run_id: str) -> float:
    """US dollars spent by a run and its parts.

    Calls without a reply count with their estimates.
    """
    return float(get_row(con, "runs/spent", run_id=run_id)["usd"])


def is_known_digest(con: Connection) -> bool:
    """Whether the archive has a week or a run of the connection's digest."""
    return bool(get_row(con, "runs/is_known_digest")["is_known"])
