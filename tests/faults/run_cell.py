"""Runs one cell: the week with the fault, the week after it, and all checks."""

from dataclasses import dataclass
from pathlib import Path

from rindoku.models import Outcome
from rindoku.run import Run
from tests.faults.checks import (
    LETTERS,
    Paid,
    check_ceiling,
    check_first,
    check_healed,
    check_money,
)
from tests.faults.matrix import Cell
from tests.faults.orders import ordered
from tests.faults.weeks import home_and_services, work

# More than the calls of a week, and less than the replies that may be lost in it.
CEILING_USD = 1.0


@dataclass(frozen=True)
class Ran:
    """How a cell ended: the outcomes of its runs, and what is wrong with them."""

    outcomes: str
    wrong: list[str]
    message: str


def source_of(cell: Cell) -> str:
    """The source of the list: where the list does not matter, the one without costs."""
    return {"x": "x", "x-auto": "auto"}.get(cell.service, "twin")


def run_cell(cell: Cell, shared: Path, home: Path) -> Ran:
    """Runs a cell in a new home."""
    source = source_of(cell)
    batch = cell.service == "batches"
    with home_and_services(cell.service, shared, home) as standin:
        paid = Paid(standin)
        max_usd = CEILING_USD if cell.capped else None
        with ordered(cell, standin):
            first = work("first", source, batch=batch, max_usd=max_usd)
        outcomes = LETTERS.get(first.outcome, "?")
        with Run("query").archive.read_latest() as con:
            wrong = check_first(con, cell, first)
            if max_usd is not None:
                wrong += check_ceiling(con, first, max_usd)
        last = first
        if first.outcome != Outcome.COMPLETE:
            last = work("second", source, batch=batch)
            outcomes += LETTERS.get(last.outcome, "?")
        with Run("query").archive.read_latest() as con:
            wrong += check_healed(con, cell, last)
            wrong += check_money(con, standin, paid)
    return Ran(outcomes, wrong, first.message)
