"""An issue: the contents of a week's article, collected from the archive."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from rindoku.archive import Connection
from rindoku.archive.documents import get_outline
from rindoku.archive.issues import (
    ArticleAnswer,
    ArticleEntry,
    ArticleQuote,
    Correction,
    find_article_answers,
    find_article_entries,
    find_errata,
    find_outlived_corrections,
)
from rindoku.archive.listings import find_listing
from rindoku.archive.papers import get_paper
from rindoku.archive.sightings import find_current_sighting
from rindoku.digests import Listing
from rindoku.errors import NotFound
from rindoku.languages import Wording
from rindoku.models import AnswerStatus, Label, PaperVersion
from rindoku.publish.categories import category_name

# Words at each end of a quote that are enough for a text fragment.
_FRAGMENT_WORDS = 6


@dataclass(frozen=True)
class ShownQuote:
    """A quote with its place in the document, and the address that opens it there."""

    quote: str
    place: str
    href: str


@dataclass(frozen=True)
class ShownAnswer:
    """An answer.

    `corrected` replaces it, and `note` says who corrected it, when and why.
    """

    question: str
    answer: str
    status: AnswerStatus
    reason: str
    repaired: bool
    corrected: str | None
    note: str
    quotes: list[ShownQuote]


@dataclass(frozen=True)
class ShownCorrection:
    """A correction whose question the current explanation no longer asks."""

    question: str
    corrected: str
    note: str


@dataclass(frozen=True)
class ShownErratum:
    """A correction of the work that an entry is bound to; `before` is its address."""

    day: date
    before: str


@dataclass(frozen=True)
class ShownPaper:
    """A paper as the article shows it."""

    entry: ArticleEntry
    authors: str
    categories: str
    grounding_name: str
    left_out: list[str]
    withdrawn: str | None
    errata: list[ShownErratum]
    answers: list[ShownAnswer]
    outlived: list[ShownCorrection]

    @property
    def anchor(self) -> str:
        return f"p{self.entry.rank}"

    @property
    def title(self) -> str:
        return self.entry.title or self.entry.nickname


@dataclass(frozen=True)
class Issue:
    """A week's instalment: its papers in the order of the article, and its counts."""

    week: str
    starts_on: date
    ends_on: date
    listing: Listing
    papers: list[ShownPaper]
    labels: set[Label]
    models: list[str]
    counts: dict[AnswerStatus, int]
    no_excerpts: int

    @property
    def total(self) -> int:
        return sum(len(paper.answers) for paper in self.papers)


def find_issue(con: Connection, week: str, words: Wording) -> Issue:
    """The issue of a week in the language of the wording.

    Raises NotFound when the week was never seen.
    """
    head = find_current_sighting(con, week)
    if head is None:
        raise NotFound(
            f"The archive has no week {week}.", f"Run `rindoku run {week}` first."
        )
    listing = find_listing(con, week)
    if listing is None:
        raise NotFound(
            f"The archive lacks the name and the account of the list of {week}: it was "
            "listed by an older rindoku, and its digest has no entry now.",
            "Add its table to digests.toml again (see docs/digests.md), then list the "
            f"week again: `rindoku entries {week}`.",
        )
    entries = find_article_entries(con, week, words.language)
    papers = [_paper(con, entry, words) for entry in entries]
    answers = [answer for paper in papers for answer in paper.answers]
    counts = Counter(answer.status for answer in answers)
    # When no sentence could be extracted, the paper may still contain an answer.
    no_excerpts = sum(answer.answer == words.no_excerpt for answer in answers)
    return Issue(
        week=week,
        starts_on=head.starts_on,
        ends_on=head.ends_on,
        listing=listing,
        papers=papers,
        labels={entry.label for entry in entries if entry.label},
        models=sorted({_model(entry, words) for entry in entries if entry.label}),
        counts={
            "verified": counts["verified"],
            "unverified": counts["unverified"],
            "not in paper": counts["not in paper"] - no_excerpts,
        },
        no_excerpts=no_excerpts,
    )


def _model(entry: ArticleEntry, words: Wording) -> str:
    """The name of the model that wrote an explanation, as the article shows it."""
    if entry.label == "sample":
        return words.article["sample_model"]
    return entry.model or ""


def _paper(con: Connection, entry: ArticleEntry, words: Wording) -> ShownPaper:
    paper = None
    if entry.paper_id is not None:
        paper = get_paper(con, entry.paper_id, entry.version or 0)
    grounding = f"{entry.grounding} {entry.format}"
    return ShownPaper(
        entry=entry,
        authors=_authors(paper, words),
        categories=_categories(paper, words),
        grounding_name=words.grounding.get(grounding, words.unknown),
        left_out=_left_out(con, entry),
        withdrawn=paper.withdrawn if paper else None,
        errata=_errata(con, entry),
        answers=_answers(con, entry, words),
        outlived=_outlived_corrections(con, entry, words),
    )


def _errata(con: Connection, entry: ArticleEntry) -> list[ShownErratum]:
    errata = []
    for erratum in find_errata(con, entry.entry_id):
        before = erratum.before_url or erratum.before_id
        errata.append(ShownErratum(erratum.resolved_at.date(), before))
    return errata


def _answers(con: Connection, entry: ArticleEntry, words: Wording) -> list[ShownAnswer]:
    if entry.generation_id is None:
        return []
    url = entry.document_url or entry.url or ""
    form = entry.format or ""
    answers = find_article_answers(con, entry.generation_id)
    return [_answer(answer, form, url, words) for answer in answers]


def _outlived_corrections(
    con: Connection, entry: ArticleEntry, words: Wording
) -> list[ShownCorrection]:
    """Corrections whose questions the current explanation no longer asks."""
    if entry.paper_id is None:
        return []
    corrections = find_outlived_corrections(
        con, entry.paper_id, entry.generation_id or "", words.language
    )
    return [
        ShownCorrection(
            correction.question, correction.corrected, _note(correction, words)
        )
        for correction in corrections
    ]


def _answer(answer: ArticleAnswer, form: str, url: str, words: Wording) -> ShownAnswer:
    correction = answer.correction
    quotes = [item for item in answer.quotes or [] if item["match"] != "absent"]
    return ShownAnswer(
        question=answer.question,
        answer=answer.answer,
        status=answer.status,
        reason=answer.reason,
        repaired=answer.repaired,
        corrected=answer.corrected,
        note=_note(correction, words) if correction else "",
        quotes=[
            ShownQuote(item["quote"], _place(item), _evidence_url(url, form, item))
            for item in quotes
        ],
    )


def _note(correction: Correction, words: Wording) -> str:
    """Who corrected an answer, when and why."""
    return words.article["correction"].format(
        day=format_day(correction.corrected_at, words),
        author=correction.corrected_by,
        reason=correction.correction_reason,
    )


def format_day(value: date | None, words: Wording) -> str:
    """A day in the form of the language."""
    if value is None:
        return words.unknown
    return value.strftime(words.day).removeprefix("0")


def _left_out(con: Connection, entry: ArticleEntry) -> list[str]:
    """Titles of the sections that did not fit into the prompt."""
    # Imported where it is used: the parsers of documents take a while to import.
    from rindoku.documents import titles_left_out

    if entry.document_id is None or entry.generation_kind != "explain":
        return []
    outline = get_outline(con, entry.document_id)
    return titles_left_out(outline.sections, outline.characters)


def _authors(paper: PaperVersion | None, words: Wording) -> str:
    if paper is None or not paper.authors:
        return words.unknown
    return ", ".join(paper.authors) + ("" if paper.authors_complete else ", et al.")


def _categories(paper: PaperVersion | None, words: Wording) -> str:
    if paper is None or not paper.categories:
        return words.unknown
    return ", ".join(category_name(code) for code in paper.categories)


def _place(item: ArticleQuote) -> str:
    """Section and page of a quote, as far as they are known."""
    parts = []
    if item["section"]:
        parts.append(item["section"])
    if item["page"]:
        parts.append(f"p. {item['page']}")
    return ", ".join(parts)


def _evidence_url(url: str, form: str, item: ArticleQuote) -> str:
    """The address that shows the quote: a page of a PDF, or a text fragment."""
    if form == "pdf":
        return f"{url}#page={item['page']}" if item["page"] else url
    if form not in {"html", "page"}:
        return url
    fragment = ",".join(_escaped(end) for end in _ends(item["quote"]))
    return f"{url}#:~:text={fragment}"


def _ends(text: str) -> Sequence[str]:
    """A short text as it is, or the beginning and the end of a longer one."""
    words = text.strip(" .…").split()
    if len(words) <= 2 * _FRAGMENT_WORDS:
        return [" ".join(words)]
    return [" ".join(words[:_FRAGMENT_WORDS]), " ".join(words[-_FRAGMENT_WORDS:])]


def _escaped(text: str) -> str:
    # A hyphen is syntax in text fragments.
    return quote(text, safe="").replace("-", "%2D")
