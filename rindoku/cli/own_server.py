"""A Prefect server of a run's own, which ends with the run, however that ends."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rindoku.errors import SourceUnavailable
from rindoku.settings import variables

START_S = 120.0
# Waits for the end of its standard input, which comes when the run is gone, even if it
# was killed; then ends the server.
_GUARD = """
import subprocess, sys, threading

server = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)

def end_with_run():
    sys.stdin.buffer.read()
    server.terminate()
    try:
        server.wait(3)
    except subprocess.TimeoutExpired:
        server.kill()

threading.Thread(target=end_with_run, daemon=True).start()
server.wait()
"""


@contextmanager
def own_server() -> Iterator[str]:
    """Starts a server on a free port of this machine; yields the URL of its API.

    Raises SourceUnavailable when it does not start.
    """
    port = _free_port()
    url = f"http://127.0.0.1:{port}/api"
    log_path = Path(tempfile.mkdtemp(prefix="rindoku-prefect-")) / "server.log"
    command = [sys.executable, "-m", "prefect", "server", "start"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    with log_path.open("wb") as log:
        guard = subprocess.Popen(
            [sys.executable, "-c", _GUARD, *command],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=_environment(),
            # Ctrl-C in the terminal is for the run, which ends the server.
            start_new_session=True,
        )
    try:
        _wait_until_ready(url, guard, log_path)
        yield url
    finally:
        if guard.stdin is not None:
            guard.stdin.close()
        guard.wait(10)


def is_ready(url: str, timeout_s: float = 2.0) -> bool:
    """Whether a Prefect API responds."""
    try:
        with urllib.request.urlopen(  # noqa: S310 - http, from the settings
            f"{url.rstrip('/')}/health", timeout=timeout_s
        ):
            return True
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _wait_until_ready(url: str, guard: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_S
    while not is_ready(url):
        if guard.poll() is not None or time.monotonic() > deadline:
            raise SourceUnavailable(
                "Prefect's server did not start.",
                f"Its log is {log}; or start one yourself (`prefect server start`) and "
                "set PREFECT_API_URL.",
            )
        time.sleep(0.1)


def _environment() -> dict[str, str]:
    """The environment without what is none of the server's business: keys, settings."""
    own = set(variables().values()) | {"PREFECT_API_URL"}
    environment = {k: v for k, v in os.environ.items() if k not in own}
    return environment | {"PREFECT_UI_ENABLED": "false"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
