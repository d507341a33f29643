"""An empty archive."""

import shutil
from pathlib import Path

import pytest

from rindoku.archive import Archive
from tests.conftest import build_once


def _make_empty(home: Path) -> None:
    archive = Archive(home)
    with archive.write():
        pass
    archive.publish()


@pytest.fixture(scope="session")
def empty_home(shared_folder: Path) -> Path:
    """A home whose archive has the schema and no rows. Not to be changed."""
    return build_once(shared_folder / "empty-home", _make_empty)


@pytest.fixture
def archive(empty_home: Path, tmp_path: Path) -> Archive:
    """An archive with the schema and no rows, written and published."""
    shutil.copytree(empty_home, tmp_path / "home")
    return Archive(tmp_path / "home", lock_patience_s=0.3)
