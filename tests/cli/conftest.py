"""The command line in the tests' own process: a new one takes a second to start."""

import pytest

from tests.conftest import Rindoku


@pytest.fixture
def rindoku(main: Rindoku) -> Rindoku:
    return main
