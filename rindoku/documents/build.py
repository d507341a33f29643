"""Documents: the text of a paper from what was fetched, with a word on how good it is and whether it is the right one."""

import re
from collections import Counter
from dataclasses import replace

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from rindoku.documents.clean import clean
from rindoku.documents.html import latexml_title, read_latexml, read_page
from rindoku.documents.markdown import as_page
from rindoku.documents.pdf import read_pdf
from rindoku.errors import NoText, WrongText
from rindoku.keys import sha256_key
from rindoku.models import Document, Format, Grounding, PaperVersion, Payload, Section

SHORTEST_TEXT = 400
LEAST_QUALITY = 0.5
_GROUNDING: dict[Format, Grounding] = {
    "html": "full text",
    "pdf": "full text",
    "page": "web page",
    "abstract": "abstract only",
}
# A paper full of formulas and tables still has three words in five that are words.
_USUAL_WORDS = 0.6
_WORD = re.compile(
    r"[(\[\"'“‘]?[^\W\d_]{1,24}(?:['’.-][^\W\d_]{1,24})*[)\]\"'”’.,:;!?]*"
)
_TITLE_WITHIN, _SAME_TITLE = 4000, 85.0
_SHINGLE, _SHARED_ABSTRACT = 4, 0.15


def read_payload(payload: Payload, paper: PaperVersion) -> Document:
    """The document in a fetched payload: LaTeXML of arXiv, a PDF, or a web page.

    Raises NoText when there is nothing worth reading in it, WrongText when it is the text of another paper.
    """
    payload = as_page(payload)
    if payload.content_type == "pdf":
        return _document(paper, "pdf", payload, *read_pdf(payload.body))
    if payload.content_type != "html":
        raise NoText(
            f"{payload.url} is {payload.content_type}, neither a page nor a PDF."
        )
    if paper.kind == "arxiv":
        return _document(
            paper,
            "html",
            payload,
            *read_latexml(payload.body),
            title=latexml_title(payload.body),
        )
    return _document(paper, "page", payload, *read_page(payload.body))


def read_abstract(paper: PaperVersion, note: str) -> Document:
    """The abstract as the document, with the reason why there is no better text."""
    if not paper.abstract:
        raise NoText(
            f"{paper.paper_id} has neither a readable text nor an abstract. {note}".strip()
        )
    text = clean(paper.abstract)
    key = sha256_key(paper.paper_id, str(paper.version), text)
    sections = (Section("Abstract", 0, len(text)),)
    return Document(
        key,
        paper.paper_id,
        paper.version,
        "abstract only",
        "abstract",
        paper.url,
        text,
        sections,
        paper.payload_id,
        note,
    )


def with_note(document: Document, note: str) -> Document:
    """The document with the reason why it is not the text one would have wished for."""
    return replace(document, note=note)


def _document(
    paper: PaperVersion,
    form: Format,
    payload: Payload,
    text: str,
    sections: tuple[Section, ...],
    title: str = "",
) -> Document:
    if len(text) < SHORTEST_TEXT:
        raise NoText(f"{payload.url} holds only {len(text)} characters of text.")
    quality = text_quality(text)
    if quality < LEAST_QUALITY:
        raise NoText(
            f"The text of {payload.url} is mostly debris (quality {quality:.2f} of 1)."
        )
    if form != "page" and not is_text_of(paper, text, title):
        raise WrongText(
            f"{payload.url} holds the text of another paper than {paper.title!r}."
        )
    key = sha256_key(paper.paper_id, str(paper.version), text)
    return Document(
        key,
        paper.paper_id,
        paper.version,
        _GROUNDING[form],
        form,
        payload.url,
        text,
        sections,
        payload.payload_id,
        quality=quality,
    )


def text_quality(text: str) -> float:
    """How much of a text reads as prose, 0 to 1: share of words, less replacement characters and repeated lines."""
    tokens = text.split()
    if not tokens:
        return 0.0
    # Scripts without spaces (Japanese, Chinese) have long tokens of letters: they count by their letters.
    words = sum(
        _WORD.fullmatch(t) is not None or (len(t) > 24 and _letters(t) > 0.8)
        for t in tokens
    )
    readable = min(1.0, words / len(tokens) / _USUAL_WORDS)
    lost = min(1.0, 20 * sum(text.count(c) for c in "\ufffd\uf0b7\u25a1") / len(text))
    lines = [line for line in text.split("\n") if len(line) > 20]
    repeated = (
        sum(n - 1 for n in Counter(lines).values()) / len(lines) if lines else 0.0
    )
    return round(readable * (1 - lost) * (1 - repeated), 3)


def _letters(token: str) -> float:
    return sum(c.isalpha() for c in token) / len(token)


def is_text_of(paper: PaperVersion, text: str, title: str = "") -> bool:
    """Whether a text is the one of the paper meant: its title stands at the top, or its abstract is in it.

    `title` is what the text itself says its title is, if it does. A paper of which neither title nor abstract is
    known can't be told from another and passes.
    """
    wanted = default_process(paper.title)
    if title and fuzz.token_set_ratio(wanted, default_process(title)) >= _SAME_TITLE:
        return True
    if (
        fuzz.partial_ratio(wanted, default_process(text[:_TITLE_WITHIN])) >= _SAME_TITLE
        and len(wanted) > 8
    ):
        return True
    abstract = _shingles(paper.abstract or "")
    if not abstract:
        return len(wanted) <= 8
    return len(abstract & _shingles(text)) / len(abstract) >= _SHARED_ABSTRACT


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = default_process(text).split()
    return {tuple(words[n : n + _SHINGLE]) for n in range(len(words) - _SHINGLE + 1)}
