"""From HTML to text: arXiv's LaTeXML, project pages and articles.

Formulas become LaTeX.
"""

import re

from selectolax.lexbor import LexborHTMLParser

from rindoku.documents.characters import clean
from rindoku.documents.dom import (
    attribute,
    elements_with,
    parse_html,
    without_deep,
)
from rindoku.documents.hidden import remove, remove_hidden
from rindoku.documents.text import SectionedText, TextBuilder

_LATEXML_BLOCKS = ".ltx_title, .ltx_p, .ltx_caption"
_LATEXML_NOISE = (
    ".ltx_bibliography, .ltx_authors, .ltx_ERROR, .ltx_role_footnote, "
    ".ltx_tag_bibitem, nav, footer, script"
)
_PAGE_BLOCKS = "h1, h2, h3, h4, p, li, figcaption, blockquote, td, dt, dd"
# Blocks inside one of these are part of its text.
_OUTER_BLOCKS = {"p", "li", "td", "blockquote", "figcaption", "dd"}
_PAGE_NOISE = (
    "script, noscript, template, nav, footer, header nav, pre.bibtex, dialog, select, "
    "button"
)
_HEADINGS = {"h1", "h2", "h3", "h4"}
_ARTICLE_TYPE = re.compile(r"article|posting|report", re.IGNORECASE)
_ARTICLE_JSON_LD = re.compile(
    r'"@type"\s*+:\s*+(?:\[\s*+)?"(?:\w*Article|BlogPosting|Report)"'
)
_LEAST_SHARE_OF_PAGE = 0.5
_ARTICLE_BLOCKS = ("head", "p", "item", "quote", "cell")
_OUTER_ARTICLE_BLOCKS = {"p", "item", "quote", "cell"}


def read_latexml(body: bytes) -> SectionedText:
    """The text of a LaTeXML page as arxiv.org/html serves it, without references."""
    tree = parse_html(body)
    for math in tree.css("math"):
        math.replace_with(f" {attribute(math, 'alttext')} ")
    remove_hidden(tree)
    remove(tree, _LATEXML_NOISE)
    tree = _with_line_breaks(tree)
    builder = TextBuilder()
    for node in without_deep(tree.css(_LATEXML_BLOCKS)):
        classes = attribute(node, "class").split()
        block = clean(node.text())
        if "ltx_title" in classes and "ltx_title_document" not in classes:
            builder.begin_section(block)
        builder.add(block)
    return builder.build()


def latexml_title(body: bytes) -> str:
    """The title of a LaTeXML document; empty when it has none."""
    node = parse_html(body).css_first(".ltx_title_document")
    return clean(node.text()) if node is not None else ""


def read_page(body: bytes) -> SectionedText:
    """The text of any web page, without hidden text and navigation.

    For a page that declares itself an article, that is the article alone, unless it is
    less than half of the page.
    """
    tree = parse_html(body)
    is_article = _is_article(tree)
    _replace_math(tree)
    remove_hidden(tree)
    remove(tree, _PAGE_NOISE)
    tree = _with_line_breaks(tree)
    page = _read_blocks(tree)
    if not is_article:
        return page
    article = _read_article(tree.html or "")
    if len(article.text) > _LEAST_SHARE_OF_PAGE * len(page.text):
        return article
    return page


def _read_blocks(tree: LexborHTMLParser) -> SectionedText:
    builder = TextBuilder()
    outer_blocks = elements_with(_OUTER_BLOCKS)
    for node in tree.css(_PAGE_BLOCKS):
        if outer_blocks.around(node):
            continue
        block = clean(node.text())
        if node.tag in _HEADINGS and block:
            builder.begin_section(block)
        builder.add(block)
    return builder.build()


def _is_article(tree: LexborHTMLParser) -> bool:
    """Whether the page declares itself a blog post, a news article or a report."""
    kind = tree.css_first("meta[property='og:type']")
    if kind is not None and _ARTICLE_TYPE.search(attribute(kind, "content")):
        return True
    scripts = tree.css("script[type='application/ld+json']")
    json_ld = " ".join(node.text() for node in scripts)
    return _ARTICLE_JSON_LD.search(json_ld) is not None


def _read_article(html: str) -> SectionedText:
    """The article of a page, without sidebars and comments, by trafilatura."""
    import trafilatura

    extracted = trafilatura.bare_extraction(
        html, favor_recall=True, include_comments=False, with_metadata=False
    )
    builder = TextBuilder()
    body = getattr(extracted, "body", None)
    if body is None:
        return builder.build()
    for node in body.iter(*_ARTICLE_BLOCKS):
        outer = {parent.tag for parent in node.iterancestors()}
        if outer & _OUTER_ARTICLE_BLOCKS:
            continue
        block = clean(" ".join(node.itertext()))
        if node.tag == "head" and block:
            builder.begin_section(block)
        builder.add(block)
    return builder.build()


def _replace_math(tree: LexborHTMLParser) -> None:
    """Replaces formulas by their LaTeX source, where the page has it."""
    for node in without_deep(tree.css(".katex, mjx-container, .MathJax, math")):
        source = node.css_first("annotation[encoding='application/x-tex']")
        latex = attribute(node, "alttext") if source is None else source.text()
        if latex:
            node.replace_with(f" {latex} ")
    for node in tree.css("script[type^='math/tex']"):
        node.replace_with(f" {node.text()} ")


def _with_line_breaks(tree: LexborHTMLParser) -> LexborHTMLParser:
    for node in tree.css("br"):
        node.replace_with("\n")
    # replace_with leaves neighbouring text nodes separate; parsing again joins them.
    return LexborHTMLParser(tree.html or "")
