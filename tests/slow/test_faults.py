"""Cells of the fault matrix through the real command line, with Prefect's retries.

Two of them, or all twenty with `make test-faults`.
"""

import os
from pathlib import Path

import pytest

from rindoku.models import Outcome
from rindoku.run import Run
from rindoku.sample import SAMPLE_WEEK
from tests.conftest import Done, Rindoku
from tests.faults.checks import Paid, check_first, check_healed, check_money
from tests.faults.matrix import Cell, cell_named
from tests.faults.orders import ordered
from tests.faults.run_cell import CEILING_USD, source_of
from tests.faults.weeks import Worked, home_and_services
from tests.queries import select_rows
from tests.slow.conftest import Prefect

CELLS = (
    "model-cut-first",
    "x-401-all",
    "x-429-short-first",
    "x-torn-middle",
    "x-429-hopeless-all",
    "x-auto-500-all",
    "x-spend-cap-first",
    "twin-404-all",
    "twin-200-html-first",
    "query-500-all",
    "oai-garbage-middle",
    "html-403-all",
    "html-dropped-first",
    "pdf-500-all",
    "page-429-hopeless-all",
    "model-529-middle",
    "model-402-first",
    "model-429-short-first",
    "model-answer-lost-middle-capped",
    "batches-torn-gzip-middle",
)
SOME = 2
_OUTCOMES = {
    outcome.exit_code: outcome
    for outcome in (Outcome.COMPLETE, Outcome.PARTIAL, Outcome.NOTHING_YET)
} | {1: Outcome.FAILED}


def worked(done: Done) -> Worked:
    """How the newest run ended, by its exit code, and what it printed."""
    [run] = select_rows("FROM runs ORDER BY started_at DESC LIMIT 1")
    told = " ".join((done.stdout + done.stderr).split())
    return Worked(run["run_id"], _OUTCOMES[done.returncode], told)


@pytest.mark.parametrize(
    "cell",
    map(cell_named, CELLS if os.environ.get("RINDOKU_FAULTS") else CELLS[:SOME]),
    ids=str,
)
def test_a_fault_on_the_command_line(
    cell: Cell, prefect: Prefect, rindoku: Rindoku, shared_folder: Path, tmp_path: Path
) -> None:
    command = ["run", SAMPLE_WEEK, "--source", source_of(cell)]
    command += ["--batch"] * (cell.service == "batches")
    ceiling = ["--max-usd", str(CEILING_USD)] * cell.capped
    with home_and_services(cell.service, shared_folder, tmp_path / "home") as standin:
        paid = Paid(standin)
        with ordered(cell, standin):
            first = worked(rindoku(*command, *ceiling, **prefect.environment))
        with Run("query").archive.read_latest() as con:
            assert check_first(con, cell, first) == [], first.message
        second = worked(rindoku(*command, **prefect.environment))
        with Run("query").archive.read_latest() as con:
            assert check_healed(con, cell, second) == [], second.message
            assert check_money(con, standin, paid) == []
