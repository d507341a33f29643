"""The wheel: what is in it, and that it runs without the checkout."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

# What would reach the checkout or the settings of whoever runs the tests.
HIDDEN = ("PYTHONPATH", "PREFECT_API_URL", "PREFECT_HOME", "PREFECT_PROFILES_PATH")


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    own = {name: value for name, value in os.environ.items() if name not in HIDDEN}
    done = subprocess.run(
        [*command],
        cwd=cwd,
        env=own | environment,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(target: str, folder: Path) -> Path:
    """Builds a wheel of the checkout into an empty folder."""
    command = ("-m", "hatchling", "build", "-t", target, "-d", folder)
    run(sys.executable, *command, cwd=ROOT)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the checkout."""
    return build("wheel", tmp_path_factory.mktemp("dist"))


def test_an_editable_install_leads_to_the_checkout(tmp_path: Path) -> None:
    with zipfile.ZipFile(build("wheel:editable", tmp_path)) as editable:
        [link] = [name for name in editable.namelist() if name.endswith(".pth")]
        assert editable.read(link).decode().strip() == str(ROOT)


def test_the_wheel_contains_the_package_and_its_data_files(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name.split("/")[0].split("-")[0] for name in names} == {"rindoku"}
    for needed in (
        "rindoku/flows/weekly.py",
        "rindoku/tasks/policy.py",
        "rindoku/sql/migrations/0001_spine.sql",
        "rindoku/publish/templates/article.html.j2",
        "rindoku/sample/week/eurus.pdf",
        "rindoku/languages/ja/prompts.toml",
        "rindoku/languages/en/prompts.toml",
        "rindoku/languages/en/wording.toml",
        "rindoku/languages/en/questions.toml",
        "rindoku/languages/ja/loan_words.txt",
        "rindoku/explain/extract.toml",
        "rindoku/prices.toml",
    ):
        assert needed in names


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel; its dependencies are lent by this one."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    offline = ("--no-index", "--no-deps", "--quiet", "--disable-pip-version-check")
    run(python, "-m", "pip", "install", *offline, wheel, cwd=folder)
    [packages] = folder.glob("lib/python*/site-packages")
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib"))
    return folder


def test_the_installed_wheel_adds_one_name(installed: Path) -> None:
    [packages] = installed.glob("lib/python*/site-packages")
    names = {path.name.split("-")[0] for path in packages.iterdir()}
    assert not names & {"flows", "tasks", "sql", "tests", "benchmarks"}
    assert "rindoku" in names


def test_the_installed_wheel_runs_the_demo(installed: Path, tmp_path: Path) -> None:
    folders = {"HOME": str(tmp_path), "COLUMNS": "120"}
    where = "import rindoku.flows.weekly as m; print(m.__file__)"
    found = run(installed / "bin" / "python", "-c", where, cwd=tmp_path, **folders)
    assert Path(found.strip()).is_relative_to(installed)
    shown = run(
        installed / "bin" / "rindoku",
        *("demo", "--home", tmp_path / "home"),
        cwd=tmp_path,
        **folders,
    )
    assert "requests over real sockets" in shown
    assert (tmp_path / "home" / "archive.duckdb").is_file()
