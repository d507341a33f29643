"""Runs that are killed at any moment and run again."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb

from rindoku.sample.standin import StandIn
from tests.conftest import Rindoku
from tests.slow.conftest import Prefect

WEEK = "2024-W14"


def environment(standin: StandIn, prefect: Prefect, home: Path) -> dict[str, str]:
    return standin.environment() | prefect.environment | {"RINDOKU_HOME": str(home)}


def model_calls(standin: StandIn) -> list[str]:
    """Keys of the calls that were answered."""
    return [
        a.key for a in standin.log if a.target.endswith("/v1/messages") and a.answered
    ]


def test_kill_9_at_random_points_repeats_no_paid_call(
    prefect: Prefect, tmp_path: Path
) -> None:
    """After ten kills or more, a last run completes; each call was answered once."""
    seed = int(
        os.environ.get("RINDOKU_KILL_SEED", str(random.SystemRandom().randrange(10**6)))
    )
    chance, kills = random.Random(seed), []
    while len(kills) < 10:
        home = tmp_path / f"home-after-{len(kills)}"
        with StandIn(latency_s=0.4) as standin:
            env = os.environ | environment(standin, prefect, home)
            kills += kill_until_done(env, standin, chance, 12 - len(kills))
            final = subprocess.run(
                RUN, env=env, capture_output=True, text=True, timeout=240, check=False
            )
            calls = model_calls(standin)
            again = subprocess.run(
                RUN, env=env, capture_output=True, text=True, timeout=240, check=False
            )
        assert final.returncode == 0, f"seed {seed}: {final.stdout}{final.stderr}"
        assert len(calls) == len(set(calls)) == 13, (
            f"seed {seed}: {len(calls)} calls, {len(set(calls))} different"
        )
        assert "nothing was done" in again.stdout
        with duckdb.connect(home / "archive.duckdb", read_only=True) as con:
            assert con.execute(
                "SELECT count(*), count(DISTINCT question_id) FROM questions"
            ).fetchone() == (100, 100)
            assert con.execute(
                "SELECT count(*) FROM generations WHERE status = 'good'"
            ).fetchone() == (13,)
            assert con.execute(
                "SELECT count(*) FROM model_calls WHERE status = 'answered'"
            ).fetchone() == (13,)
        assert not list((home / "inbox").glob("*.json"))
    print(f"{len(kills)} kills survived (seed {seed}); answered calls at each: {kills}")


RUN = [sys.executable, "-m", "rindoku.cli", "run", WEEK, "--source", "x"]


def kill_until_done(
    env: dict[str, str], standin: StandIn, chance: random.Random, most: int
) -> list[int]:
    """Starts the run and kills it, up to `most` times.

    Returns how many model calls had been answered at each kill.
    """
    answered: list[int] = []
    while len(answered) < most:
        asked = len(standin.log)
        child = subprocess.Popen(
            RUN, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        # Some die while they start, the others a moment after their first few requests.
        wanted = asked + chance.randint(0, 9)
        wait_until(
            lambda n=wanted, p=child: len(standin.log) >= n or p.poll() is not None
        )
        time.sleep(chance.uniform(0.0, 5.0 if wanted == asked else 0.6))
        if child.poll() is not None:
            break
        child.send_signal(signal.SIGKILL)
        child.wait()
        answered.append(len(model_calls(standin)))
    return answered


def wait_until(happened: object, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not happened() and time.monotonic() < deadline:  # type: ignore[operator]
        time.sleep(0.01)


def test_a_week_in_batches_survives_kills_and_submits_nothing_twice(
    prefect: Prefect, rindoku: Rindoku, tmp_path: Path
) -> None:
    """Killed before and after the batch is submitted and while the run waits for it."""
    home, batches = tmp_path / "home", "/v1/messages/batches"
    with StandIn() as standin:
        standin.batches.patience = 6
        env = os.environ | environment(standin, prefect, home)
        command = [*RUN, "--batch", "--second-reader"]

        def asked(method: str) -> int:
            return sum(a.method == method and batches in a.target for a in standin.log)

        for happened in (
            lambda: any("arxiv.org/html" in a.target for a in standin.log),
            lambda: asked("POST") >= 1,
            lambda: asked("GET") >= 3,
        ):
            child = subprocess.Popen(
                command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            wait_until(lambda h=happened, p=child: h() or p.poll() is not None, 120)
            assert child.poll() is None, "killed while it works"
            child.send_signal(signal.SIGKILL)
            child.wait()
        standin.batches.patience = 1
        final = rindoku(
            "run", WEEK, "--source", "x", "--batch", "--second-reader", "--json", **env
        )
        posted = asked("POST")
        again = rindoku(
            "run", WEEK, "--source", "x", "--batch", "--second-reader", **env
        )
        assert asked("POST") == posted
    report = json.loads(final.stdout)
    assert (final.returncode, report["outcome"]) == (0, "complete"), (
        final.stdout + final.stderr
    )
    assert "nothing was done" in again.stdout
    assert not [a for a in standin.log if a.target.endswith("/v1/messages")]
    # Explanations, reviews, repairs, and a review of what was mended: one batch each.
    assert posted == 4
    with duckdb.connect(home / "archive.duckdb", read_only=True) as con:
        paid = con.execute(
            "SELECT kind, count(*) FROM model_calls WHERE status = 'answered' "
            "GROUP BY kind ORDER BY kind"
        ).fetchall()
        assert paid == [("explain", 10), ("repair", 3), ("review", 11)]
        assert con.execute(
            "SELECT count(*) FROM model_calls WHERE status <> 'answered'"
        ).fetchone() == (0,)
        assert con.execute(
            "SELECT count(*) FROM batches WHERE ended_at IS NULL"
        ).fetchone() == (0,)
