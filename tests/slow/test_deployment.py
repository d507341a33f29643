"""The deployment on a real Prefect server."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb

from rindoku.sample import SAMPLE_WEEK, StandIn
from tests.conftest import ROOT
from tests.sample.entries import short_week
from tests.slow.conftest import Prefect

# Nothing runs in the checkout: workers do not need one.
DEPLOY = ("--no-prompt", "deploy", "--all", "--prefect-file", f"{ROOT}/prefect.yaml")


def test_the_deployment_is_accepted_and_run_by_a_worker(
    prefect: Prefect, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with StandIn(first_week=short_week(home)) as standin:
        env = os.environ | prefect.environment_of(standin, home)

        def prefect_cli(*arguments: str) -> str:
            done = subprocess.run(
                [sys.executable, "-m", "prefect", *arguments],
                env=env,
                cwd=tmp_path,
                capture_output=True,
                text=True,
                timeout=240,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        prefect_cli(
            "work-pool", "create", "rindoku", "--type", "process", "--overwrite"
        )
        assert "weekly" in prefect_cli(*DEPLOY)
        parameters = [f"week={SAMPLE_WEEK}", "source=x", "as_of=2024-04-15T00:00:00Z"]
        options = [f"--param={parameter}" for parameter in parameters]
        prefect_cli("deployment", "run", "weekly/weekly", *options)
        prefect_cli(
            "worker", "start", "--pool", "rindoku", "--type", "process", "--run-once"
        )
    with duckdb.connect(home / "archive.duckdb", read_only=True) as con:
        assert con.execute("SELECT outcome FROM runs").fetchall() == [("complete",)]
