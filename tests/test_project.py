"""Promises of the project about itself: docs, settings, schedules, imports, errors."""

import importlib
import inspect
import pickle
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from rindoku import __version__, errors
from rindoku.archive import statements
from rindoku.settings import Settings, load_settings, variables
from tests.conftest import ROOT


def all_errors() -> list[type[errors.RindokuError]]:
    return [
        e
        for _, e in inspect.getmembers(errors, inspect.isclass)
        if issubclass(e, errors.RindokuError)
    ]


@pytest.mark.parametrize("kind", all_errors())
def test_every_error_survives_pickling(kind: type[errors.RindokuError]) -> None:
    error = (
        kind("what", "remedy", 7.0)
        if issubclass(kind, errors.Transient)
        else kind("what", "remedy")
    )
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert (type(copy), str(copy), copy.remedy, vars(copy)) == (
        kind,
        "what remedy",
        "remedy",
        vars(error),
    )


def test_every_error_stands_in_the_tree() -> None:
    for kind in all_errors():
        assert kind is errors.RindokuError or kind.__name__ in (errors.__doc__ or "")


def test_the_example_env_is_the_settings() -> None:
    text = (ROOT / ".env.example").read_text()
    given = dict(re.findall(r"^#? ?([A-Z_]+)=(.*)$", text, re.MULTILINE))
    defaults = {f"{v}": getattr(Settings(), name) for name, v in variables().items()}
    assert given == defaults


def test_the_env_file_is_read_and_the_environment_goes_first(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("RINDOKU_MODEL=from-file\nRINDOKU_QUESTIONS=7\n")
    settings = load_settings({"RINDOKU_QUESTIONS": "3"}, tmp_path / ".env")
    assert (settings.model, settings.question_count) == ("from-file", 3)
    assert "secret" not in repr(
        load_settings({"ANTHROPIC_API_KEY": "secret", "X_BEARER_TOKEN": "secret"})
    )


def test_every_command_and_variable_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    for command in (
        "demo",
        "run",
        "show",
        "sql",
        "render",
        "doctor",
        "sample serve",
        "entries",
        "diff",
        "forget",
        "ask",
        "plan",
        "costs",
        "audit",
        "correct",
    ):
        assert f"rindoku {command}" in readme, command


def test_the_changelog_knows_the_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == __version__
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_ci_runs_the_readmes_test_command() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text()
    assert "make test" in (ROOT / "README.md").read_text()


def test_the_schedule_is_as_intended_and_its_entrypoints_exist() -> None:
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
    known = {
        "name",
        "description",
        "entrypoint",
        "tags",
        "parameters",
        "concurrency_limit",
        "schedules",
        "work_pool",
    }
    for deployment in deployments:
        assert set(deployment) <= known, "Prefect ignores keys it does not know"
        module, name = deployment["entrypoint"].rsplit(".", 1)
        flow = getattr(importlib.import_module(module), name)
        assert set(deployment.get("parameters", {})) <= set(
            inspect.signature(flow.fn).parameters
        )
    assert {
        d["name"]: [(s["cron"], s["timezone"]) for s in d["schedules"]]
        for d in deployments
    } == {
        "weekly": [("0 */3 * * 1,2", "Asia/Tokyo")],
        "rebind": [("30 5 * * *", "Asia/Tokyo")],
    }
    assert [d["concurrency_limit"]["limit"] for d in deployments] == [1, 1]


def test_imports_point_one_way() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_nothing_pinned_names_an_index() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text()
        assert "://" not in text
        assert all(
            "--hash=sha256:" in block
            for block in re.split(r"\n(?=\w)", text)
            if "==" in block
        )


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = [migration.number for migration in statements.migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_no_post_or_key_of_the_recorded_world_is_needed() -> None:
    """Tests that use the recorded material are skipped where it is missing."""
    for path in (ROOT / "tests").rglob("test_*.py"):
        text = path.read_text()
        assert (
            "SHARED" not in text
            or "skipif(not SHARED.is_dir()" in text
            or path.name == "test_project.py"
        )
