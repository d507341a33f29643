"""Ids of arXiv in addresses and in running text."""

from hypothesis import given
from hypothesis import strategies as st

from rindoku.identifiers import (
    ArxivId,
    find_arxiv_id,
    find_arxiv_ids_in_text,
    find_arxiv_stamp,
    parse_arxiv_id,
)
from rindoku.links import canonical
from tests.identifiers.ids import arxiv_ids


@given(arxiv_ids)
def test_an_id_is_read_back_as_it_was_written(arxiv_id: ArxivId) -> None:
    assert parse_arxiv_id(str(arxiv_id)) == arxiv_id


@given(
    arxiv_ids,
    st.sampled_from(
        [
            "https://arxiv.org/abs/{}",
            "http://arxiv.org/pdf/{}",
            "https://www.arxiv.org/pdf/{}.pdf",
            "https://export.arxiv.org/abs/{}",
            "https://arxiv.org/html/{}",
            "https://ar5iv.org/abs/{}",
            "https://doi.org/10.48550/arXiv.{}",
        ]
    ),
    st.sampled_from(
        ["", "?utm_source=x", "#S1", "?s=20&t=abc", ".", ")", ",", "?context=cs"]
    ),
)
def test_no_noise_changes_the_id(arxiv_id: ArxivId, form: str, noise: str) -> None:
    url = form.format(arxiv_id) + noise
    assert find_arxiv_id(canonical(url)) == arxiv_id
    assert canonical(url) == f"https://arxiv.org/abs/{arxiv_id}"


@given(st.text(max_size=60))
def test_any_text_is_an_id_or_none(text: str) -> None:
    assert parse_arxiv_id(text) is None or str(parse_arxiv_id(text)) == text.strip()


def test_ids_in_running_text_need_their_prefix() -> None:
    text = (
        "as in arXiv:2404.02258v1 and arXiv preprint arXiv:1706.03762, "
        "journal = {arXiv preprint arXiv: Arxiv-2310.12931}, "
        "not 2024.12345 nor arXiv:2399.00001"
    )
    assert [str(i) for i in find_arxiv_ids_in_text(text)] == [
        "2404.02258v1",
        "1706.03762",
        "2310.12931",
    ]


def test_a_stamp_is_distinguished_from_a_citation() -> None:
    stamp = find_arxiv_stamp("x\narXiv:2404.02078v1 [cs.AI] 2 Apr 2024")
    assert str(stamp) == "2404.02078v1"
    assert find_arxiv_stamp("see arXiv:2404.02078 for more") is None
