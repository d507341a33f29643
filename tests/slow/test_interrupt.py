"""Ctrl-C, SIGTERM and SIGKILL: a run ends within seconds, and its server with it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rindoku.sample import SAMPLE_WEEK, StandIn
from tests.conftest import environment_of
from tests.queries import count_model_calls, select_rows
from tests.sample.entries import short_week
from tests.slow.conftest import Prefect

PATIENCE_S = 120.0
# Longer than a run may take to end; the stand-in waits for it as well.
SLOW_MODEL_S = 15.0


def start(environment: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "rindoku.cli", "run", SAMPLE_WEEK],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for_model_calls(standin: StandIn, run: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not any("/v1/messages" in asked.target for asked in standin.log):
        assert run.poll() is None, run.communicate()
        assert time.monotonic() < deadline, "the run made no model call"
        time.sleep(0.1)


def servers_of(home: Path) -> list[str]:
    """The Prefect servers whose data is in a home."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            variables = (process / "environ").read_bytes()
        except OSError:
            continue
        if b"server\0start" in command and str(home).encode() in variables:
            found.append(command.replace(b"\0", b" ").decode())
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_ends_within_seconds_and_says_so(
    number: signal.Signals,
    prefect: Prefect,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = tmp_path / "home"
    week = short_week(home)
    with StandIn(latency_s=SLOW_MODEL_S, first_week=week) as standin:
        run = start(prefect.environment_of(standin, home))
        wait_for_model_calls(standin, run)
        run.send_signal(number)
        began = time.monotonic()
        _, error = run.communicate(timeout=30)
        seconds = time.monotonic() - began
    assert run.returncode == 128 + number
    assert error.strip() == (
        "rindoku: Interrupted. Nothing is lost: run the same command again to go on."
    )
    assert seconds < 6  # 3 on a quiet machine
    monkeypatch.setenv("RINDOKU_HOME", str(home))
    [row] = select_rows("SELECT outcome, ended_at FROM runs")
    assert row["outcome"] == "interrupted"


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_a_server_of_its_own_dies_with_a_killed_run(tmp_path: Path) -> None:
    home = tmp_path / "home"
    week = short_week(home)
    with StandIn(latency_s=SLOW_MODEL_S, first_week=week) as standin:
        environment = environment_of(standin, home)
        environment["PREFECT_HOME"] = str(tmp_path / "prefect")
        run = start(environment)
        wait_for_model_calls(standin, run)
        assert len(servers_of(tmp_path / "prefect")) >= 1
        run.kill()
        run.communicate()
        assert count_model_calls(standin) >= 1
    deadline = time.monotonic() + 15
    while servers_of(tmp_path / "prefect"):
        assert time.monotonic() < deadline, servers_of(tmp_path / "prefect")
        time.sleep(0.2)
