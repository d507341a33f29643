"""Promises of the project: documentation, settings, schedules, imports, errors."""

import importlib
import inspect
import pickle
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from rindoku import __version__, errors
from rindoku.archive import statements
from rindoku.settings import Settings, load_settings, variables
from tests.conftest import ROOT


def all_errors() -> list[type[errors.RindokuError]]:
    classes = [found for _, found in inspect.getmembers(errors, inspect.isclass)]
    return [found for found in classes if issubclass(found, errors.RindokuError)]


@pytest.mark.parametrize("kind", all_errors())
def test_every_error_survives_pickling(kind: type[errors.RindokuError]) -> None:
    error = kind("what", "remedy")
    if issubclass(kind, errors.Transient):
        error = kind("what", "remedy", 7.0)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - pickled one line above
    assert type(copy) is kind
    assert (str(copy), copy.remedy) == ("what remedy", "remedy")
    assert vars(copy) == vars(error)


def test_every_error_is_in_the_tree_of_the_docstring() -> None:
    for kind in all_errors():
        assert kind is errors.RindokuError or kind.__name__ in (errors.__doc__ or "")


def test_the_example_env_lists_the_settings_with_their_defaults() -> None:
    text = (ROOT / ".env.example").read_text()
    given = dict(re.findall(r"^#? ?([A-Z_]+)=(.*)$", text, re.MULTILINE))
    defaults = {f"{v}": getattr(Settings(), name) for name, v in variables().items()}
    assert given == defaults


def test_the_environment_takes_precedence_over_the_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("RINDOKU_MODEL=from-file\nRINDOKU_QUESTIONS=7\n")
    settings = load_settings({"RINDOKU_QUESTIONS": "3"}, tmp_path / ".env")
    assert (settings.model, settings.question_count) == ("from-file", 3)


def test_the_settings_do_not_show_their_secrets() -> None:
    secrets = {"ANTHROPIC_API_KEY": "secret", "X_BEARER_TOKEN": "secret"}
    assert "secret" not in repr(load_settings(secrets))


@pytest.mark.parametrize(
    "command",
    [
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
    ],
)
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"rindoku {command}" in (ROOT / "README.md").read_text()


def test_the_changelog_has_the_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == __version__
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_ci_runs_the_readmes_test_command() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text()
    assert "make test" in (ROOT / "README.md").read_text()


def load_deployments() -> list[dict[str, Any]]:
    content = yaml.safe_load((ROOT / "prefect.yaml").read_text())
    deployments: list[dict[str, Any]] = content["deployments"]
    return deployments


def test_the_deployments_have_known_keys_and_existing_entrypoints() -> None:
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
    for deployment in load_deployments():
        assert set(deployment) <= known, "Prefect ignores unknown keys"
        module, name = deployment["entrypoint"].rsplit(".", 1)
        flow = getattr(importlib.import_module(module), name)
        given = set(deployment.get("parameters", {}))
        assert given <= set(inspect.signature(flow.fn).parameters)


def test_the_schedules_run_one_at_a_time() -> None:
    deployments = load_deployments()
    schedules = {
        d["name"]: [(s["cron"], s["timezone"]) for s in d["schedules"]]
        for d in deployments
    }
    assert schedules == {
        "weekly": [("0 */3 * * 1,2", "Asia/Tokyo")],
        "rebind": [("30 5 * * *", "Asia/Tokyo")],
    }
    assert [d["concurrency_limit"]["limit"] for d in deployments] == [1, 1]


def test_the_import_contracts_are_kept() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_pins_have_hashes_and_no_index() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text()
        assert "://" not in text
        pins = [pin for pin in re.split(r"\n(?=\w)", text) if "==" in pin]
        assert all("--hash=sha256:" in pin for pin in pins)


@pytest.mark.parametrize("name", ["flows", "tasks"])
def test_flows_and_tasks_have_one_import_name(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert importlib.import_module(f"rindoku.{name}").__name__ == f"rindoku.{name}"
    monkeypatch.syspath_prepend(str(ROOT))
    with pytest.raises(ImportError, match=rf"Import rindoku\.{name}"):
        importlib.import_module(name)


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = [migration.number for migration in statements.migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


SQL = re.compile(r"\.(?:execute|sql)\(|\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM) ")
# Runs the statement that its user typed, on a read-only connection.
MAY_RUN_SQL = ROOT / "rindoku" / "cli" / "sql.py"


def test_sql_is_run_by_the_archive_only() -> None:
    archive = ROOT / "rindoku" / "archive"
    found = [
        f"{path.relative_to(ROOT)}:{number} {line.strip()}"
        for folder in ("rindoku", "flows", "tasks")
        for path in (ROOT / folder).rglob("*.py")
        if path != MAY_RUN_SQL and not path.is_relative_to(archive)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if SQL.search(line)
    ]
    assert found == [], "move the query to sql/queries and its function to the archive"


def test_recorded_material_is_optional() -> None:
    """Tests that use the recorded material are skipped where it is missing."""
    for path in (ROOT / "tests").rglob("test_*.py"):
        text = path.read_text()
        if "SHARED" in text and path.name != "test_project.py":
            assert "skipif(not SHARED.is_dir()" in text, path
