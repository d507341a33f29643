"""An empty archive."""

from pathlib import Path

import pytest

from rindoku.archive import Archive


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An archive with the schema and no rows, written and published."""
    archive = Archive(tmp_path / "home", lock_patience_s=0.3)
    with archive.write():
        pass
    archive.publish()
    return archive
