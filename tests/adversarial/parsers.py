"""Every function that reads what strangers wrote, as a function of a text."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from protego import Protego

from rindoku.documents import (
    SectionedText,
    clean,
    is_text_of,
    markdown_as_html,
    read_latexml,
    read_page,
    text_quality,
)
from rindoku.documents.html import latexml_title
from rindoku.documents.nesting import check_nesting
from rindoku.documents.pdf import join_pages
from rindoku.errors import RindokuError
from rindoku.identifiers import find_arxiv_ids_in_text, find_arxiv_stamp, identify
from rindoku.languages import get_language
from rindoku.links import canonical, raw_file, repository, role_of
from rindoku.lists.contract import make_link
from rindoku.lists.files import parse_file
from rindoku.lists.numbered import parse_numbered, split_title
from rindoku.lists.threads import find_announced_weeks, find_posts_to_follow
from rindoku.lists.twin import parse_row, parse_year
from rindoku.models import Answer, Explanation, Post, PostArticle
from rindoku.papers.pages import read_facts
from rindoku.papers.pages.bibtex import author_names, parse_bibtex
from rindoku.papers.pages.dates import parse_date
from rindoku.papers.pages.names import first_name_first, is_name, surname_key
from rindoku.papers.similarity import contains_title, is_found_title, is_same_title
from rindoku.verify import QuoteFinder, verify_answers, verify_texts
from rindoku.verify.instructions import find_instructions, is_instruction
from rindoku.verify.quantities import (
    count_numbers,
    find_own_counts,
    find_support,
    find_units,
)
from rindoku.verify.quotes import fold
from rindoku.web import make_payload, parse_retry_after
from rindoku.web.fetch import sniff
from rindoku.weeks import parse_heading
from tests.builders import DAIR_AI, make_document, make_paper

Read = Callable[[str], object]
_URL = "https://example.org/a.md"
_NOW = datetime(2024, 4, 7, tzinfo=UTC)
_HEADING = "Top ML Papers of the Week (April 1 - April 7):"
_PAPER = make_paper("Mixture-of-Depths: Dynamically allocating compute", abstract="A b")
_QUOTE = "The model reads 1,250 pages of text in 3 hours and it does not forget them."
# A model's reply is limited, unlike what others wrote.
_LONGEST_REPLY = 8_000
_DOCUMENT = make_document(f"Introduction. {_QUOTE} That is 31 % more than before.")


def of_bytes(read: Callable[[bytes], object]) -> Read:
    return lambda text: read(text.encode("utf-8", "surrogatepass"))


def _links(text: str) -> None:
    address = canonical(text)
    for url in (text, address):
        role_of(url, text[:20])
        identify(url)
        raw_file(url)
        repository(url)
    make_link(text, "Paper")


def _page(before: str, after: str = "") -> Read:
    """The facts and the text of a page with the text at a place of it."""

    def read(text: str) -> None:
        body = f"{before}{text}{after}".encode("utf-8", "surrogatepass")
        read_facts(body, _URL)
        read_page(body)
        read_latexml(body)
        latexml_title(body)

    return read


def _markdown(text: str) -> object:
    payload = make_payload("web", _URL, 200, b"text " + text.encode("utf-8", "replace"))
    return read_page(markdown_as_html(payload).body)


def _posts(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    root = Post(
        post_id="1775000000000000000",
        author_id="1",
        conversation_id="1775000000000000000",
        posted_at=_NOW,
        text=f"{_HEADING}\n{text}",
        replied_to=None,
        links=(),
        article=PostArticle(title=_HEADING, text=text, links=((0, "https://a.org"),)),
    )
    find_announced_weeks([root], DAIR_AI)
    find_posts_to_follow([root], DAIR_AI)


def _twin(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    table = f"## {_HEADING}\n| **Paper** | **Links** |\n| - | - |\n| 1) {text} |"
    parse_year(table, _URL, 2024, DAIR_AI)


def _robots(text: str) -> None:
    rules = Protego.parse(text.encode("utf-8", "replace").decode())
    rules.can_fetch("https://example.org/" + "a/" * 50, "rindoku")


def _verify_document(text: str) -> None:
    _verify(f"{text} {_QUOTE}", _QUOTE, "モデルは1,250ページを3時間で読みます。")


def _verify_answer(text: str) -> None:
    _verify(_DOCUMENT.text, _QUOTE, text[:_LONGEST_REPLY])


def _verify_quote(text: str) -> None:
    _verify(
        _DOCUMENT.text, text[:_LONGEST_REPLY], "モデルは1,250ページを3時間で読みます。"
    )


def _verify(document_text: str, quote: str, answer: str) -> None:
    document = make_document(document_text)
    answers = tuple(
        Answer(
            position=position,
            question="何ページを読みますか。",
            answer=answer,
            answerable=True,
            quotes=(quote,),
        )
        for position in (1, 2)
    )
    explanation = Explanation(tldr=answer, summary=answer, answers=answers)
    for code in ("ja", "en"):
        verify_answers(explanation, document, _PAPER, get_language(code))
        verify_texts(explanation, document, _PAPER, get_language(code))


def _find_quote(text: str) -> object:
    return QuoteFinder(make_document(text)).find(_QUOTE)


def _instructions(text: str) -> None:
    list(find_instructions(make_document(text), "d"))
    is_instruction(text)


def _titles(text: str) -> None:
    title = text[:5_000]
    is_same_title(title, _PAPER.title)
    is_found_title(title, _PAPER.title)
    contains_title(title, _PAPER.title)


def _pdf_text(text: str) -> SectionedText:
    return join_pages([text, text])


PARSERS: Mapping[str, Read] = {
    "a page": _page("<html><body>"),
    "a paragraph": _page("<html><body><h1>Title</h1><p class=ltx_p>", "</p>"),
    "a tag": _page("<html><body><p class='ltx_p'", ">x"),
    "a style sheet": _page("<html><head><style>", "</style><body><p>Text"),
    "a style": _page("<html><body><p style='", "'>Text"),
    "JSON-LD": _page("<html><script type='application/ld+json'>", "</script>"),
    "an author": _page("<html><body><div class=author>", "</div>"),
    "BibTeX on a page": _page("<body><pre>@article{a, title={T}, author={", "}}</pre>"),
    "an article": _page("<meta property='og:type' content='article'><body><p>"),
    "nesting": of_bytes(check_nesting),
    "Markdown": _markdown,
    "BibTeX": parse_bibtex,
    "a value of BibTeX": lambda text: parse_bibtex(f"@article{{a, title={{{text}}}}}"),
    "a TeX of BibTeX": lambda text: parse_bibtex(f"@article{{a, title={{\\'{text}}}}}"),
    "authors of BibTeX": author_names,
    "a name": lambda text: (is_name(text), first_name_first(text), surname_key(text)),
    "a date": parse_date,
    "text of a PDF": _pdf_text,
    "quality": text_quality,
    "is it the paper": lambda text: is_text_of(_PAPER, text),
    "titles": _titles,
    "clean": clean,
    "a link": _links,
    "a link with http": lambda text: _links(f"https://arxiv.org/abs/{text}"),
    "a DOI": lambda text: _links(f"https://doi.org/10.1000/{text}"),
    "a query": lambda text: _links(f"https://openreview.net/forum?id=a&{text}"),
    "arXiv ids": find_arxiv_ids_in_text,
    "a stamp": find_arxiv_stamp,
    "a heading": lambda text: parse_heading(text, date(2024, 4, 1), DAIR_AI.heading),
    "a range": lambda text: parse_heading(
        f"{_HEADING[:-2]}{text}", date(2024, 4, 1), DAIR_AI.heading
    ),
    "a numbered text": lambda text: parse_numbered(f"1) {text}", None),
    "a title and a text": split_title,
    "a row of the twin": lambda text: parse_row(f"| 1) {text}", None),
    "a file of the twin": _twin,
    "a file": of_bytes(lambda body: parse_file(body, "f", date(2024, 4, 1), DAIR_AI)),
    "a thread in a file": of_bytes(
        lambda body: parse_file(
            f"{_HEADING}\n1) T\n".encode() + body, "f", date(2024, 4, 1), DAIR_AI
        )
    ),
    "a file of JSON": of_bytes(
        lambda body: parse_file(b"[" + body, "f", date(2024, 4, 1), DAIR_AI)
    ),
    "posts": _posts,
    "robots.txt": _robots,
    "a rule of robots.txt": lambda text: _robots(f"User-agent: *\nDisallow: /{text}"),
    "Retry-After": parse_retry_after,
    "sniff": of_bytes(sniff),
    "numbers": count_numbers,
    "support": find_support,
    "units": find_units,
    "own counts": find_own_counts,
    "fold": fold,
    "a quote in a document": _find_quote,
    "instructions": _instructions,
    "verify a document": _verify_document,
    "verify an answer": _verify_answer,
    "verify a quote": _verify_quote,
}


def read_unless_refused(read: Read) -> Read:
    """The reader, for which an error with a remedy is a good end."""

    def read_text(text: str) -> None:
        try:
            read(text)
        except RindokuError:
            return

    return read_text
