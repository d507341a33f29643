"""RINDOKU_PUBLISHED: checked before a run pays for anything."""

from pathlib import Path

import pytest

from rindoku.sample import SAMPLE_WEEK
from tests.conftest import Rindoku, assert_fails


def test_a_folder_that_cannot_be_written_ends_a_run_before_it_begins(
    rindoku: Rindoku, tmp_path: Path
) -> None:
    home, file = tmp_path / "home", tmp_path / "file"
    file.write_text("not a folder")
    published = str(file / "published")
    done = rindoku("run", "--home", str(home), RINDOKU_PUBLISHED=published)
    assert_fails(done, 1, "RINDOKU_PUBLISHED")
    assert published in done.stderr
    assert not home.exists()


@pytest.mark.parametrize("folder", ["writer", "inbox", "link"])
def test_the_homes_own_folders_are_not_published_to(
    rindoku: Rindoku, home: Path, tmp_path: Path, folder: str
) -> None:
    (home / "link").symlink_to(home / "writer")
    done = rindoku("render", SAMPLE_WEEK, RINDOKU_PUBLISHED=str(home / folder))
    assert_fails(done, 2, "RINDOKU_PUBLISHED is")
    assert not (home / "writer" / "articles").exists()
    doctor = rindoku("doctor", "--offline", RINDOKU_PUBLISHED=str(home / folder))
    assert doctor.returncode == 1
    assert "RINDOKU_PUBLISHED is" in doctor.stdout
