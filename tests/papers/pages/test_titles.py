"""The title of a page."""

import pytest

from tests.papers.pages.pages import facts

PLACEHOLDER = '<meta property="og:title" content="SOCIAL MEDIA TITLE TAG">'
OFFICIAL = '<meta name="citation_title" content="Zebra, the Official Title">'


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
            PLACEHOLDER,
            "Zebra: Stripes",
        ),
        (
            "<h2>News</h2>",
            "<title>Zebra and its Many Stripes | Zebra Lab</title>",
            "Zebra and its Many Stripes",
        ),
        (
            "<h1>A slogan that is no title</h1><h2>Zebra: Stripes for All</h2>",
            "<title>Zebra: Stripes for All</title>",
            "Zebra: Stripes for All",
        ),
        (
            "<h1>Z</h1>",
            OFFICIAL,
            "Zebra, the Official Title",
        ),
        (
            "<h1>Z<img src=o.png>bra: Stripes for All</h1>",
            "<title>Zebra</title>",
            "Zebra: Stripes for All",
        ),
    ],
)
def test_a_title_is_composed_of_what_the_page_shows(
    body: str, head: str, title: str
) -> None:
    assert facts(body, head).title in {title, f"{title} | Zebra Lab"}
