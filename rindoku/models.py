"""The domain model: frozen values. Instants are in UTC, offsets count characters."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, Self

# The purpose of a generation; `extract` for one made without a model.
GenerationKind = Literal["explain", "repair", "extract", "ask", "review"]
GenerationStatus = Literal["good", "refused", "truncated", "unreadable"]
# Where an explanation comes from: a model, sentences of the paper, or the stand-in.
Label = Literal["model", "extract", "sample"]
PaperKind = Literal["arxiv", "web"]
AnswerStatus = Literal["verified", "unverified", "not in paper"]
TextPart = Literal["tldr", "summary"]
Severity = Literal["error", "warning", "note"]
_WITHDRAWN_IN_COMMENT = re.compile(
    r"\bwithdrawn\b|\bwithdraw(?:s|al)? (?:this|the|of)\b", re.IGNORECASE
)
_WITHDRAWN_IN_ABSTRACT = re.compile(
    r"(?:this|the) (?:paper|article|submission|manuscript) "
    r"(?:has been|was|is) withdrawn",
    re.IGNORECASE,
)


class Outcome(StrEnum):
    """The outcome of a run, with its exit code."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    NOTHING_YET = "nothing yet"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def exit_code(self) -> int:
        codes = {"complete": 0, "nothing yet": 3, "partial": 4, "interrupted": 130}
        return codes.get(self, 1)


@dataclass(frozen=True)
class Payload:
    """A response from another server, or a file, byte for byte."""

    payload_id: str
    source: str
    url: str
    status: int
    content_type: str
    body: bytes
    retrieved_at: datetime


@dataclass(frozen=True)
class PostArticle:
    """The X Article of a post; `links` are pairs of an offset in its text and a URL."""

    title: str
    text: str
    links: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Post:
    """One X status, with its complete text, unescaped, and its links expanded.

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
        """Whether it has no link, or only links to posts."""
        return all(link.role == "post" for link in self.links)


@dataclass(frozen=True)
class Finding:
    """What a check found."""

    subject: str
    check: str
    severity: Severity
    message: str


@dataclass(frozen=True)
class Sighting:
    """A week as one source shows it.

    `reference` is the id of the root post, or the address of the file.
    """

    sighting_id: str
    week: str
    source: str
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
    kind: PaperKind
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

    @classmethod
    def bare(cls, title: str, url: str, payload_id: str, paper_id: str = "") -> Self:
        """A work of which at most the title and the address are known."""
        return cls(
            paper_id=paper_id,
            kind="web",
            version=0,
            title=title,
            authors=(),
            authors_complete=True,
            abstract=None,
            published_on=None,
            updated_on=None,
            categories=(),
            url=url,
            comment=None,
            payload_id=payload_id,
        )

    @property
    def withdrawn(self) -> str | None:
        """The authors' notice, in comment or abstract, if they withdrew the paper."""
        comment = self.comment or ""
        if _WITHDRAWN_IN_COMMENT.search(comment):
            return comment
        abstract = (self.abstract or "").strip()
        return abstract if _WITHDRAWN_IN_ABSTRACT.match(abstract) else None


@dataclass(frozen=True)
class ScoredId:
    """An arXiv id that may be that of the work, with a version if one was named.

    The higher `score`, the likelier; `why` lists the signs for it.
    """

    arxiv_id: str
    score: float
    why: str
    found_by: Literal["page", "search"] = "page"

    @property
    def base(self) -> str:
        """The id without its version."""
        return re.sub(r"v\d+$", "", self.arxiv_id)


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
    """The result of opening a link.

    `read_at` is the address at the end of redirects; `reason` is empty if it was read.
    """

    url: str
    state: LinkState
    reason: str = ""
    read_at: str | None = None


@dataclass(frozen=True)
class Candidate:
    """What an entry's links lead to, before arXiv has confirmed anything.

    `arxiv_ids` are the ids that may be the paper's, the likeliest first; `chosen` is
    the one that is likely enough without arXiv's confirmation. `work` describes the
    page as a work, in case no id is confirmed.
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
    """The paper that an entry resolves to; if there is none, `evidence` says why."""

    entry_id: str
    paper_id: str | None
    version: int | None
    method: str
    confidence: float
    evidence: str
    candidates: tuple[ScoredId, ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of a document, `[start, end)`."""

    title: str
    start: int
    end: int
    page: int | None = None


Grounding = Literal["full text", "web page", "abstract only"]
Format = Literal["html", "pdf", "page", "abstract"]


@dataclass(frozen=True)
class Document:
    """The text of a paper; `quality` is from 0 (unreadable) to 1 (clean prose)."""

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
        """The innermost section that contains a character offset."""
        for section in reversed(self.sections):
            if section.start <= offset < section.end:
                return section
        return None


@dataclass(frozen=True)
class Answer:
    """A question with its answer and its quotes, as a model gave them."""

    position: int
    question: str
    answer: str
    answerable: bool
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """What a generation says about a paper; an extract has no TL;DR."""

    tldr: str | None
    summary: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Evidence:
    """A quote and its place in the document; offsets are None when it is absent."""

    quote: str
    match: Literal["exact", "fuzzy", "absent"]
    start: int | None = None
    end: int | None = None
    section: str | None = None
    page: int | None = None


@dataclass(frozen=True)
class Verdict:
    """One answer with what verification found."""

    answer: Answer
    evidence: tuple[Evidence, ...]
    findings: tuple[Finding, ...]
    repaired: bool = False

    @property
    def passed(self) -> bool:
        return not any(f.severity == "error" for f in self.findings)

    @property
    def status(self) -> AnswerStatus:
        if not self.passed:
            return "unverified"
        return "verified" if self.answer.answerable else "not in paper"


@dataclass(frozen=True)
class Figure:
    """A number in the TL;DR or summary, and the sentence of the document that has it.

    Offsets are None when no sentence has it.
    """

    number: str
    start: int | None = None
    end: int | None = None
    section: str | None = None
    page: int | None = None


@dataclass(frozen=True)
class TextVerdict:
    """The TL;DR or the summary with what verification found."""

    part: TextPart
    text: str
    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        return not any(f.severity == "error" for f in self.findings)


@dataclass(frozen=True)
class Judgement:
    """A second reader's judgement of one answer, by its quotes alone."""

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
