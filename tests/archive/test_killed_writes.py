"""A dozen kills between the statements of both files; a hundred are in tests/slow."""

from pathlib import Path

import pytest

from tests.archive.killed_writes import Simulation


@pytest.fixture(scope="session")
def simulation(
    empty_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Simulation:
    return Simulation.of(empty_home, tmp_path_factory.mktemp("killed"))


@pytest.mark.parametrize("seed", range(12))
def test_a_write_that_is_killed_loses_nothing_and_is_repeated(
    simulation: Simulation, seed: int
) -> None:
    simulation.run(seed)
