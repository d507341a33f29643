"""The authors of a page."""

import pytest

from tests.papers.pages.pages import BIBTEX, facts, link

ABSTRACT = "An abstract of some length. " * 12
THREE_AUTHORS = ("Ada Braun", "Kei Ito", "Lena van der Lind")


@pytest.mark.parametrize(
    "byline",
    [
        (
            '<div class="authors"><a>Ada Braun</a><sup>1,2</sup>, <a>Kei Ito</a>'
            "<sup>*</sup>, <a>Lena van der Lind</a></div><p>Zebra University</p>"
        ),
        "<p>Ada Braun*, Kei Ito†,<br>Lena van der Lind</p>",
        (
            "<ul><li><a>Ada Braun</a></li> <li>Kei Ito</li>"
            "<li>Lena van der Lind</li></ul><p>Google Research</p>"
        ),
        "<p>Ada Braun&emsp;Kei Ito&emsp;Lena van der Lind</p>",
        "<p>Ada Braun and Kei Ito and Lena van der Lind</p>",
        (
            "<div><p>Ada Braun</p><p>Zebra University</p><p>Kei Ito</p>"
            "<p>Stripe Institute</p><p>Lena van der Lind</p></div>"
        ),
    ],
)
def test_bylines_of_many_shapes(byline: str) -> None:
    found = facts(f"<h1>Zebra: Stripes for All</h1>{byline}<p>{ABSTRACT}</p>")
    assert found.authors == THREE_AUTHORS
    assert found.published_on is None


def test_a_date_below_the_byline_is_the_pages() -> None:
    byline = "<p>Ada Braun, Kei Ito</p><p>March 19, 2024</p>"
    found = facts(f"<h1>Zebra: Stripes for All</h1>{byline}<p>{ABSTRACT}</p>")
    assert str(found.published_on) == "2024-03-19"


def test_et_al_makes_a_byline_incomplete() -> None:
    byline = "<p>Ada Braun, Kei Ito, et al.</p>"
    found = facts(f"<h1>Zebra: Stripes for All</h1>{byline}<p>{ABSTRACT}</p>")
    assert (found.authors, found.authors_complete) == (THREE_AUTHORS[:2], False)


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("Ada M. Braun, Kei Ito", ("Ada M. Braun", "Kei Ito")),
        ("Some Body, Any One", ("Ada Braun", "Kei Itō")),
    ],
)
def test_a_byline_counts_where_the_bibtex_agrees(
    byline: str, authors: tuple[str, ...]
) -> None:
    assert facts(f"<h1>Zebra</h1><p>{byline}</p>{BIBTEX}").authors == authors


def test_a_home_page_has_no_authors_and_no_paper() -> None:
    papers = "".join(
        f"<p>{link(f'2307.{n:05d}', 'paper')} Ada Braun, Kei Ito</p>" for n in range(40)
    )
    author = '<meta name="author" content="Ada Braun">'
    found = facts(papers, f"<title>Ada Braun</title>{author}")
    assert (found.title, found.authors, found.arxiv_id) == ("Ada Braun", (), None)
