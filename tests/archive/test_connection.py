"""Damaged files."""

import pytest

from rindoku.archive import Archive
from rindoku.errors import ArchiveCorrupt, ArchiveMissing


@pytest.mark.parametrize(
    "content", [b"", b"this is not a database" * 300, b"\0" * 9000]
)
def test_a_file_of_other_content_is_refused_and_left_as_it_is(
    archive: Archive, content: bytes
) -> None:
    archive.path.write_bytes(content)
    with pytest.raises((ArchiveCorrupt, ArchiveMissing)), archive.read() as con:
        con.execute("FROM weeks")
    assert archive.path.read_bytes() == content


def test_a_damaged_file_is_an_error(archive: Archive) -> None:
    damaged = bytearray(archive.path.read_bytes())
    damaged[4096:12288] = b"\xa5" * 8192
    archive.path.write_bytes(damaged)
    with pytest.raises(ArchiveCorrupt, match="not a readable archive"), archive.read():
        pass
