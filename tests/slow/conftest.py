"""Marks the tests of this folder as slow, and starts a Prefect server for them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from rindoku.cli.app import main
from rindoku.sample.standin import StandIn
from tests.conftest import Done, Rindoku, environment_of, set_environment

START_SECONDS = 180


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The hook gets the tests of all folders. The slow ones come first, so that at the
    # end of the session no worker is left alone with a long one.
    slow = [i for i in items if i.path.is_relative_to(Path(__file__).parent)]
    for item in slow:
        item.add_marker(pytest.mark.slow)
    items[:] = slow + [item for item in items if item not in slow]


@dataclass(frozen=True)
class Prefect:
    """A running Prefect server, and the environment that directs clients to it."""

    url: str
    environment: dict[str, str]

    def environment_of(self, standin: StandIn, home: Path) -> dict[str, str]:
        """The variables that direct a run to this server, the stand-in and a home."""
        return self.environment | environment_of(standin, home)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def prefect(shared_folder: Path, worker_id: str) -> Iterator[Prefect]:
    """One real Prefect server for all workers of the session.

    The first worker that needs it starts it, the last one stops it.
    """
    home = shared_folder / "prefect"
    users, address, lock = (
        home / "users",
        home / "address.json",
        FileLock(f"{home}.lock"),
    )
    with lock:
        users.mkdir(parents=True, exist_ok=True)
        if not any(users.iterdir()):
            address.write_text(json.dumps(_start(home)))
        (users / worker_id).touch()
        port, pid = json.loads(address.read_text())
    try:
        yield Prefect(_url(port), _environment(home, port))
    finally:
        with lock:
            (users / worker_id).unlink()
            if not any(users.iterdir()):
                _stop(pid, port)


@pytest.fixture
def rindoku_here(
    prefect: Prefect,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Rindoku:
    """Runs the command line in this process, which has Prefect imported already."""
    from prefect.settings import temporary_settings

    # Logs sent in the background would still be under way when the server stops.
    settings = {
        "api.url": prefect.url,
        "logging.level": "CRITICAL",
        "logging.to_api.enabled": False,
    }

    def run(*arguments: str, timeout: float = 0, **environment: str) -> Done:
        assert not timeout, "a call in this process has no time limit"
        code = 0
        capsys.readouterr()
        with (
            monkeypatch.context() as patch,
            temporary_settings(settings),
        ):
            set_environment(patch, environment)
            patch.setattr(sys, "argv", ["rindoku", *arguments])
            try:
                main()
            except SystemExit as end:
                code = int(end.code or 0)
        output = capsys.readouterr()
        return Done(arguments, code, output.out, output.err)

    return run


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}/api"


def _environment(home: Path, port: int) -> dict[str, str]:
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": _url(port),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_UI_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }


def _start(home: Path) -> tuple[int, int]:
    """Starts a server; returns its port and process id."""
    port = free_port()
    start = ["prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    log_path = home / "server.log"
    with log_path.open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", *start],
            env=os.environ | _environment(home, port),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while not _answers(port):
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            raise AssertionError(f"no Prefect server: {log_path.read_text()}")
        time.sleep(0.5)
    return port, server.pid


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"{_url(port)}/health", timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _stop(pid: int, port: int) -> None:
    # It may be the child of another worker, so that it cannot be waited for.
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 20
    while _answers(port):
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)
