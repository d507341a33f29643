"""Public records, complete and broken."""

import json

import pytest

from rindoku.errors import NoText
from rindoku.papers.records import (
    read_citation_file,
    read_crossref,
    read_openreview,
    read_title_search,
)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"notes": []}',
        b'{"notes": [{"content": {}}]}',
        b'{"notes": "x"}',
    ],
)
def test_an_answer_of_openreview_without_a_submission_is_refused(body: bytes) -> None:
    with pytest.raises(NoText):
        read_openreview(body)


def test_the_old_api_of_openreview_is_read() -> None:
    note = {"content": {"title": "Old API", "authors": ["Ada Braun"]}}
    record = read_openreview(json.dumps({"notes": [note]}).encode())
    assert (record.title, record.authors) == ("Old API", ("Ada Braun",))


def test_authors_of_openreview_are_objects_or_names() -> None:
    authors = [
        {"fullname": "Ada Braun", "username": "~Ada_Braun1"},
        "Bo Chen",
        {"username": "~Nameless1"},
        7,
    ]
    content = {"title": {"value": "T"}, "authors": {"value": authors}}
    note = {"content": content, "pdate": 10**30}
    record = read_openreview(json.dumps({"notes": [note]}).encode())
    assert record.authors == ("Ada Braun", "Bo Chen")
    assert record.published_on is None


@pytest.mark.parametrize("body", [b"", b"[]", b'{"message": {}}', b'{"message": "x"}'])
def test_an_answer_of_crossref_without_a_work_is_refused(body: bytes) -> None:
    with pytest.raises(NoText):
        read_crossref(body)


@pytest.mark.parametrize("body", [b"not JSON", b"{}", b'[{"paper": {"id": "x"}}, 3]'])
def test_a_search_without_papers_finds_none(body: bytes) -> None:
    assert read_title_search(body) == []


@pytest.mark.parametrize("body", [b": : :", b"just text"])
def test_a_broken_citation_file_is_none(body: bytes) -> None:
    assert read_citation_file(body) is None
