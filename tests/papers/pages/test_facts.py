"""What pages say about their work: metadata, and the recorded pages."""

import json
import re
import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rindoku.papers.pages import read_facts
from rindoku.papers.pages.bibtex import parse_bibtex
from tests.conftest import SHARED
from tests.papers.pages.pages import facts


def test_declared_metadata_comes_first() -> None:
    declared = {
        "citation_publication_date": "2024/03/19",
        "citation_doi": "10.1038/s41587-022-01618-2",
    }
    head = "".join(
        f'<meta name="{name}" content="{value}">' for name, value in declared.items()
    )
    for author in ("Braun, Ada", "Ito, Kei"):
        head += f'<meta name="citation_author" content="{author}">'
    found = facts("<h1>Z</h1><p>Some Body, Any One</p>", head)
    assert found.authors == ("Ada Braun", "Kei Ito")
    assert str(found.published_on) == "2024-03-19"
    assert found.doi == "10.1038/s41587-022-01618-2"


def test_json_ld_declares_a_blog_post() -> None:
    post = {
        "@type": "BlogPosting",
        "headline": "Why Zebras Think",
        "datePublished": "2025-05-01T00:00:00Z",
        "author": [{"@type": "Person", "name": "Ada Braun"}],
    }
    graph = json.dumps({"@graph": [post]})
    found = facts("<p>x</p>", f'<script type="application/ld+json">{graph}</script>')
    assert (found.title, found.authors) == ("Why Zebras Think", ("Ada Braun",))
    assert str(found.published_on) == "2025-05-01"


def test_a_page_that_needs_scripts_is_detected() -> None:
    assert facts('<div id="root"></div><script src="a.js"></script>').script_only
    words = "Words of a page that can be read. " * 20
    assert not facts(f"<p>{words}</p><script></script>").script_only


@given(st.text(alphabet=st.sampled_from(list("<>/abchp1=\"' @{},-&;é")), max_size=300))
def test_no_page_breaks_the_reader(body: str) -> None:
    read_facts(body.encode(), "https://zebra.example/")
    parse_bibtex(body)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded pages are not here")
def test_recorded_pages_are_read_as_a_careful_reader_reads_them() -> None:
    folder = SHARED / "project-pages"
    rows = (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    right: Counter[str] = Counter()
    wrong_ids = []
    for truth in map(json.loads, rows):
        found = read_facts((folder / truth["file"]).read_bytes(), truth["url"])
        arxiv_id = (found.arxiv_id or "").partition("v")[0] or None
        titles = {_plain(title) for title in (truth["title"], *truth["title_alt"])}
        authors = [_plain(name) for name in truth["authors"]]
        right["arxiv"] += arxiv_id == truth["arxiv"]
        right["title"] += _plain(found.title) in titles
        right["authors"] += [_plain(name) for name in found.authors] == authors
        if arxiv_id not in {None, truth["arxiv"]}:
            wrong_ids.append(truth["file"])
    print(right)
    assert wrong_ids == []
    assert right["arxiv"] >= 49
    assert right["title"] >= 45
    assert right["authors"] >= 43


def test_a_title_inside_of_many_elements_is_found() -> None:
    deep = "<div>" * 1_200 + "<h1>Zebra: Stripes for Transformers</h1>"
    assert facts(deep).title == "Zebra: Stripes for Transformers"


@pytest.mark.parametrize(
    "script",
    [
        "[" * 3_000,
        '{"@type": ' * 3_000,
        '{"@type": "Article", "headline": 1' + "0" * 5_000 + "}",
        '{"@type": {"a": "Article"}, "headline": "Other"}',
        "null",
        '"Article"',
    ],
)
def test_json_ld_that_makes_no_sense_declares_nothing(script: str) -> None:
    head = f"<script type='application/ld+json'>{script}</script>"
    assert facts("<h1>Why Zebras Think</h1>", head).title == "Why Zebras Think"


def test_bibtex_that_is_nested_too_deeply_is_read_without_tex() -> None:
    nested = "\\textbf{" * 2_000 + "Zebra" + "}" * 2_000
    [entry] = parse_bibtex(f"@article{{a, title={{{nested}}}}}")
    assert entry["title"].endswith("Zebra")
