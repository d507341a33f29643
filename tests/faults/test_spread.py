"""A spread of the matrix by a seed, as long as there is time; RINDOKU_FAULT_SEED
repeats it. `make test-faults` goes through every cell.
"""

import os
import random
import time
from pathlib import Path

from tests.faults.matrix import all_cells
from tests.faults.run_cell import run_cell

SECONDS = 15.0


def test_a_spread_of_faults(shared_folder: Path, tmp_path: Path) -> None:
    seed = int(os.environ.get("RINDOKU_FAULT_SEED") or random.randrange(10**6))
    print(f"RINDOKU_FAULT_SEED={seed}")
    cells = all_cells()
    random.Random(seed).shuffle(cells)
    began = time.process_time()
    for number, cell in enumerate(cells):
        ran = run_cell(cell, shared_folder, tmp_path / str(number))
        assert ran.wrong == [], f"{cell} (seed {seed}): {ran.message}"
        if time.process_time() - began > SECONDS:
            return


def test_the_matrix_has_all_services_and_faults() -> None:
    cells = all_cells()
    assert len({str(cell) for cell in cells}) == len(cells) >= 250
