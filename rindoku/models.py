"""The words of rindoku as types.

All are frozen values. Instants are aware and UTC, dates are dates, offsets count Unicode characters.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

Source = Literal["x", "twin", "file"]


class Outcome(StrEnum):
    """What came of a run; see also the exit codes."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    NOTHING_YET = "nothing yet"
    FAILED = "failed"

    @property
    def exit_code(self) -> int:
        return {"complete": 0, "failed": 1, "nothing yet": 3, "partial": 4}[self.value]


@dataclass(frozen=True)
class Payload:
    """An answer from outside, byte for byte."""

    payload_id: str
    source: str
    url: str
    status: int
    content_type: str
    body: bytes
    retrieved_at: datetime


@dataclass(frozen=True)
class PostArticle:
    """The X Article of a post. Its text has lost its links; `links` are those with a known place in it."""

    title: str
    text: str
    links: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Post:
    """One X status, its text whole and unescaped, its links expanded.

    `post_id` is the first id of an edited post, `revision` the id of this text.
    """

    post_id: str
    conversation_id: str
    author_id: str
    replied_to: str | None
    posted_at: datetime
    text: str
    links: tuple[str, ...]
    revision: str = ""
    is_repost: bool = False
    quoted: str | None = None
    article: PostArticle | None = None


@dataclass(frozen=True)
class Link:
    """A link of an entry."""

    label: str
    url: str
    canonical: str
    role: str


@dataclass(frozen=True)
class Entry:
    """One paper as a week lists it."""

    entry_id: str
    rank: int
    title: str
    blurb: str
    links: tuple[Link, ...]

    @property
    def names_no_paper(self) -> bool:
        """Whether all its links, if any, are to posts."""
        return all(link.role == "post" for link in self.links)


@dataclass(frozen=True)
class Finding:
    """What a check found."""

    subject: str
    check: str
    severity: Literal["error", "warning", "note"]
    message: str


@dataclass(frozen=True)
class Sighting:
    """A week as one source shows it. `reference` is the root post's id, or a file's address."""

    sighting_id: str
    week: str
    source: Source
    heading: str
    starts_on: date
    ends_on: date
    reference: str
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class PaperVersion:
    """Metadata of one version of a paper; `version` is 0 for works without versions."""

    paper_id: str
    kind: Literal["arxiv", "web"]
    version: int
    title: str
    authors: tuple[str, ...]
    authors_complete: bool
    abstract: str | None
    published_on: date | None
    updated_on: date | None
    categories: tuple[str, ...]
    url: str
    comment: str | None
    payload_id: str
    licence: str | None = None

    @property
    def withdrawn(self) -> str | None:
        """The authors' notice when they have withdrawn the paper, else None. arXiv has no field for it."""
        comment = self.comment or ""
        if re.search(
            r"\bwithdrawn\b|\bwithdraw(?:s|al)? (?:this|the|of)\b",
            comment,
            re.IGNORECASE,
        ):
            return comment
        abstract = (self.abstract or "").strip()
        return (
            abstract
            if re.match(
                r"(?:this|the) (?:paper|article|submission|manuscript) (?:has been|was|is) withdrawn",
                abstract,
                re.IGNORECASE,
            )
            else None
        )


@dataclass(frozen=True)
class ScoredId:
    """An arXiv id, with its version when one was named, that may be a work's own: how likely, and why."""

    arxiv_id: str
    score: float
    why: str
    found_by: Literal["page", "search"] = "page"

    @property
    def base(self) -> str:
        return (
            self.arxiv_id.partition("v")[0]
            if "/" not in self.arxiv_id
            else re.sub(r"v\d+$", "", self.arxiv_id)
        )


LinkState = Literal[
    "read",
    "moved",
    "dead",
    "paywalled",
    "script only",
    "robots",
    "refused",
    "no text",
    "unreachable",
]


@dataclass(frozen=True)
class LinkCheck:
    """What became of opening a link. `read_at` is the address it ended at; `reason` is empty when it was read."""

    url: str
    state: LinkState
    reason: str = ""
    read_at: str | None = None


@dataclass(frozen=True)
class Candidate:
    """What an entry's links lead to, before arXiv has confirmed anything.

    `arxiv_ids` are the ids that may be the paper's own, the likeliest first; `chosen` is the one that is likely
    enough without arXiv's word. `work` is the page as a work of its own, kept for when no id is confirmed.
    """

    entry_id: str
    method: str
    evidence: str
    confidence: float
    arxiv_ids: tuple[ScoredId, ...] = ()
    chosen: str | None = None
    work: PaperVersion | None = None
    checks: tuple[LinkCheck, ...] = ()


@dataclass(frozen=True)
class Resolution:
    """Which paper an entry is; `paper_id` None with the reason as evidence when none was found."""

    entry_id: str
    paper_id: str | None
    version: int | None
    method: str
    confidence: float
    evidence: str
    candidates: tuple[ScoredId, ...] = ()


@dataclass(frozen=True)
class Section:
    """A stretch of a document, `[start, end)`."""

    title: str
    start: int
    end: int
    page: int | None = None


Grounding = Literal["full text", "web page", "abstract only"]
Format = Literal["html", "pdf", "page", "abstract"]


@dataclass(frozen=True)
class Document:
    """The text we read of a paper. `quality` is from 0 (debris) to 1 (clean prose)."""

    document_id: str
    paper_id: str
    version: int
    grounding: Grounding
    format: Format
    url: str
    text: str
    sections: tuple[Section, ...]
    payload_id: str
    note: str = ""
    quality: float = 1.0

    def section_at(self, offset: int) -> Section | None:
        """The innermost section that holds a character offset."""
        return next(
            (s for s in reversed(self.sections) if s.start <= offset < s.end), None
        )


@dataclass(frozen=True)
class Answer:
    """A question with its answer and the quotes it rests on, as a model gave them."""

    position: int
    question: str
    answer: str
    answerable: bool
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """What a generation says of a paper. `tldr` is None where none can be given honestly."""

    tldr: str | None
    summary: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Evidence:
    """A quote and where it stands in the document; offsets None when it is absent."""

    quote: str
    match: Literal["exact", "fuzzy", "absent"]
    start: int | None = None
    end: int | None = None
    section: str | None = None
    page: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What verification makes of one answer."""

    answer: Answer
    evidence: tuple[Evidence, ...]
    findings: tuple[Finding, ...]
    repaired: bool = False

    @property
    def passed(self) -> bool:
        return not any(f.severity == "error" for f in self.findings)

    @property
    def status(self) -> Literal["verified", "unverified", "not in paper"]:
        if not self.passed:
            return "unverified"
        return "verified" if self.answer.answerable else "not in paper"


@dataclass(frozen=True)
class Figure:
    """A number of the TL;DR or the summary, and the sentence of the document that has it; offsets None when none has."""

    number: str
    start: int | None = None
    end: int | None = None
    section: str | None = None
    page: int | None = None


@dataclass(frozen=True)
class TextVerdict:
    """What verification makes of the TL;DR or the summary."""

    part: Literal["tldr", "summary"]
    text: str
    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        return not any(f.severity == "error" for f in self.findings)


@dataclass(frozen=True)
class Judgement:
    """What a second reader makes of one answer, held against its quotes alone."""

    position: int
    supported: bool
    direction_kept: bool
    subject_kept: bool
    hedging_kept: bool


@dataclass(frozen=True)
class Usage:
    """Tokens of one call by how they are billed."""

    input: int
    cache_write: int
    cache_read: int
    output: int
