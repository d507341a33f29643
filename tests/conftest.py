"""Shared fixtures: the stand-in, a home folder, one real Prefect server a session."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from flows import pipeline
from rindoku.archive.documents import find_document_of
from rindoku.explain import explain_document, repair_explanation, save_explanation
from rindoku.models import Outcome
from rindoku.papers import papers_to_read
from rindoku.publish import close_run, open_run
from rindoku.run import Run
from rindoku.sample.content import AS_OF, SAMPLE_WEEK
from rindoku.sample.standin import StandIn
from rindoku.settings import Settings, load_settings, variables
from tasks import paper as paper_tasks
from tasks.executor import PlainExecutor

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the developer's own keys, .env or home."""
    for variable in variables().values():
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


@pytest.fixture
def settings(
    standin: StandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Settings:
    """Settings that send every client to the stand-in and write to a fresh home."""
    for name, value in (
        standin.environment() | {"RINDOKU_HOME": str(tmp_path / "home")}
    ).items():
        monkeypatch.setenv(name, value)
    return load_settings()


def read_week(
    run: Run, source: str = "x", week: str = SAMPLE_WEEK, as_of: datetime = AS_OF
) -> str:
    """The steps of a week up to its texts; id of the sighting."""
    executor, failures = PlainExecutor(), list[str]()
    open_run(run, "test", week, as_of, source)
    sighting_id = pipeline.observe(run, week, source, as_of, executor, failures)
    pipeline.resolve(run, sighting_id, as_of, executor, failures)
    pending = papers_to_read(run, sighting_id)
    read = executor.map(
        paper_tasks.read_paper,
        {paper.paper_id: (run, paper.paper_id, paper.version) for paper in pending},
    )
    assert (failures, read.failures) == ([], {})
    return sighting_id


def work_week(
    run: Run, source: str = "x", week: str = SAMPLE_WEEK, as_of: datetime = AS_OF
) -> Outcome:
    """All steps of a week as plain calls; its outcome."""
    open_run(run, "test", week, as_of, source)
    outcome, failures = pipeline.work_week(run, week, source, as_of, PlainExecutor())
    assert failures == []
    close_run(run, outcome, "")
    return outcome


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the sample week was worked once; read it, or copy it."""
    with sample_at(tmp_path_factory.mktemp("sample") / "home") as home:
        assert work_week(Run("sample")) == Outcome.COMPLETE
    return home


@pytest.fixture(scope="session")
def read_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the sample week was read and nothing explained; copy it."""
    with sample_at(tmp_path_factory.mktemp("read") / "home") as home:
        read_week(Run("reading"))
    return home


@contextmanager
def sample_at(home: Path) -> Iterator[Path]:
    """An environment with this home, whose services are those of the sample."""
    with StandIn() as standin, pytest.MonkeyPatch.context() as patch:
        for name, value in (
            standin.environment() | {"RINDOKU_HOME": str(home)}
        ).items():
            patch.setenv(name, value)
        yield home


def explain_and_save(run: Run, document_id: str) -> str:
    """Explains a document, repairs what fails, saves it; id of the explanation."""
    generation_id = explain_document(run, document_id)
    repair_explanation(run, generation_id)
    save_explanation(run, generation_id)
    return generation_id


@pytest.fixture
def read_already(settings: Settings, read_home: Path) -> Settings:
    """Settings whose home has the sample week, read and not explained."""
    shutil.copytree(read_home, settings.home_path)
    return settings


def document_of(paper_id: str) -> str:
    """Id of the text of a paper in the home that is set."""
    with Run("r").archive.read_latest() as con:
        return str(find_document_of(con, paper_id))


@dataclass(frozen=True)
class Prefect:
    """A running Prefect server, and the environment that leads to it."""

    url: str
    environment: dict[str, str]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prefect]:
    """One real Prefect server for the whole session."""
    home, port = tmp_path_factory.mktemp("prefect"), free_port()
    url = f"http://127.0.0.1:{port}/api"
    environment = {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": url,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_UI_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    log = (home / "server.log").open("wb")
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "prefect",
            "server",
            "start",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
        ],
        env=os.environ | environment,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        _wait_for(f"{url}/health", server, home / "server.log")
        yield Prefect(url, environment)
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
        log.close()


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise AssertionError(f"no Prefect server at {url}: {log.read_text()}")


Rindoku = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def rindoku(tmp_path: Path) -> Rindoku:
    """Runs the command line as its user would, in a process and a folder of its own."""

    def run(
        *arguments: str, timeout: float = 240, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "rindoku.cli", *arguments],
            env=os.environ | environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return run
