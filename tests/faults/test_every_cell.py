"""Every cell of the matrix, or those whose names contain RINDOKU_FAULTS."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.conftest import CELLS
from tests.faults.matrix import Cell, all_cells
from tests.faults.run_cell import run_cell

_WANTED = os.environ.get(CELLS, "all")


@pytest.mark.parametrize(
    "cell",
    [cell for cell in all_cells() if _WANTED == "all" or _WANTED in str(cell)],
    ids=str,
)
def test_a_fault_costs_what_it_must(
    cell: Cell,
    shared_folder: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    record_property: Callable[[str, object], None],
) -> None:
    ran = run_cell(cell, shared_folder, tmp_path / "home")
    record_property("cell", str(cell))
    record_property("outcomes", ran.outcomes)
    assert ran.wrong == [], ran.message
    output = "".join(capfd.readouterr())
    assert "Traceback" not in output
