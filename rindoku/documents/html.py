"""HTML to text: arXiv's LaTeXML, project pages, and articles. Math becomes LaTeX, hidden text goes."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from rindoku.documents.clean import TextBuilder, clean
from rindoku.documents.dom import within
from rindoku.models import Section

_LATEXML_BLOCKS = ".ltx_title, .ltx_p, .ltx_caption"
_LATEXML_NOISE = ".ltx_bibliography, .ltx_authors, .ltx_ERROR, .ltx_role_footnote, .ltx_tag_bibitem, nav, footer, script"
_PAGE_BLOCKS = "h1, h2, h3, h4, p, li, figcaption, blockquote, td, dt, dd"
# Blocks inside these are part of their text.
_WHOLE_BLOCKS = {"p", "li", "td", "blockquote", "figcaption", "dd"}
_PAGE_NOISE = "script, noscript, template, nav, footer, header nav, pre.bibtex, dialog, select, button"
_HIDDEN = "[hidden], [aria-hidden=true]"
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d]*[1-9])|text-indent\s*:\s*-\d{3,}|"
    r"(?:left|top|right)\s*:\s*-\d{3,}|clip-path\s*:\s*inset\(\s*(?:50|100)%|(?<![\w-])color\s*:\s*(?:transparent|rgba\([^)]*,\s*0\s*\))|"
    r"(?<![\w-])(?:max-)?(?:height|width)\s*:\s*0(?:px)?\s*;[^}]*overflow\s*:\s*hidden",
    re.IGNORECASE,
)
_WHITE = re.compile(
    r"(?<![\w-])color\s*:\s*(?:#fff(?:fff)?\b|white\b|rgb\(\s*255\s*,\s*255\s*,\s*255)",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(r"background", re.IGNORECASE)
_RULE = re.compile(r"([^{}@]+)\{([^{}]*)\}")
# Only a rule that names a class or an id, by itself; what it says of a state (:hover) or a screen is not for us.
_PLAIN_SELECTOR = re.compile(r"[\w-]*[.#][\w-]+")
_HEADINGS = {"h1", "h2", "h3", "h4"}
_ARTICLE_KINDS = re.compile(r"article|posting|report", re.IGNORECASE)
_LEAST_SHARE = 0.5

Text = tuple[str, tuple[Section, ...]]


def read_latexml(body: bytes) -> Text:
    """Text and sections of a LaTeXML page as arxiv.org/html serves it; math as LaTeX, no references."""
    tree = LexborHTMLParser(body)
    for math in tree.css("math"):
        math.replace_with(f" {math.attributes.get('alttext') or ''} ")
    _remove_hidden(tree)
    _remove(tree, _LATEXML_NOISE)
    _break_lines(tree)
    # replace_with leaves neighbouring text nodes apart; parsing again joins them.
    tree = LexborHTMLParser(tree.html or "")
    built = TextBuilder()
    for node in tree.css(_LATEXML_BLOCKS):
        classes = (node.attributes.get("class") or "").split()
        block = clean(node.text())
        if "ltx_title" in classes and "ltx_title_document" not in classes:
            built.begin(block)
        built.add(block)
    return built.done()


def latexml_title(body: bytes) -> str:
    """The title of a LaTeXML document; empty when it has none."""
    node = LexborHTMLParser(body).css_first(".ltx_title_document")
    return clean(node.text()) if node is not None else ""


def read_page(body: bytes) -> Text:
    """Text and sections of any web page, hidden text and navigation removed; articles apart from what is around them."""
    tree = LexborHTMLParser(body)
    is_article = _is_article(tree)
    _math_to_latex(tree)
    _remove_hidden(tree)
    _remove(tree, _PAGE_NOISE)
    _break_lines(tree)
    tree = LexborHTMLParser(tree.html or "")
    built = TextBuilder()
    for node in tree.css(_PAGE_BLOCKS):
        if within(node, _WHOLE_BLOCKS):
            continue
        block = clean(node.text())
        if node.tag in _HEADINGS and block:
            built.begin(block)
        built.add(block)
    whole = built.done()
    if not is_article:
        return whole
    article = _read_article(tree.html or "")
    return article if len(article[0]) > _LEAST_SHARE * len(whole[0]) else whole


def _is_article(tree: LexborHTMLParser) -> bool:
    """A blog or news article, by what the page says of itself."""
    kind = tree.css_first("meta[property='og:type']")
    if kind is not None and _ARTICLE_KINDS.search(kind.attributes.get("content") or ""):
        return True
    linked = " ".join(n.text() for n in tree.css("script[type='application/ld+json']"))
    return bool(
        re.search(r'"@type"\s*:\s*\[?\s*"(?:\w*Article|BlogPosting|Report)"', linked)
    )


def _read_article(html: str) -> Text:
    """The article of a page by trafilatura, which knows what stands around articles."""
    import trafilatura

    extracted = trafilatura.bare_extraction(
        html, favor_recall=True, include_comments=False, with_metadata=False
    )
    body = getattr(extracted, "body", None)
    built = TextBuilder()
    if body is None:
        return built.done()
    for node in body.iter("head", "p", "item", "quote", "cell"):
        if any(
            parent.tag in {"p", "item", "quote", "cell"}
            for parent in node.iterancestors()
        ):
            continue
        block = clean(" ".join(node.itertext()))
        if node.tag == "head" and block:
            built.begin(block)
        built.add(block)
    return built.done()


def _math_to_latex(tree: LexborHTMLParser) -> None:
    for node in tree.css(".katex, mjx-container, .MathJax, math"):
        source = node.css_first("annotation[encoding='application/x-tex']")
        latex = (
            source.text()
            if source is not None
            else node.attributes.get("alttext") or ""
        )
        if latex:
            node.replace_with(f" {latex} ")
    for node in tree.css("script[type^='math/tex']"):
        node.replace_with(f" {node.text()} ")


def _remove_hidden(tree: LexborHTMLParser) -> None:
    """Removes what a reader of the page does not see: it may have been written for other readers."""
    _remove(tree, _HIDDEN)
    for selector in _hiding_selectors(tree):
        try:
            _remove(tree, selector)
        except (SelectolaxError, ValueError):
            continue
    for node in tree.css("[style]"):
        style = node.attributes.get("style") or ""
        if _HIDING.search(style) or (
            _WHITE.search(style)
            and not _BACKGROUND.search(style)
            and not _on_dark(node)
        ):
            node.decompose()
    _remove(tree, "style")


def _hiding_selectors(tree: LexborHTMLParser) -> list[str]:
    sheets = " ".join(n.text() for n in tree.css("style"))
    # What a sheet says for one kind of screen is no word on the page as a whole.
    sheets = re.sub(r"/\*.*?\*/", " ", sheets, flags=re.DOTALL)
    sheets = re.sub(r"@[\w-]+[^{;]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", " ", sheets)
    hiding = (rule[1] for rule in _RULE.finditer(sheets) if _HIDING.search(rule[2]))
    return [
        s.strip()
        for names in hiding
        for s in names.split(",")
        if _PLAIN_SELECTOR.fullmatch(s.strip())
    ]


def _on_dark(node: LexborNode) -> bool:
    """Whether something around a white text sets a background for it."""
    parent = node.parent
    while parent is not None:
        if _BACKGROUND.search(parent.attributes.get("style") or ""):
            return True
        parent = parent.parent
    return False


def _remove(tree: LexborHTMLParser, selector: str) -> None:
    for node in tree.css(selector):
        if node.tag not in {"html", "body"}:
            node.decompose()


def _break_lines(tree: LexborHTMLParser) -> None:
    for node in tree.css("br"):
        node.replace_with("\n")
