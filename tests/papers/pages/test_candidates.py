"""Which arXiv id is the page's own."""

import pytest

from rindoku.papers.pages.facts import read_facts


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
