"""Links: their canonical form, and what they lead to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rindoku.identifiers import identify
from rindoku.links import canonical, raw_file, repository, role_of


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
def test_the_canonical_form_has_no_trackers(url: str, expected: str) -> None:
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
def test_the_address_decides_before_the_label(url: str, label: str, role: str) -> None:
    assert role_of(url, label) == role


def test_a_file_on_github_has_the_address_of_its_content() -> None:
    raw = raw_file("https://github.com/o/r/blob/main/a/p.pdf")
    assert raw == "https://raw.githubusercontent.com/o/r/main/a/p.pdf"


def test_only_the_page_of_a_repository_is_a_repository() -> None:
    found = repository("https://github.com/princeton-nlp/SWE-agent")
    assert found == ("princeton-nlp", "SWE-agent")
    assert repository("https://github.com/o/r/blob/main/x") is None


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
def test_the_canonical_form_has_no_punctuation_of_the_sentence(
    text: str, expected: str
) -> None:
    assert canonical(text) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://例え.jp", "https://xn--r8jz45g.jp/"),
        ("https://xn--r8jz45g.jp/", "https://xn--r8jz45g.jp/"),
        ("HTTPS://例え。JP:443/紙", "https://xn--r8jz45g.jp:443/紙"),
        ("https://faß.de/", "https://xn--fa-hia.de/"),
        ("https://☃.net/", "https://xn--n3h.net/"),
    ],
)
def test_a_host_in_another_script_is_one_host(url: str, expected: str) -> None:
    assert canonical(url) == expected


@pytest.mark.parametrize("text", ["http://[bad", "http://a]b/", "http://[::1"])
def test_a_broken_link_is_kept_as_it_is_written(text: str) -> None:
    assert canonical(text) == text
    assert role_of(text, "Paper") == "other"


# Texts of what addresses consist of, which are more often almost addresses.
PARTS = st.sampled_from(
    [
        *(
            "http://",
            "https://",
            "//",
            "/",
            ":",
            "@",
            "[",
            "]",
            "?",
            "#",
            "&",
            "=",
            "%",
        ),
        *("x.com", "arxiv.org", "/abs/", "2404.02258", "v", "9" * 30, "github.com"),
        *(
            "例え.jp",
            "。",
            "\u2100",
            "\uff0f",
            "\ud800",
            "\x00",
            " ",
            ")",
            "(",
            "a",
            ".",
        ),
        *("nature.com/articles/", "doi.org/10.1/", "/status/", "openreview.net", "id="),
    ]
)


@given(st.text() | st.lists(PARTS).map("".join), st.text(max_size=8))
def test_any_text_is_a_link_of_an_entry(text: str, label: str) -> None:
    address = canonical(text)
    role_of(address, label)
    role_of(text, label)
    identify(address)
    raw_file(address)
    repository(address)
