"""Runs that are killed at any moment, and the runs after them."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb

from rindoku.sample import SAMPLE_WEEK, StandIn
from tests.conftest import Rindoku
from tests.queries import answered_calls, count_model_calls
from tests.sample.entries import short_week
from tests.slow.conftest import Prefect

BATCHES = "/v1/messages/batches"
RUN = [sys.executable, "-m", "rindoku.cli", "run", SAMPLE_WEEK, "--source", "x"]
KILLS = 6
# The short week is three explanations and two repairs.
CALLS = 5


def test_runs_that_are_killed_at_random_pay_for_no_call_twice(
    prefect: Prefect, tmp_path: Path
) -> None:
    """After each series of kills a last run completes the week."""
    given_seed = os.environ.get("RINDOKU_KILL_SEED")
    seed = int(given_seed) if given_seed else random.SystemRandom().randrange(10**6)
    chance, kills = random.Random(seed), list[int]()
    while len(kills) < KILLS:
        home = tmp_path / f"home-after-{len(kills)}"
        with StandIn(latency_s=0.4, first_week=short_week(home)) as standin:
            env = os.environ | prefect.environment_of(standin, home)
            kills += kill_until_complete(env, standin, chance, KILLS + 2 - len(kills))
            last = complete(env)
            calls = answered_calls(standin)
            again = complete(env)
        assert last.returncode == 0, f"seed {seed}: {last.stdout}{last.stderr}"
        counts = f"seed {seed}: {len(calls)} calls, {len(set(calls))} different"
        assert len(calls) == len(set(calls)) == CALLS, counts
        assert "nothing was done" in again.stdout
        check_complete(home)
    print(f"{len(kills)} kills survived (seed {seed}); answered calls at each: {kills}")


def complete(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs the week without a kill."""
    return subprocess.run(
        RUN, env=env, capture_output=True, text=True, timeout=240, check=False
    )


def check_complete(home: Path) -> None:
    """Checks that every row of the week is there once."""
    queries = {
        "SELECT count(*), count(DISTINCT question_id) FROM questions": (30, 30),
        "SELECT count(*) FROM generations WHERE status = 'good'": (CALLS,),
        "SELECT count(*) FROM model_calls WHERE status = 'answered'": (CALLS,),
    }
    with duckdb.connect(home / "archive.duckdb", read_only=True) as con:
        for query, expected in queries.items():
            assert con.execute(query).fetchone() == expected, query
    assert not list((home / "inbox").glob("*.json"))


def kill_until_complete(
    env: dict[str, str], standin: StandIn, chance: random.Random, most: int
) -> list[int]:
    """Starts the run and kills it, up to `most` times.

    Returns how many model calls had been answered at each kill.
    """
    answered: list[int] = []
    while len(answered) < most:
        before = len(standin.log)
        child = start(RUN, env)
        # Some die while they start, the others a moment after their first few requests.
        requests = before + chance.randint(0, 9)
        wait_while(child, partial(has_fewer_requests, standin, requests))
        time.sleep(chance.uniform(0.0, 5.0 if requests == before else 0.6))
        if child.poll() is not None:
            break
        kill(child)
        answered.append(len(answered_calls(standin)))
    return answered


def has_fewer_requests(standin: StandIn, count: int) -> bool:
    return len(standin.log) < count


def start(command: list[str], env: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def kill(child: subprocess.Popen[bytes]) -> None:
    child.send_signal(signal.SIGKILL)
    child.wait()


def wait_while(
    child: subprocess.Popen[bytes],
    condition: Callable[[], bool],
    seconds: float = 60,
) -> None:
    """Waits while a condition holds and the process is alive."""
    deadline = time.monotonic() + seconds
    while condition() and child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)


def test_a_week_in_batches_that_is_killed_submits_nothing_twice(
    prefect: Prefect, rindoku: Rindoku, tmp_path: Path
) -> None:
    """Killed before and after the batch is submitted and while the run waits for it."""
    home, options = tmp_path / "home", ["--batch", "--second-reader"]
    with StandIn(first_week=short_week(home)) as standin:
        standin.batches.patience = 6
        env = os.environ | prefect.environment_of(standin, home)

        def count(method: str) -> int:
            requests = [a for a in standin.log if a.method == method]
            return sum(BATCHES in request.target for request in requests)

        for condition in (
            lambda: not any("arxiv.org/html" in a.target for a in standin.log),
            lambda: count("POST") < 1,
            lambda: count("GET") < 3,
        ):
            child = start([*RUN, *options], env)
            wait_while(child, condition, 120)
            assert child.poll() is None, "the run ended before it could be killed"
            kill(child)
        standin.batches.patience = 1
        run = ["run", SAMPLE_WEEK, "--source", "x", *options]
        final = rindoku(*run, "--json", **env)
        submitted = count("POST")
        again = rindoku(*run, **env)
        assert count("POST") == submitted
    report = json.loads(final.stdout)
    assert final.returncode == 0, final.stdout + final.stderr
    assert report["outcome"] == "complete"
    assert "nothing was done" in again.stdout
    assert count_model_calls(standin) == 0
    # One batch each: explanations, reviews, repairs, and reviews of the repairs.
    assert submitted == 4
    with duckdb.connect(home / "archive.duckdb", read_only=True) as con:
        paid = con.execute(
            "SELECT kind, count(*) FROM model_calls WHERE status = 'answered' "
            "GROUP BY kind ORDER BY kind"
        ).fetchall()
        assert paid == [("explain", 3), ("repair", 2), ("review", 4)]
        assert con.execute(
            "SELECT count(*) FROM model_calls WHERE status <> 'answered'"
        ).fetchone() == (0,)
        assert con.execute(
            "SELECT count(*) FROM batches WHERE ended_at IS NULL"
        ).fetchone() == (0,)
