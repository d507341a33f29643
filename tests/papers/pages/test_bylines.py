"""The authors of a page."""

import pytest

from rindoku.papers.pages.facts import read_facts


def facts(body: str, head: str = ""):
    return read_facts(
        f"<html><head>{head}</head><body>{body}</body></html>".encode(),
        "https://zebra.example/",
    )


BIBTEX = "<pre>@inproceedings{z, title={{Zebra}: Stripes for {T}ransformers}, author={Braun, Ada and It{\\=o}, Kei}, eprint={2402.00002}}</pre>"


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
