"""Pages to text: math, blocks, and articles."""

from rindoku.documents import read_latexml, read_page
from rindoku.sample.pages import latexml
from tests.samples import SAMPLES

KATEX = (
    '<p>a <span class="katex"><math><semantics><mrow></mrow>'
    '<annotation encoding="application/x-tex">x^2</annotation></semantics></math>'
    '<span aria-hidden="true">x2</span></span> b</p>'
)
MATHJAX = '<p>c <script type="math/tex">\\alpha</script> d</p>'


def test_latexml_keeps_sections_and_math_and_drops_references() -> None:
    page = latexml(SAMPLES["Mixture-of-Depths"]).replace(
        "a static compute budget", 'a <math alttext="x^{2}"></math> budget'
    )
    text, sections = read_latexml(page.encode())
    assert [s.title for s in sections][:3] == ["Abstract", "1 Introduction", "2 Method"]
    assert all(text[s.start :].startswith(s.title) for s in sections)
    assert "a x^{2} budget" in text
    assert "no part of the text" not in text
    assert "Report issue" not in text


def test_math_becomes_latex() -> None:
    page = f"<body>{KATEX}{MATHJAX}</body>"
    assert read_page(page.encode()).text == "a x^2 b\n\nc \\alpha d"


def test_an_article_is_read_without_what_is_around_it() -> None:
    paragraphs = "".join(
        f"<p>Paragraph {number} of the article, which says something at some length "
        "that no other paragraph says.</p>"
        for number in range(12)
    )
    page = f"""<html><head><meta property="og:type" content="article"></head><body>
    <div class="sidebar"><p>Subscribe to our newsletter!</p></div>
    <article><h1>Zebras think</h1><h2>How they do</h2>{paragraphs}</article>
    <div class="comments"><p>First! A comment.</p></div></body></html>"""
    text, sections = read_page(page.encode())
    assert "Paragraph 11 of the article" in text
    assert "newsletter" not in text
    assert "First!" not in text
    assert "How they do" in {s.title for s in sections}
    assert all(text[s.start :].startswith(s.title) for s in sections)
