"""The options and arguments that several commands share."""

import os
from pathlib import Path

import pytest

from rindoku.archive import Archive
from rindoku.cli.options import archived_week, check_source, choose_home, optional_week
from rindoku.errors import BadInput
from rindoku.sample import SAMPLE_WEEK


@pytest.mark.parametrize("source", ["auto", "x", "twin"])
def test_sources_are_accepted_by_name(source: str) -> None:
    check_source(source)


def test_a_source_may_be_the_path_of_a_list(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("")
    check_source(str(tmp_path / "list.txt"))
    with pytest.raises(BadInput, match=r"'missing\.txt' is not a source"):
        check_source("missing.txt")


def test_the_last_week_is_the_newest_of_the_archive(sample_home: Path) -> None:
    with Archive(sample_home).read() as con:
        assert archived_week(con, " Last ") == SAMPLE_WEEK
        assert archived_week(con, "2024-W13") == "2024-W13"


def test_a_week_may_be_left_out(sample_home: Path) -> None:
    with Archive(sample_home).read() as con:
        assert optional_week(con, None) is None
        assert optional_week(con, "2024-04-03") == "2024-W14"


def test_the_home_option_takes_precedence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RINDOKU_HOME", "from-the-environment")
    choose_home(None)
    assert os.environ["RINDOKU_HOME"] == "from-the-environment"
    choose_home(tmp_path)
    assert os.environ["RINDOKU_HOME"] == str(tmp_path)
