"""Records in every state."""

import json

import pytest

from rindoku.errors import NoText
from rindoku.papers.records import (
    read_citation_file,
    read_crossref,
    read_openreview,
    read_title_search,
)


def test_records_in_every_state_are_read_or_refused() -> None:
    for read, bodies in (
        (
            read_openreview,
            (
                b"",
                b"[]",
                b'{"notes": []}',
                b'{"notes": [{"content": {}}]}',
                b'{"notes": "x"}',
            ),
        ),
        (read_crossref, (b"", b"[]", b'{"message": {}}', b'{"message": "x"}')),
    ):
        for body in bodies:
            with pytest.raises(NoText):
                read(body)
    assert (
        read_title_search(b"no json")
        == read_title_search(b"{}")
        == read_title_search(b'[{"paper": {"id": "x"}}, 3]')
        == []
    )
    assert read_citation_file(b": : :") is None
    assert read_citation_file(b"just text") is None
    old = {"notes": [{"content": {"title": "Old API", "authors": ["Ada Braun"]}}]}
    assert read_openreview(json.dumps(old).encode()).authors == ("Ada Braun",)
