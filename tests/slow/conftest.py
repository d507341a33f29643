"""Marks the tests of this folder as slow, and starts a Prefect server for them."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from unittest.mock import patch

import pytest
from filelock import FileLock

from rindoku.cli import main
from rindoku.sample import StandIn
from tests.conftest import Done, Rindoku, environment_of, set_environment

START_SECONDS = 180
# The server of a session: it ends with the session, however that ends.
SERVER = """
import os, subprocess, sys, time

def is_alive(process_id):
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True

session, *command = sys.argv[1:]
with subprocess.Popen([sys.executable, "-m", *command]) as server:
    while server.poll() is None and is_alive(int(session)):
        time.sleep(0.5)
    server.terminate()
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
"""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The hook gets the tests of all folders. The slow ones come first, so that at the
    # end of the session no worker is left alone with a long one.
    for item in items:
        if _is_slow(item):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: not _is_slow(item))


def _is_slow(item: pytest.Item) -> bool:
    return item.path.is_relative_to(Path(__file__).parent)


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
def prefect(shared_folder: Path) -> Prefect:
    """One real Prefect server for all workers of the session."""
    home = shared_folder / "prefect"
    home.mkdir(exist_ok=True)
    port_file = home / "port"
    with FileLock(home / "lock"):
        if not (port_file.exists() and _answers(int(port_file.read_text()))):
            port_file.write_text(str(_start(home)))
        port = int(port_file.read_text())
    return Prefect(_url(port), _environment(home, port))


@pytest.fixture
def rindoku_here(prefect: Prefect, capsys: pytest.CaptureFixture[str]) -> Rindoku:
    """Runs the command line in this process, which has Prefect imported already."""
    from prefect.settings import temporary_settings

    # Logs sent in the background would still be under way when the server stops.
    settings = {
        "api.url": prefect.url,
        "logging.level": "CRITICAL",
        "logging.to_api.enabled": False,
    }

    def run(*arguments: str, timeout: float = 240, **environment: str) -> Done:
        code = 0
        capsys.readouterr()
        with (
            # Commands set variables of this process, too.
            patch.dict(os.environ),
            patch.object(sys, "argv", ["rindoku", *arguments]),
            pytest.MonkeyPatch.context() as variables,
            temporary_settings(settings),
            time_limit(timeout),
        ):
            set_environment(variables, environment)
            try:
                main()
            except SystemExit as end:
                code = int(end.code or 0)
        output = capsys.readouterr()
        return Done(arguments, code, output.out, output.err)

    return run


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises TimeoutError in the main thread when it takes longer."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"not finished after {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


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


def _start(home: Path) -> int:
    """Starts a server for the session; returns its port."""
    port = free_port()
    start = ["prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    # The session is the parent of its workers.
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    session = os.getppid() if is_worker else os.getpid()
    log_path = home / "server.log"
    with log_path.open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(session), *start],
            env=os.environ | _environment(home, port),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while not _answers(port):
        if server.poll() is not None or time.monotonic() > deadline:
            os.killpg(server.pid, signal.SIGKILL)
            raise AssertionError(f"no Prefect server: {log_path.read_text()}")
        time.sleep(0.5)
    return port


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"{_url(port)}/health", timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False
