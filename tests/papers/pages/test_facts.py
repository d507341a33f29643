"""What pages say of their work: own sample pages for each trap, and the recorded pages where they are at hand."""

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rindoku.papers.pages.bibtex import author_names, parse_bibtex
from rindoku.papers.pages.bylines import is_name
from rindoku.papers.pages.facts import read_facts
from tests.conftest import SHARED


def facts(body: str, head: str = ""):
    return read_facts(
        f"<html><head>{head}</head><body>{body}</body></html>".encode(),
        "https://zebra.example/",
    )


BIBTEX = "<pre>@inproceedings{z, title={{Zebra}: Stripes for {T}ransformers}, author={Braun, Ada and It{\\=o}, Kei}, eprint={2402.00002}}</pre>"


def test_the_menu_of_other_papers_is_not_the_own_one() -> None:
    menu = '<nav><div class="navbar-dropdown"><a href="https://arxiv.org/abs/2301.00001">Paper of ours</a></div></nav>'
    own = '<a href="https://arxiv.org/pdf/2402.00002.pdf">Paper</a>'
    found = facts(menu + "<h1>Zebra: Stripes for Transformers</h1>" + own)
    assert str(found.arxiv_id) == "2402.00002"
    assert [str(c.arxiv_id) for c in found.candidates] == ["2402.00002", "2301.00001"]


@pytest.mark.parametrize(
    "body",
    [
        '<h1>Zebra</h1><p>Our data are built on <a href="https://arxiv.org/abs/2307.09288">Llama 2</a>.</p>',
        '<h1>Zebra</h1><table><tr><td><a href="https://arxiv.org/abs/2307.09288">paper</a></td></tr></table>',
        '<h1>Zebra lab</h1><p><a href="https://arxiv.org/abs/2307.00001">paper</a></p><p><a href="https://arxiv.org/abs/2307.00002">paper</a></p>',
        '<h1>Zebra</h1><div class="references"><a href="https://arxiv.org/abs/2307.09288">A paper</a></div>',
        "".join(
            f'<p><a href="https://arxiv.org/abs/2307.{n:05d}">paper</a></p>'
            for n in range(40)
        ),
        f'<h1>Zebra</h1><p>{"A long paragraph that tells of many things. " * 8}<a href="https://arxiv.org/abs/2307.09288">the report</a></p>',
    ],
)
def test_papers_that_are_only_cited_are_not_the_pages_own(body: str) -> None:
    assert facts(body).arxiv_id is None


def test_bibtex_outweighs_links_and_the_right_entry_is_chosen() -> None:
    other = "<pre>@article{o, title={A Wholly Different Thing}, author={Nobody, Ann}, journal={arXiv preprint arXiv:2301.00001}}</pre>"
    found = facts(
        f'<h1>Zebra</h1><h2>Stripes for Transformers</h2><a href="https://arxiv.org/abs/2401.00009">Baseline paper</a>{other}{BIBTEX}'
    )
    assert (str(found.arxiv_id), found.title) == (
        "2402.00002",
        "Zebra: Stripes for Transformers",
    )
    assert (found.authors, found.authors_complete) == (("Ada Braun", "Kei Itō"), True)


@pytest.mark.parametrize(
    ("body", "head", "title"),
    [
        (
            "<h1>ZEBRA</h1><p>Stripes for Striped Transformers</p>",
            "<title>Zebra</title>",
            "Zebra: Stripes for Striped Transformers",
        ),
        (
            "<h1>Stripes for<br>Striped Transformers</h1>",
            "",
            "Stripes for Striped Transformers",
        ),
        ("<h1>Zebra: Stripes</h1><h3>ICLR 2024</h3>", "", "Zebra: Stripes"),
        (
            "<nav><h1>Lab</h1></nav><h1>Zebra: Stripes</h1>",
            '<meta property="og:title" content="SOCIAL MEDIA TITLE TAG">',
            "Zebra: Stripes",
        ),
        (
            "<h2>News</h2>",
            "<title>Zebra and its Many Stripes | Zebra Lab</title>",
            "Zebra and its Many Stripes",
        ),
        (
            "<h1>A slogan that is not the title of anything</h1><h2>Zebra: Stripes for All</h2>",
            "<title>Zebra: Stripes for All</title>",
            "Zebra: Stripes for All",
        ),
        (
            "<h1>Z</h1>",
            '<meta name="citation_title" content="Zebra, the Official Title">',
            "Zebra, the Official Title",
        ),
        (
            "<h1>Z<img src=o.png>bra: Stripes for All</h1>",
            "<title>Zebra</title>",
            "Zebra: Stripes for All",
        ),
    ],
)
def test_titles_are_put_together_from_what_the_page_shows(
    body: str, head: str, title: str
) -> None:
    assert facts(body, head).title in {title, f"{title} | Zebra Lab"}


@pytest.mark.parametrize(
    "byline",
    [
        '<div class="authors"><a>Ada Braun</a><sup>1,2</sup>, <a>Kei Ito</a><sup>*</sup>, <a>Lena van der Lind</a></div><p>Zebra University</p>',
        "<p>Ada Braun*, Kei Ito†,<br>Lena van der Lind</p><p>March 19, 2024</p>",
        "<ul><li><a>Ada Braun</a></li> <li>Kei Ito</li><li>Lena van der Lind</li></ul><p>Google Research</p>",
        "<p>Ada Braun&emsp;Kei Ito&emsp;Lena van der Lind</p>",
        "<p>Ada Braun and Kei Ito and Lena van der Lind</p>",
        "<div><p>Ada Braun</p><p>Zebra University</p><p>Kei Ito</p><p>Stripe Institute</p><p>Lena van der Lind</p></div>",
    ],
)
def test_bylines_of_many_shapes(byline: str) -> None:
    found = facts(
        f"<h1>Zebra: Stripes for All</h1>{byline}<p>{'An abstract of some length. ' * 12}</p>"
    )
    assert found.authors == ("Ada Braun", "Kei Ito", "Lena van der Lind")
    assert str(found.published_on) == ("2024-03-19" if "March" in byline else "None")


def test_the_page_writes_names_its_own_way_where_bibtex_agrees() -> None:
    assert facts(f"<h1>Zebra</h1><p>Ada M. Braun, Kei Ito</p>{BIBTEX}").authors == (
        "Ada M. Braun",
        "Kei Ito",
    )
    assert facts(f"<h1>Zebra</h1><p>Some Body, Any One</p>{BIBTEX}").authors == (
        "Ada Braun",
        "Kei Itō",
    )


def test_a_home_page_has_no_authors_and_no_paper() -> None:
    papers = "".join(
        f'<p><a href="https://arxiv.org/abs/2307.{n:05d}">paper</a> Ada Braun, Kei Ito</p>'
        for n in range(40)
    )
    found = facts(
        papers, '<title>Ada Braun</title><meta name="author" content="Ada Braun">'
    )
    assert (found.title, found.authors, found.arxiv_id) == ("Ada Braun", (), None)


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


def test_names_and_what_only_looks_like_one() -> None:
    assert all(
        map(
            is_name,
            [
                "Ada Braun",
                'Linxi "Jim" Fan',
                "Jiří Navrátil",
                "De-An Huang",
                "Ludwig van Beethoven",
                "J. K. Rowling",
                "Ofir Press",
            ],
        )
    )
    assert not any(
        map(
            is_name,
            [
                "Google Research",
                "Read Paper",
                "Abstract",
                "we present",
                "ICLR 2024",
                "Zebra University",
                "J. K.",
            ],
        )
    )
    assert author_names("Braun, Ada and Kei Ito and others") == (
        ("Ada Braun", "Kei Ito"),
        False,
    )


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
