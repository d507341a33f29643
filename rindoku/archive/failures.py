"""What failed in a run, and which papers and entries it concerns."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import NamedTuple

from rindoku.archive.rows import Connection, find, insert
from rindoku.errors import Failure


class WeekPlace(NamedTuple):
    """An entry of a week, and the ids by which failures may name it."""

    rank: int
    title: str
    ids: list[str]


def save_failures(con: Connection, run_id: str, failures: Sequence[Failure]) -> None:
    """Records what failed in a run, in the order of the run."""
    now = datetime.now(UTC)
    rows = [
        asdict(failure)
        | {
            "run_id": run_id,
            "position": position,
            "failed_at": now,
            "traceback": failure.traceback or None,
        }
        for position, failure in enumerate(failures, 1)
    ]
    insert(con, "run_failures", rows)


def find_places(con: Connection, week: str) -> list[WeekPlace]:
    """The entries of a week with the ids of their papers, texts and generations."""
    return find(con, "runs/places", WeekPlace, week=week)
