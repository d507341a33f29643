"""The deployment on a real Prefect server."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb

from rindoku.sample.standin import StandIn
from tests.conftest import ROOT
from tests.slow.conftest import Prefect

WEEK = "2024-W14"


def environment(standin: StandIn, prefect: Prefect, home: Path) -> dict[str, str]:
    return standin.environment() | prefect.environment | {"RINDOKU_HOME": str(home)}


def model_calls(standin: StandIn) -> list[str]:
    """Keys of the calls that were answered."""
    return [
        a.key for a in standin.log if a.target.endswith("/v1/messages") and a.answered
    ]


def test_the_deployment_is_accepted_and_a_worker_runs_it(
    prefect: Prefect, tmp_path: Path
) -> None:
    with StandIn() as standin:
        env = (
            os.environ
            | environment(standin, prefect, tmp_path / "home")
            | {"RINDOKU_CHECKOUT": str(ROOT)}
        )

        def prefect_cli(*arguments: str) -> str:
            done = subprocess.run(
                [sys.executable, "-m", "prefect", *arguments],
                env=env,
                cwd=ROOT,
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
        assert "weekly" in prefect_cli("--no-prompt", "deploy", "--all")
        prefect_cli(
            "deployment",
            "run",
            "weekly/weekly",
            "--param",
            f"week={WEEK}",
            "--param",
            "source=x",
            "--param",
            "as_of=2024-04-15T00:00:00Z",
        )
        prefect_cli(
            "worker", "start", "--pool", "rindoku", "--type", "process", "--run-once"
        )
    with duckdb.connect(tmp_path / "home" / "archive.duckdb", read_only=True) as con:
        assert con.execute("SELECT outcome FROM runs").fetchall() == [("complete",)]
