import pytest
from hypothesis import given
from hypothesis import strategies as st

from rindoku.identifiers import (
    ArxivId,
    Identifier,
    find_arxiv_id,
    find_arxiv_ids_in_text,
    find_arxiv_stamp,
    identify,
    parse_arxiv_id,
    parse_identifier,
)
from rindoku.links import canonical, raw_file, repository, role_of

new_ids = st.builds(
    "{:04d}.{:05d}".format, st.integers(701, 2612), st.integers(1, 99999)
)
old_ids = st.builds(
    "{}/{:07d}".format,
    st.sampled_from(["cs", "math", "astro-ph", "quant-ph"]),
    st.integers(1, 9999999),
)
ids = st.builds(
    ArxivId, st.one_of(new_ids, old_ids), st.one_of(st.none(), st.integers(1, 40))
)


@given(ids)
def test_an_id_is_read_back_as_it_was_written(arxiv_id: ArxivId) -> None:
    assert parse_arxiv_id(str(arxiv_id)) == arxiv_id


@given(
    ids,
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
def test_nothing_raises_on_any_text(text: str) -> None:
    assert parse_arxiv_id(text) is None or str(parse_arxiv_id(text)) == text.strip()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.com/a/status/1?s=20&t=q", "https://x.com/a/status/1"),
        (
            "https://Example.org/Path?utm_campaign=a&id=7#top",
            "https://example.org/Path?id=7",
        ),
        (
            "https://www.cell.com/cell/S0092-8674(25)01312-1).",
            "https://www.cell.com/cell/S0092-8674(25)01312-1",
        ),
        ("https://a.org/x%20y//z?q=a%2Bb", "https://a.org/x%20y//z?q=a%2Bb"),
    ],
)
def test_canonical_loses_trackers_and_keeps_the_rest(url: str, expected: str) -> None:
    assert canonical(url) == expected


@pytest.mark.parametrize(
    ("url", "label", "role"),
    [
        ("https://x.com/a/status/12", "Paper", "post"),
        ("https://arxiv.org/abs/2404.02258", "Tweet", "paper"),
        ("https://github.com/o/r", "", "code"),
        ("https://github.com/o/r/blob/main/p.pdf", "", "paper"),
        ("https://nerfies.github.io/", "Project", "project"),
        ("https://swe-agent.com/", "", "paper"),
    ],
)
def test_the_address_counts_before_the_label(url: str, label: str, role: str) -> None:
    assert role_of(url, label) == role


def test_github_and_stamps() -> None:
    assert (
        raw_file("https://github.com/o/r/blob/main/a/p.pdf")
        == "https://raw.githubusercontent.com/o/r/main/a/p.pdf"
    )
    assert repository("https://github.com/princeton-nlp/SWE-agent") == (
        "princeton-nlp",
        "SWE-agent",
    )
    assert repository("https://github.com/o/r/blob/main/x") is None
    assert (
        str(find_arxiv_stamp("x\narXiv:2404.02078v1 [cs.AI] 2 Apr 2024"))
        == "2404.02078v1"
    )
    assert find_arxiv_stamp("see arXiv:2404.02078 for more") is None


words = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{1,11}", fullmatch=True)
IDENTIFIERS = st.one_of(
    ids.map(lambda i: Identifier("arxiv", i.base, i.version)),
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
    st.builds("{}/{}".format, words, words).map(
        lambda v: Identifier("github", "my-" + v)
    ),
    st.builds("{}/{}".format, words, words).map(
        lambda v: Identifier("huggingface", "my-" + v)
    ),
    st.integers(1, 2**62).map(lambda n: Identifier("post", str(n))),
    words.map(
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
def test_identifiers_are_read_back_from_their_text_and_from_their_address(
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
            "https://ar5iv.labs.arxiv.org/html/2404.02258v2?_immersive_translate_auto_translate=1",
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
def test_every_spelling_names_its_work(url: str, expected: str) -> None:
    assert str(identify(canonical(url))) == expected


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


def test_preprints_of_the_life_sciences_are_known_by_their_doi() -> None:
    assert (
        identify("https://www.biorxiv.org/content/10.1101/2023.04.30.538439v1").paper_id
        == "doi:10.1101/2023.04.30.538439"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(https://a.org/x)", "https://a.org/x"),
        ("“https://a.org/x”。", "https://a.org/x"),
        ("https://a.org/x](", "https://a.org/x"),
        ("https://a.org/wiki/Foo_(bar)", "https://a.org/wiki/Foo_(bar)"),
        ("https://a.org/search?s=1&t=2", "https://a.org/search?s=1&t=2"),
        ("https://a.org/?q=a%20b&utm_id=3&q=c+d", "https://a.org/?q=a%20b&q=c+d"),
    ],
)
def test_stray_punctuation_goes_and_what_belongs_to_the_address_stays(
    text: str, expected: str
) -> None:
    assert canonical(text) == expected
