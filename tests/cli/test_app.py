"""Errors of any command: messages, exit codes, JSON."""

import json
from pathlib import Path

import pytest

from rindoku.sample import SAMPLE_WEEK
from tests.conftest import Rindoku, assert_fails


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["run", "2024-W60"], 2, "'2024-W60' is not a week"),
        (
            ["run", "2024-04-31"],
            2,
            "Write 2024-W14, a date in the week such as 2024-04-03, or last.",
        ),
        (["run", "2099-W01"], 2, "has not begun"),
        (["show", "spring"], 2, "'spring' is not a week"),
        (["run", "--source", "facebook"], 2, "facebook"),
        (["render", SAMPLE_WEEK, "--form", "pdf"], 2, "pdf"),
        (["render", "2023-W05"], 1, "Run `rindoku run 2023-W05` first"),
        (["show", "2023-W05"], 3, ""),
        (["sql", "SELECT * FROM nowhere"], 2, "nowhere"),
        (["sql", "DELETE FROM weeks"], 2, "read-only"),
        (["sample", "serve", "--entries", "missing.jsonl"], 2, "missing.jsonl"),
    ],
)
def test_the_error_names_the_bad_input_and_the_remedy(
    rindoku: Rindoku, sample_home: Path, arguments: list[str], code: int, message: str
) -> None:
    wide = {"NO_COLOR": "1", "COLUMNS": "200"}
    done = rindoku(*arguments, RINDOKU_HOME=str(sample_home), **wide)
    assert_fails(done, code, message)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RINDOKU_QUESTIONS", "many"),
        ("RINDOKU_TIMEZONE", "Mars/Olympus"),
        ("RINDOKU_SOURCE", "facebook"),
        ("RINDOKU_WATCH", "list:abc"),
        ("RINDOKU_FETCH_SECONDS", "0"),
        ("RINDOKU_FETCH_MEGABYTES", "lots"),
        ("RINDOKU_LANGUAGE", "xx"),
        ("RINDOKU_LOOPBACK_URL", "http://example.org:80"),
    ],
)
def test_the_error_names_the_bad_setting(
    rindoku: Rindoku, name: str, value: str
) -> None:
    done = rindoku("run", SAMPLE_WEEK, **{name: value})
    assert_fails(done, 2, name)
    assert value in done.stderr


def test_the_home_is_checked_before_a_run_starts(
    rindoku: Rindoku, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    done = rindoku("run", SAMPLE_WEEK, "--home", str(tmp_path / "file" / "home"))
    assert_fails(done, 1, "is not writable")
    assert "--home" in done.stderr


def test_errors_are_json_with_the_json_option(rindoku: Rindoku) -> None:
    done = rindoku("show", "never", "--json")
    assert done.returncode != 0
    assert "remedy" in json.loads(done.stdout)
