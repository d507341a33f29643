"""Where the settings and the home are."""

from pathlib import Path

import pytest

from rindoku.run import Run
from rindoku.settings import find_home, find_settings_file, load_settings


def test_the_home_is_the_one_set_else_the_one_here_else_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own-data" / "rindoku"
    assert load_settings().home_path == own
    assert "your own" in find_home("").reason
    (tmp_path / "rindoku-home").mkdir()
    assert load_settings().home_path == tmp_path / "rindoku-home"
    assert "working folder" in find_home("").reason
    monkeypatch.setenv("RINDOKU_HOME", "elsewhere")
    assert load_settings().home_path == tmp_path / "elsewhere"


def test_ones_own_home_is_created_when_it_is_first_written_to(tmp_path: Path) -> None:
    with Run("check").archive.write():
        pass
    assert (find_home("").path / "writer").is_dir()
    assert find_home("").path.is_relative_to(tmp_path)


def test_the_settings_of_the_working_folder_replace_ones_own(tmp_path: Path) -> None:
    own = find_settings_file().path
    assert own == tmp_path / "own-config" / "rindoku" / "settings.env"
    own.parent.mkdir(parents=True)
    own.write_text("RINDOKU_MODEL=own\nRINDOKU_LANGUAGE=en\n")
    assert load_settings().model == "own"
    (tmp_path / ".env").write_text("RINDOKU_MODEL=here\n")
    assert find_settings_file().path == tmp_path / ".env"
    settings = load_settings()
    assert (settings.model, settings.language) == ("here", "ja"), "one file, not both"
