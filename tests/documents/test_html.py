"""Pages to text: math, blocks, and articles."""

from rindoku.documents.html import read_latexml, read_page
from rindoku.sample.content import sample_papers
from rindoku.sample.pages import latexml

BY_NAME = {p.title.split(":")[0]: p for p in sample_papers()}


def test_latexml_keeps_sections_and_math_and_drops_references() -> None:
    page = latexml(BY_NAME["Mixture-of-Depths"]).replace(
        "a static compute budget", 'a <math alttext="x^{2}"></math> budget'
    )
    text, sections = read_latexml(page.encode())
    assert [s.title for s in sections][:3] == ["Abstract", "1 Introduction", "2 Method"]
    assert all(text[s.start :].startswith(s.title) for s in sections)
    assert "a x^{2} budget" in text
    assert "no part of the text" not in text
    assert "Report issue" not in text


def test_math_of_pages_is_latex() -> None:
    katex = '<p>a <span class="katex"><math><semantics><mrow></mrow><annotation encoding="application/x-tex">x^2</annotation></semantics></math><span aria-hidden="true">x2</span></span> b</p>'
    mathjax = '<p>c <script type="math/tex">\\alpha</script> d</p>'
    assert (
        read_page(f"<body>{katex}{mathjax}</body>".encode())[0]
        == "a x^2 b\n\nc \\alpha d"
    )


def test_articles_lose_what_stands_around_them() -> None:
    paragraphs = "".join(
        f"<p>Paragraph {n} of the article tells something that no other one does, at some length.</p>"
        for n in range(12)
    )
    page = f"""<html><head><meta property="og:type" content="article"></head><body><div class="sidebar"><p>Subscribe to our newsletter!</p></div>
    <article><h1>Zebras think</h1><h2>How they do</h2>{paragraphs}</article><div class="comments"><p>First! A comment.</p></div></body></html>"""
    text, sections = read_page(page.encode())
    assert "Paragraph 11 of the article" in text
    assert "newsletter" not in text
    assert "First!" not in text
    assert "How they do" in {s.title for s in sections}
    assert all(text[s.start :].startswith(s.title) for s in sections)
