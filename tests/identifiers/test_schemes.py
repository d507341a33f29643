"""Identifiers of every scheme, in every spelling of their address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rindoku.identifiers import (
    Identifier,
    find_arxiv_ids_in_text,
    identify,
    parse_identifier,
)
from rindoku.links import canonical
from tests.identifiers.ids import arxiv_ids

names = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{1,11}", fullmatch=True)
IDENTIFIERS = st.one_of(
    arxiv_ids.map(lambda i: Identifier("arxiv", i.base, i.version)),
    st.builds(
        Identifier,
        st.just("openreview"),
        st.from_regex(r"[A-Za-z0-9_-]{8,12}", fullmatch=True),
    ),
    st.builds(
        Identifier,
        st.just("openreview"),
        st.from_regex(r"[0-9a-f]{40}\.pdf", fullmatch=True),
    ),
    st.builds(
        Identifier,
        st.just("doi"),
        st.from_regex(
            r"10\.[0-9]{4,5}/[a-z][a-z0-9]{0,8}\([0-9]{2}\)[0-9]{3,8}", fullmatch=True
        ),
    ),
    st.builds(
        Identifier,
        st.sampled_from(["biorxiv", "medrxiv"]),
        st.from_regex(
            r"10\.1101/20[12][0-9]\.0[1-9]\.[0-9]{2}\.[0-9]{6}", fullmatch=True
        ),
        st.none() | st.integers(1, 20),
    ),
    st.builds(
        Identifier,
        st.just("acl"),
        st.from_regex(
            r"[A-Z][0-9]{2}-[0-9]{4}|20[12][0-9]\.acl-long\.[0-9]{1,3}", fullmatch=True
        ),
    ),
    st.builds(
        Identifier,
        st.just("pmlr"),
        st.from_regex(r"v[1-9][0-9]{0,2}/[a-z]{2,9}[0-9]{2}[a-d]", fullmatch=True),
    ),
    st.builds("{}/{}".format, names, names).map(
        lambda v: Identifier("github", "my-" + v)
    ),
    st.builds("{}/{}".format, names, names).map(
        lambda v: Identifier("huggingface", "my-" + v)
    ),
    st.integers(1, 2**62).map(lambda n: Identifier("post", str(n))),
    names.map(
        lambda w: Identifier(
            "url", f"https://{w.lower().replace('_', '-').strip('-')}.example/{w}?id=7"
        )
    ),
)


NOISE = st.sampled_from(
    [
        "",
        "?utm_source=x&utm_medium=y",
        "?_hsenc=p2ANq-1",
        "?ecid=abc",
        "?hn=1",
        "?fbclid=q",
        "#page=3",
        ".",
        ",",
        ")",
        "”",
        " ",
    ]
)


@given(IDENTIFIERS)
def test_an_identifier_is_read_back_from_its_text_and_from_its_address(
    identifier: Identifier,
) -> None:
    assert parse_identifier(str(identifier)) == identifier
    assert identify(identifier.url) == identifier
    assert identify(canonical(identifier.url)) == identifier


@given(IDENTIFIERS, NOISE)
def test_noise_never_changes_an_identifier(identifier: Identifier, noise: str) -> None:
    url = identifier.url
    noisy = url + (noise.replace("?", "&") if "?" in url else noise)
    assert identify(canonical(noisy)) == identifier
    assert canonical(canonical(noisy)) == canonical(noisy)


@given(st.text(max_size=80))
def test_no_text_breaks_links_or_identifiers(text: str) -> None:
    for made in (
        text,
        "https://" + text,
        "https://openreview.net/" + text,
        "http://[" + text,
    ):
        assert isinstance(identify(canonical(made)), Identifier)
    parse_identifier(text)
    find_arxiv_ids_in_text(text)


TRANSLATED = "_immersive_translate_auto_translate=1"
SPELLINGS = [
    *(
        (f, "arxiv:2404.02258v2")
        for f in (
            "https://arxiv.org/abs/2404.02258v2",
            "http://arxiv.org/pdf/2404.02258v2",
            "https://arxiv.org/pdf/2404.02258v2.pdf",
            "https://www.arxiv.org/abs/2404.02258v2/",
            "https://export.arxiv.org/abs/2404.02258v2",
            "https://arxiv.org/html/2404.02258v2#S3",
            "https://ar5iv.labs.arxiv.org/html/2404.02258v2",
            "https://ar5iv.org/abs/2404.02258v2",
            "https://www.alphaxiv.org/abs/2404.02258v2",
            "https://alphaxiv.org/overview/2404.02258v2",
            "https://huggingface.co/papers/2404.02258v2",
            "https://hf.co/papers/2404.02258v2",
            "https://doi.org/10.48550/arXiv.2404.02258v2",
            "https://arxiv.org/pdf/2404.02258v2?utm_source=x#page=4",
            "https://arxiv.org/abs/arXiv:2404.02258v2",
            f"https://ar5iv.labs.arxiv.org/html/2404.02258v2?{TRANSLATED}",
        )
    ),
    ("https://arxiv.org/abs/math.GT/0309136", "arxiv:math/0309136"),
    ("http://arxiv.org/abs/astro-ph/0601001v1", "arxiv:astro-ph/0601001v1"),
    ("https://xxx.lanl.gov/abs/hep-th/9901001", "arxiv:hep-th/9901001"),
    ("https://openreview.net/forum?id=rAnB7JSMXL", "openreview:rAnB7JSMXL"),
    ("https://openreview.net/pdf?id=rAnB7JSMXL", "openreview:rAnB7JSMXL"),
    (
        "https://openreview.net/forum?id=rAnB7JSMXL&noteId=aaaaaaaaaa",
        "openreview:rAnB7JSMXL",
    ),
    (
        "https://openreview.net/attachment?id=rAnB7JSMXL&name=pdf",
        "openreview:rAnB7JSMXL",
    ),
    (
        "https://openreview.net/pdf/0123456789abcdef0123456789abcdef01234567.pdf",
        "openreview:0123456789abcdef0123456789abcdef01234567.pdf",
    ),
    (
        "https://www.nature.com/articles/s41587-022-01618-2?utm_source=twitter",
        "doi:10.1038/s41587-022-01618-2",
    ),
    (
        "http://nature.com/articles/s41587-023-01905-6.pdf",
        "doi:10.1038/s41587-023-01905-6",
    ),
    (
        "https://www.science.org/doi/10.1126/science.adg7492",
        "doi:10.1126/science.adg7492",
    ),
    (
        "https://dl.acm.org/doi/pdf/10.1145/3586183.3606763",
        "doi:10.1145/3586183.3606763",
    ),
    (
        "https://dl.acm.org/doi/abs/10.1145/3586183.3606763?af=R",
        "doi:10.1145/3586183.3606763",
    ),
    (
        "https://link.springer.com/content/pdf/10.1007/s11023-020-09548-1.pdf",
        "doi:10.1007/s11023-020-09548-1",
    ),
    (
        "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0000001",
        "doi:10.1371/journal.pone.0000001",
    ),
    ("https://dx.doi.org/10.1145/3586183.3606763", "doi:10.1145/3586183.3606763"),
    (
        "https://papers.ssrn.com/sol3/papers.cfm?abstract_id=4945566",
        "doi:10.2139/ssrn.4945566",
    ),
    ("https://aclanthology.org/2023.acl-long.656/", "acl:2023.acl-long.656"),
    ("https://aclanthology.org/2023.acl-long.656.pdf", "acl:2023.acl-long.656"),
    ("https://www.aclweb.org/anthology/P19-1001.pdf", "acl:P19-1001"),
    ("https://aclanthology.org/2023.findings-emnlp.1.bib", "acl:2023.findings-emnlp.1"),
    (
        "https://aclanthology.org/volumes/2023.conll-babylm/",
        "url:https://aclanthology.org/volumes/2023.conll-babylm/",
    ),
    ("https://proceedings.mlr.press/v139/radford21a.html", "pmlr:v139/radford21a"),
    (
        "http://proceedings.mlr.press/v139/radford21a/radford21a.pdf",
        "pmlr:v139/radford21a",
    ),
    (
        "https://www.biorxiv.org/content/10.1101/2023.04.30.538439v1",
        "biorxiv:10.1101/2023.04.30.538439v1",
    ),
    (
        "https://www.biorxiv.org/content/10.1101/2023.04.30.538439v2.full.pdf",
        "biorxiv:10.1101/2023.04.30.538439v2",
    ),
    (
        "https://www.medrxiv.org/content/10.1101/2023.09.11.23295381v1.full-text",
        "medrxiv:10.1101/2023.09.11.23295381v1",
    ),
    (
        "https://github.com/princeton-nlp/SWE-agent.git",
        "github:princeton-nlp/SWE-agent",
    ),
    ("https://github.com/o/r/issues/3", "github:o/r"),
    ("https://github.com/o/r/blob/main/a/p.pdf", "github:o/r/blob/main/a/p.pdf"),
    (
        "https://raw.githubusercontent.com/o/r/main/a/p.pdf",
        "github:o/r/blob/main/a/p.pdf",
    ),
    ("https://github.com/o/r/raw/refs/heads/main/p.pdf", "github:o/r/blob/main/p.pdf"),
    ("https://github.com/o/r/tree/dev/x", "github:o/r/tree/dev/x"),
    (
        "https://huggingface.co/CohereForAI/c4ai-command-r-v01",
        "huggingface:CohereForAI/c4ai-command-r-v01",
    ),
    ("https://huggingface.co/blog/starcoder2", "huggingface:blog/starcoder2"),
    ("https://huggingface.co/datasets/a/b/tree/main", "huggingface:datasets/a/b"),
    ("https://twitter.com/omarsar0/status/1612153123?s=20&t=QqD8", "post:1612153123"),
    ("https://x.com/i/web/status/12", "post:12"),
    ("https://arxiv.org/list/cs.CL/recent", "url:https://arxiv.org/list/cs.CL/recent"),
]


@pytest.mark.parametrize(("url", "expected"), SPELLINGS)
def test_every_spelling_of_an_address_is_identified(url: str, expected: str) -> None:
    assert str(identify(canonical(url))) == expected


def test_preprints_of_the_life_sciences_have_their_doi_as_paper_id() -> None:
    url = "https://www.biorxiv.org/content/10.1101/2023.04.30.538439v1"
    assert identify(url).paper_id == "doi:10.1101/2023.04.30.538439"
