"""Which of the arXiv ids on a page is its own."""

import pytest

from tests.papers.pages.pages import BIBTEX, facts, link

LLAMA = "2307.09288"
LONG = "A long paragraph about many things. " * 8


def test_a_paper_in_the_menu_is_not_the_pages_own() -> None:
    in_menu = link("2301.00001", "Paper of ours")
    menu = f'<nav><div class="navbar-dropdown">{in_menu}</div></nav>'
    button = '<a href="https://arxiv.org/pdf/2402.00002.pdf">Paper</a>'
    found = facts(f"{menu}<h1>Zebra: Stripes for Transformers</h1>{button}")
    assert found.arxiv_id == "2402.00002"
    assert [c.arxiv_id for c in found.candidates] == ["2402.00002", "2301.00001"]


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>Zebra</h1><p>Our data are built on {link(LLAMA, 'Llama 2')}.</p>",
        f"<h1>Zebra</h1><table><tr><td>{link(LLAMA, 'paper')}</td></tr></table>",
        f"<h1>Zebra</h1><div class='references'>{link(LLAMA, 'A paper')}</div>",
        f"<h1>Zebra</h1><p>{LONG}{link(LLAMA, 'the report')}</p>",
    ],
)
def test_a_paper_that_is_only_cited_is_not_the_pages_own(body: str) -> None:
    assert facts(body).arxiv_id is None


@pytest.mark.parametrize("count", [2, 40])
def test_of_several_equal_links_none_is_the_pages_own(count: int) -> None:
    links = (f"<p>{link(f'2307.{n:05d}', 'paper')}</p>" for n in range(1, count + 1))
    found = facts("<h1>Zebra lab</h1>" + "".join(links))
    assert (found.arxiv_id, len(found.candidates)) == (None, count)


def test_the_bibtex_with_the_pages_title_outweighs_links() -> None:
    other = (
        "<pre>@article{o, title={A Wholly Different Thing}, author={Other, Ann}, "
        "journal={arXiv preprint arXiv:2301.00001}}</pre>"
    )
    baseline = link("2401.00009", "Baseline paper")
    titles = "<h1>Zebra</h1><h2>Stripes for Transformers</h2>"
    found = facts(titles + baseline + other + BIBTEX)
    assert found.arxiv_id == "2402.00002"
    assert found.title == "Zebra: Stripes for Transformers"
    assert (found.authors, found.authors_complete) == (("Ada Braun", "Kei Itō"), True)
