import pytest
from hypothesis import given
from hypothesis import strategies as st

from rindoku.identifiers import (
    ArxivId,
    canonical,
    find_arxiv_id,
    find_arxiv_stamp,
    parse_arxiv_id,
    raw_file,
    repository,
    role_of,
)  # fmt: skip

new_ids = st.builds("{:04d}.{:05d}".format, st.integers(701, 2612), st.integers(1, 99999))
old_ids = st.builds(
    "{}/{:07d}".format, st.sampled_from(["cs", "math.GT", "astro-ph", "quant-ph"]), st.integers(1, 9999999)
)
ids = st.builds(ArxivId, st.one_of(new_ids, old_ids), st.one_of(st.none(), st.integers(1, 40)))


@given(ids)
def test_an_id_is_read_back_as_it_was_written(arxiv_id: ArxivId) -> None:
    assert parse_arxiv_id(str(arxiv_id)) == arxiv_id


@given(
    ids,
    st.sampled_from(["https://arxiv.org/abs/{}", "http://arxiv.org/pdf/{}", "https://www.arxiv.org/pdf/{}.pdf",
                     "https://export.arxiv.org/abs/{}", "https://arxiv.org/html/{}", "https://ar5iv.org/abs/{}",
                     "https://doi.org/10.48550/arXiv.{}"]),
    st.sampled_from(["", "?utm_source=x", "#S1", "?s=20&t=abc", ".", ")", ",", "?context=cs"]),
)  # fmt: skip
def test_no_noise_changes_the_id(arxiv_id: ArxivId, form: str, noise: str) -> None:
    url = form.format(arxiv_id) + noise
    assert find_arxiv_id(canonical(url)) == arxiv_id
    assert canonical(url) == f"https://arxiv.org/abs/{arxiv_id}"


@given(st.text(max_size=60))
def test_nothing_raises_on_any_text(text: str) -> None:
    assert parse_arxiv_id(text) is None or str(parse_arxiv_id(text)) == text.strip()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.com/a/status/1?s=20&t=q", "https://x.com/a/status/1"),
        ("https://Example.org/Path?utm_campaign=a&id=7#top", "https://example.org/Path?id=7"),
        ("https://www.cell.com/cell/S0092-8674(25)01312-1).", "https://www.cell.com/cell/S0092-8674(25)01312-1"),
        ("https://a.org/x%20y//z?q=a%2Bb", "https://a.org/x%20y//z?q=a%2Bb"),
    ],
)
def test_canonical_loses_trackers_and_keeps_the_rest(url: str, expected: str) -> None:
    assert canonical(url) == expected


@pytest.mark.parametrize(
    ("url", "label", "role"),
    [("https://x.com/a/status/12", "Paper", "post"), ("https://arxiv.org/abs/2404.02258", "Tweet", "paper"),
     ("https://github.com/o/r", "", "code"), ("https://github.com/o/r/blob/main/p.pdf", "", "paper"),
     ("https://nerfies.github.io/", "Project", "project"), ("https://swe-agent.com/", "", "paper")],
)  # fmt: skip
def test_the_address_counts_before_the_label(url: str, label: str, role: str) -> None:
    assert role_of(url, label) == role


def test_github_and_stamps() -> None:
    assert raw_file("https://github.com/o/r/blob/main/a/p.pdf") == "https://raw.githubusercontent.com/o/r/main/a/p.pdf"
    assert repository("https://github.com/princeton-nlp/SWE-agent") == ("princeton-nlp", "SWE-agent")
    assert repository("https://github.com/o/r/blob/main/x") is None
    assert str(find_arxiv_stamp("x\narXiv:2404.02078v1 [cs.AI] 2 Apr 2024")) == "2404.02078v1"
    assert find_arxiv_stamp("see arXiv:2404.02078 for more") is None
