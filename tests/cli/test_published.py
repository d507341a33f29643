"""RINDOKU_PUBLISHED: checked before a run pays for anything."""

from pathlib import Path

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
