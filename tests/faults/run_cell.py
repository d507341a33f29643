"""Runs one cell: the week with the fault, the week after it, and all checks."""

from dataclasses import dataclass
from pathlib import Path

from rindoku.models import Outcome
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
_SOURCES = {"x": "x", "x-auto": "auto", "twin": "twin"}


@dataclass(frozen=True)
class Ran:
    """How a cell ended: the outcomes of its runs, and what is wrong with them."""

    outcomes: str
    wrong: list[str]
    message: str


def run_cell(cell: Cell, shared: Path, home: Path) -> Ran:
    """Runs a cell in a new home."""
    source = _SOURCES.get(cell.service, "twin")
    batch = cell.service == "batches"
    with home_and_services(cell.service, shared, home) as standin:
        paid = Paid(standin)
        max_usd = CEILING_USD if cell.capped else None
        with ordered(cell, standin):
            first = work("first", source, batch=batch, max_usd=max_usd)
        wrong = check_first(cell, first)
        outcomes = LETTERS.get(first.outcome, "?")
        if max_usd is not None:
            wrong += check_ceiling(first, max_usd)
        if first.outcome != Outcome.COMPLETE:
            second = work("second", source, batch=batch)
            outcomes += LETTERS.get(second.outcome, "?")
            wrong += check_healed(cell, second)
        else:
            wrong += check_healed(cell, first)
        wrong += check_money(cell, standin, paid)
    return Ran(outcomes, wrong, first.message)
