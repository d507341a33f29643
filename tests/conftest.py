"""Fixtures shared by all tests: the stand-in, home folders, the command line."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from unittest import mock

import pytest
from filelock import FileLock

from rindoku.models import Outcome
from rindoku.run import Run
from rindoku.sample import SampleWeek, StandIn
from rindoku.settings import Settings, load_settings, variables
from tests.queries import find_document_id
from tests.steps import read_week, work_week

ROOT = Path(__file__).parent.parent
# Material recorded from the real services; tests that read it are skipped without it.
SHARED = ROOT.parent / "shared" / "data"


def hide_own_settings(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Hides the developer's own keys, files of settings and home."""
    for variable in variables().values():
        patch.delenv(variable, raising=False)
    # platformdirs reads them, so that this holds in child processes too.
    patch.setenv("XDG_CONFIG_HOME", str(folder / "own-config"))
    patch.setenv("XDG_DATA_HOME", str(folder / "own-data"))
    patch.chdir(folder)


@pytest.fixture(scope="session", autouse=True)
def _clean_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """For the fixtures that are built before the first test."""
    with pytest.MonkeyPatch.context() as patch:
        hide_own_settings(patch, tmp_path_factory.mktemp("clean"))
        yield


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hide_own_settings(monkeypatch, tmp_path)


def environment_of(standin: StandIn, home: Path) -> dict[str, str]:
    """The variables that direct every client to the stand-in, and this home."""
    return standin.environment() | {"RINDOKU_HOME": str(home)}


def set_environment(
    patch: pytest.MonkeyPatch, environment: Mapping[str, str]
) -> Settings:
    """Sets the variables for this process; returns the settings they give."""
    for name, value in environment.items():
        patch.setenv(name, value)
    return load_settings()


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as running:
        yield running


@pytest.fixture
def settings(
    standin: StandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Settings:
    """Settings that direct every client to the stand-in, with a new home."""
    return set_environment(monkeypatch, environment_of(standin, tmp_path / "home"))


@pytest.fixture
def run(settings: Settings) -> Run:
    """A run whose home is that of the settings."""
    return Run("test")


@contextmanager
def sample_services(
    home: Path, now: datetime | None = None, first_week: SampleWeek | None = None
) -> Iterator[None]:
    """An environment with this home, whose services are those of the sample."""
    with (
        StandIn(now=now, first_week=first_week) as standin,
        pytest.MonkeyPatch.context() as patch,
    ):
        set_environment(patch, environment_of(standin, home))
        yield


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this session that all its workers share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def build_once(folder: Path, build: Callable[[Path], None]) -> Path:
    """Builds a folder, unless another worker of the session has; returns the folder."""
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            unfinished = folder.with_suffix(".part")
            shutil.rmtree(unfinished, ignore_errors=True)
            build(unfinished)
            unfinished.rename(folder)
    return folder


def _work_sample_week(home: Path) -> None:
    with sample_services(home):
        assert work_week(Run("sample")) == Outcome.COMPLETE


def _read_sample_week(home: Path) -> None:
    with sample_services(home):
        read_week(Run("reading"))


@pytest.fixture(scope="session")
def sample_home(shared_folder: Path) -> Path:
    """The home of a complete sample week. Not to be changed: see `home`."""
    return build_once(shared_folder / "sample-home", _work_sample_week)


@pytest.fixture
def home(sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample home, set as the current one, that the test may change."""
    copy = tmp_path / "home"
    shutil.copytree(sample_home, copy)
    monkeypatch.setenv("RINDOKU_HOME", str(copy))
    return copy


@pytest.fixture(scope="session")
def read_home(shared_folder: Path) -> Path:
    """The home of a sample week that was read and not explained. Not to be changed."""
    return build_once(shared_folder / "read-home", _read_sample_week)


@pytest.fixture
def read_already(settings: Settings, read_home: Path) -> Settings:
    """Settings whose home has the sample week, read and not explained."""
    shutil.copytree(read_home, settings.home_path)
    return settings


@pytest.fixture
def worked_already(settings: Settings, sample_home: Path) -> Settings:
    """Settings whose home has the complete sample week."""
    shutil.copytree(sample_home, settings.home_path)
    return settings


@pytest.fixture
def document_id(read_already: Settings) -> str:
    """The document of rank 3, Mixture-of-Depths, which is not explained yet."""
    return find_document_id("arxiv:2404.02258")


Done = subprocess.CompletedProcess[str]
Rindoku = Callable[..., Done]


def assert_fails(done: Done, code: int, message: str) -> None:
    """Checks the exit code and the message of a command that names what is wrong."""
    assert done.returncode == code, done.stdout + done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def rindoku(tmp_path: Path) -> Rindoku:
    """Runs the command line in a new process, in the test's folder."""

    def run(*arguments: str, timeout: float = 240, **environment: str) -> Done:
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


@pytest.fixture
def main(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Rindoku:
    """Runs the command line in this process, which starts no new one."""
    from rindoku.cli import app

    def run(*arguments: str, **environment: str) -> Done:
        with (
            mock.patch.dict(os.environ, environment),
            mock.patch.object(sys, "argv", ["rindoku", *arguments]),
            pytest.raises(SystemExit) as exited,
        ):
            app.main()
        out, error = capsys.readouterr()
        code = exited.value.code
        return Done(arguments, int(code or 0), out, error)

    return run
