"""Estimates what a run would still have to pay for."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rindoku.archive.calls import get_usual_call
from rindoku.archive.documents import (
    find_unread_entries,
    get_document,
    pending_documents,
)
from rindoku.archive.papers import get_paper
from rindoku.archive.sightings import find_current_sighting, find_weeks
from rindoku.errors import NotFound, Transient
from rindoku.explain.prompts import explain_prompt
from rindoku.llm import Prompt, count_tokens
from rindoku.llm.message import EXPECTED_OUTPUT_TOKENS
from rindoku.models import Document, PaperVersion
from rindoku.prices import estimate_tokens, estimate_usd
from rindoku.run import Run

# Estimates for a call while the archive has no answered call to go by.
USUAL_TOKENS = 25_000
USUAL_SECONDS = 60.0
AT_ONCE = 6
_BATCH_MINUTES = 24 * 60


@dataclass(frozen=True)
class PlannedPaper:
    """A paper to explain, with its price in US dollars as a single call and in a batch.

    `counted` is True if the API counted the tokens, False if they are estimated, as the
    API could not count them or was not asked.
    """

    week: str
    paper_id: str | None
    title: str
    tokens: int
    counted: bool
    usd: float | None
    batch_usd: float | None


@dataclass(frozen=True)
class Plan:
    """All papers to explain, and the mean duration of a call in seconds."""

    model: str
    papers: tuple[PlannedPaper, ...]
    seconds_a_call: float

    @property
    def usd(self) -> float | None:
        """By single calls; None when a price is unknown."""
        return _sum([paper.usd for paper in self.papers])

    @property
    def batch_usd(self) -> float | None:
        """In batches; None when a price is unknown."""
        return _sum([paper.batch_usd for paper in self.papers])

    @property
    def minutes(self) -> float:
        """By single calls; a batch takes up to a day."""
        return len(self.papers) * self.seconds_a_call / AT_ONCE / 60

    def as_json(self) -> dict[str, Any]:
        """Plain values for `--json`."""
        return {
            "model": self.model,
            "papers": [asdict(paper) for paper in self.papers],
            "usd": self.usd,
            "batch_usd": self.batch_usd,
            "minutes": self.minutes,
            "batch_minutes_at_most": _BATCH_MINUTES,
        }


def plan(run: Run, week: str | None) -> Plan:
    """The plan for a week, or for all weeks of the archive.

    A week the archive does not have counts as usual papers, as many as the digest has.
    """
    with run.archive.read_latest() as con:
        weeks = [week] if week else find_weeks(con)
        usual = get_usual_call(con, run.settings.model)
    tokens = round(usual.input_tokens or USUAL_TOKENS)
    papers: list[PlannedPaper] = []
    for week_id in weeks:
        papers += _plan_week(run, week_id, tokens)
    seconds = usual.seconds or USUAL_SECONDS
    return Plan(run.settings.model, tuple(papers), seconds)


def _plan_week(run: Run, week: str, usual_tokens: int) -> list[PlannedPaper]:
    settings = run.settings
    with run.archive.read_latest() as con:
        head = find_current_sighting(con, week)
        if head is None:
            return _plan_unlisted_week(run, week, usual_tokens)
        pending = pending_documents(
            con,
            head.sighting_id,
            settings.language,
            has_key=settings.has_model_key,
        )
        documents = [get_document(con, document_id) for document_id in pending]
        papers = [get_paper(con, d.paper_id, d.version) for d in documents]
        unread = find_unread_entries(con, week)
    planned = [
        _plan_document(run, week, document, paper)
        for document, paper in zip(documents, papers, strict=True)
    ]
    for entry in unread:
        title = f"{entry.title} (not read yet)"
        planned.append(
            _planned(
                run, week, entry.paper_id, title, tokens=usual_tokens, counted=False
            )
        )
    return planned


def _plan_unlisted_week(run: Run, week: str, usual_tokens: int) -> list[PlannedPaper]:
    titles = [f"paper {n + 1} (not listed yet)" for n in range(run.digest.entries)]
    return [
        _planned(run, week, None, title, tokens=usual_tokens, counted=False)
        for title in titles
    ]


def _plan_document(
    run: Run, week: str, document: Document, paper: PaperVersion
) -> PlannedPaper:
    """The plan for a document; with a key, the API counts its tokens."""
    prompt = explain_prompt(document, paper, run.settings, run.settings.model)
    counted = _count(run, prompt)
    return _planned(
        run,
        week,
        paper.paper_id,
        paper.title,
        tokens=estimate_tokens(prompt.characters) if counted is None else counted,
        counted=counted is not None,
    )


def _count(run: Run, prompt: Prompt) -> int | None:
    """The tokens of a prompt as the API counts them, None when it can't.

    Without a key it is not asked; other servers of the Messages API may not count.
    """
    if not run.settings.has_model_key:
        return None
    try:
        return count_tokens(prompt, run.settings)
    except (NotFound, Transient):
        return None


def _planned(
    run: Run,
    week: str,
    paper_id: str | None,
    title: str,
    *,
    tokens: int,
    counted: bool,
) -> PlannedPaper:
    model, home = run.settings.model, run.settings.home_path
    output = EXPECTED_OUTPUT_TOKENS["explain"]
    return PlannedPaper(
        week=week,
        paper_id=paper_id,
        title=title,
        tokens=tokens,
        counted=counted,
        usd=estimate_usd(model, tokens, output, home, cached=True),
        batch_usd=estimate_usd(model, tokens, output, home, batch=True),
    )


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
