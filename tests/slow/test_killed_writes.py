"""A hundred kills between the statements of both files."""

import os
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rindoku.archive import Archive
from tests.archive.killed_writes import Simulation
from tests.archive.test_migrate import make_single_file

AT_ONCE = 3


def make_empty(home: Path) -> None:
    archive = Archive(home)
    with archive.write():
        pass
    archive.publish()


def make_old(home: Path) -> None:
    make_single_file(home, 7)


@pytest.mark.parametrize(
    ("make", "kills"), [(make_empty, 76), (None, 12), (make_old, 12)]
)
def test_a_hundred_killed_writes_lose_nothing(
    tmp_path: Path, make: Callable[[Path], None] | None, kills: int
) -> None:
    """Into an archive, into a home that is not there yet, and into one of old."""
    given_seed = os.environ.get("RINDOKU_KILL_SEED")
    first = int(given_seed) if given_seed else random.SystemRandom().randrange(10**6)
    seeds = [first] if given_seed else range(first, first + kills)
    start = tmp_path / "start" if make else None
    if make and start:
        make(start)
    (tmp_path / "killed").mkdir()
    simulation = Simulation.of(start, tmp_path / "killed")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = {seed: pool.submit(simulation.run, seed) for seed in seeds}
    failed = {seed: run.exception() for seed, run in runs.items() if run.exception()}
    for seed, error in failed.items():
        print(f"RINDOKU_KILL_SEED={seed}: {error!r}")
    assert not failed, f"failing seeds: {sorted(failed)}"
