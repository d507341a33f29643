"""`rindoku correct`."""

import io
from pathlib import Path

import pytest

from rindoku.sample import SAMPLE_WEEK
from tests.conftest import Rindoku, assert_fails
from tests.queries import select_rows


def corrections() -> list[str]:
    rows = select_rows("SELECT answer FROM current_corrections")
    return [row["answer"] for row in rows]


def test_the_answer_is_taken_from_the_option(rindoku: Rindoku, home: Path) -> None:
    options = {"--answer": "直しました。", "--reason": "補足", "--author": "編集者"}
    arguments = [text for option in options.items() for text in option]
    done = rindoku("correct", f"{SAMPLE_WEEK}/3/1", *arguments)
    assert done.returncode == 0, done.stderr
    assert "Saved as a correction" in done.stdout
    assert corrections() == ["直しました。"]


def test_without_the_option_the_answer_is_edited_in_the_editor(
    rindoku: Rindoku, home: Path, tmp_path: Path
) -> None:
    editor = tmp_path / "editor.sh"
    editor.write_text("#!/bin/sh\necho 'エディターで直しました。' > \"$1\"\n")
    editor.chmod(0o755)
    editors = {"EDITOR": str(editor), "VISUAL": str(editor)}
    done = rindoku("correct", f"{SAMPLE_WEEK}/3/2", "--reason", "補足", **editors)
    assert done.returncode == 0, done.stderr
    assert corrections() == ["エディターで直しました。"]


@pytest.mark.parametrize(
    ("options", "editor", "message"),
    [
        (["--reason", "r"], "", "Give --answer."),
        (["--reason", "r"], "/nonexistent", "Set EDITOR to another one"),
        (["--reason", "r"], "false", "Set EDITOR to another one"),
        (["--answer", "a"], "", "Give --reason."),
    ],
)
def test_without_a_terminal_or_an_editor_the_option_is_named(
    rindoku: Rindoku,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    editor: str,
    message: str,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    editors = {"EDITOR": editor, "VISUAL": ""}
    done = rindoku("correct", f"{SAMPLE_WEEK}/3/1", *options, **editors)
    assert_fails(done, 2, message)


def test_the_error_names_an_unknown_question(rindoku: Rindoku, home: Path) -> None:
    options = ["--answer", "x", "--reason", "y"]
    done = rindoku("correct", f"{SAMPLE_WEEK}/99/1", *options)
    assert_fails(done, 1, "no question")
