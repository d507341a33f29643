"""What pages say about their work: metadata, and the recorded pages."""

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rindoku.papers.pages.bibtex import parse_bibtex
from rindoku.papers.pages.facts import read_facts
from tests.conftest import SHARED


def facts(body: str, head: str = ""):
    return read_facts(
        f"<html><head>{head}</head><body>{body}</body></html>".encode(),
        "https://zebra.example/",
    )


def test_declared_metadata_comes_first() -> None:
    head = """<meta name="citation_author" content="Braun, Ada"><meta name="citation_author" content="Ito, Kei">
    <meta name="citation_publication_date" content="2024/03/19"><meta name="citation_doi" content="10.1038/s41587-022-01618-2">"""
    found = facts("<h1>Z</h1>", head)
    assert (found.authors, str(found.published_on), found.doi) == (
        ("Ada Braun", "Kei Ito"),
        "2024-03-19",
        "10.1038/s41587-022-01618-2",
    )
    post = """<script type="application/ld+json">{"@graph":[{"@type":"BlogPosting","headline":"Why Zebras Think",
    "datePublished":"2025-05-01T00:00:00Z","author":[{"@type":"Person","name":"Ada Braun"}]}]}</script>"""
    found = facts("<p>x</p>", post)
    assert (found.title, found.authors, str(found.published_on)) == (
        "Why Zebras Think",
        ("Ada Braun",),
        "2025-05-01",
    )


def test_an_empty_shell_is_seen() -> None:
    assert facts('<div id="root"></div><script src="a.js"></script>').script_only
    assert not facts(
        "<p>" + "Words of a page that can be read. " * 20 + "</p><script></script>"
    ).script_only


@given(st.text(alphabet=st.sampled_from(list("<>/abchp1=\"' @{},-&;é")), max_size=300))
def test_no_page_breaks_the_reader(body: str) -> None:
    read_facts(body.encode(), "https://zebra.example/")
    parse_bibtex(body)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded pages are not here")
def test_the_recorded_pages_are_read_as_a_careful_reader_reads_them() -> None:
    folder, right = SHARED / "project-pages", {"arxiv": 0, "title": 0, "authors": 0}
    wrong_ids = []
    for row in map(
        json.loads, (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    ):
        found = read_facts((folder / row["file"]).read_bytes(), row["url"])
        own = found.arxiv_id and found.arxiv_id.partition("v")[0]
        right["arxiv"] += own == row["arxiv"]
        right["title"] += _plain(found.title) in {
            _plain(t) for t in (row["title"], *row["title_alt"])
        }
        right["authors"] += [_plain(n) for n in found.authors] == [
            _plain(n) for n in row["authors"]
        ]
        wrong_ids += [row["file"]] if own not in {None, row["arxiv"]} else []
    print(right)
    assert wrong_ids == []
    assert (right["arxiv"] >= 49, right["title"] >= 45, right["authors"] >= 43) == (
        True,
        True,
        True,
    )
