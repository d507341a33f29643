"""Read-only commands start quickly because they import no slow library."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rindoku.sample import SAMPLE_WEEK

# Runs a command in this process and fails when it has imported a slow library.
RUN_AND_CHECK = """
import sys
from rindoku.cli.app import app

try:
    app(sys.argv[1:])
except SystemExit:
    pass
slow = {'prefect', 'anthropic', 'tweepy', 'polars', 'pyarrow', 'jinja2'}
imported = slow & set(sys.modules)
sys.exit(f'imported {imported}' if imported else 0)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["show", SAMPLE_WEEK],
        ["sql", "SELECT 1"],
        ["show", SAMPLE_WEEK, "--json"],
    ],
)
def test_read_only_commands_import_no_slow_library(
    sample_home: Path, arguments: list[str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN_AND_CHECK, *arguments],
        env=os.environ | {"RINDOKU_HOME": str(sample_home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
