"""Reports on a week or all weeks: entries, findings, links and costs."""

from dataclasses import dataclass
from datetime import date, datetime

from rindoku.archive.rows import Connection, find
from rindoku.models import Grounding, Label, LinkState


@dataclass(frozen=True)
class EntryReport:
    """An entry with its paper, document, counts of answers, and cost in US dollars."""

    rank: int
    nickname: str
    title: str | None
    paper_id: str | None
    version: int | None
    method: str | None
    resolved_by: str | None
    published_on: date | None
    url: str | None
    source: str
    grounding: Grounding | None
    document_note: str | None
    may_improve: bool
    label: Label | None
    tldr: str | None
    questions: int
    answered: int
    verified: int
    cost_usd: float | None


@dataclass(frozen=True)
class FindingReport:
    """A finding on a week, or on the paper or the question at a place in it."""

    subject: str
    check_name: str
    severity: str
    message: str
    rank: int | None
    question: str | None


@dataclass(frozen=True)
class LinkReport:
    """The result of the newest check of a link."""

    rank: int
    url: str
    state: LinkState
    reason: str
    read_at: str | None
    checked_at: datetime


@dataclass(frozen=True)
class ModelCosts:
    """Calls of a kind to a model: tokens, and US dollars where the price is known.

    Calls that are `unanswered` may be billed, with at most `unanswered_usd`.
    """

    kind: str
    model: str
    calls: int
    unanswered: int
    input_tokens: int | None
    cache_write_tokens: int | None
    cache_read_tokens: int | None
    output_tokens: int | None
    cost_usd: float | None
    unanswered_usd: float | None


@dataclass(frozen=True)
class WeekCosts:
    """The costs of a week by kind and model.

    The kind `x` counts requests to X as calls.
    """

    week: str
    kind: str
    model: str
    calls: int
    unanswered: int
    input_tokens: int | None
    cache_write_tokens: int | None
    cache_read_tokens: int | None
    output_tokens: int | None
    cost_usd: float | None
    unanswered_usd: float | None


@dataclass(frozen=True)
class XSpending:
    """Posts and users read from X for a week, and US dollars paid for them."""

    posts: int
    users: int
    requests: int
    cost_usd: float


def find_entry_reports(con: Connection, week: str, language: str) -> list[EntryReport]:
    """One report for each entry of a week, in rank order."""
    return find(con, "overview/entries", EntryReport, week=week, language=language)


def find_week_findings(
    con: Connection, week: str, language: str
) -> list[FindingReport]:
    """Findings on a week, its entries, documents and answers."""
    return find(con, "overview/findings", FindingReport, week=week, language=language)


def find_week_links(con: Connection, week: str) -> list[LinkReport]:
    """The links of a week that were opened."""
    return find(con, "overview/links", LinkReport, week=week)


def find_model_costs(con: Connection, week: str) -> list[ModelCosts]:
    """What the model cost for a week."""
    return find(con, "overview/week_costs", ModelCosts, week=week)


def find_costs(con: Connection, week: str | None) -> list[WeekCosts]:
    """What the model and X cost in a week, or in all."""
    return find(con, "overview/costs", WeekCosts, week=week)


def get_x_spending(con: Connection, week: str) -> XSpending:
    """What X cost for a week."""
    [spending] = find(con, "overview/x_spending", XSpending, week=week)
    return spending
