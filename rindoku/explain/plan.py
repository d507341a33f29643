"""Estimates what a run would still have to pay for."""

from collections.abc import Iterator, Sequence
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
from rindoku.explain.prompts import MAX_OUTPUT_TOKENS, explain_prompt
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

    The prices are those of a usual reply, `usd_at_most` that of a single call whose
    reply takes all the room it has, which is what a ceiling reserves. `counted` is True
    if the API counted the tokens, False if they are estimated, as the API could not
    count them or was not asked.
    """

    week: str
    paper_id: str | None
    title: str
    tokens: int
    counted: bool
    usd: float | None
    batch_usd: float | None
    usd_at_most: float | None


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
    def usd_at_most(self) -> float | None:
        """By single calls that take all their room; None when a price is unknown."""
        return _sum([paper.usd_at_most for paper in self.papers])

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
            "usd_at_most": self.usd_at_most,
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
    planner = _Planner(
        run,
        usual_tokens=round(usual.input_tokens or USUAL_TOKENS),
        output_tokens=round(usual.output_tokens or EXPECTED_OUTPUT_TOKENS["explain"]),
    )
    papers = [paper for week_id in weeks for paper in planner.plan_week(week_id)]
    seconds = usual.seconds or USUAL_SECONDS
    return Plan(run.settings.model, tuple(papers), seconds)


@dataclass(frozen=True)
class _Planner:
    """Plans papers; a reply takes `output_tokens`, an unread paper `usual_tokens`."""

    run: Run
    usual_tokens: int
    output_tokens: int

    def plan_week(self, week: str) -> Iterator[PlannedPaper]:
        """The papers of a week that a run would still explain."""
        settings = self.run.settings
        with self.run.archive.read_latest() as con:
            head = find_current_sighting(con, week)
            pending = (
                pending_documents(
                    con,
                    head.sighting_id,
                    settings.language,
                    has_key=settings.has_model_key,
                )
                if head is not None
                else []
            )
            documents = [get_document(con, document_id) for document_id in pending]
            papers = [get_paper(con, d.paper_id, d.version) for d in documents]
            unread = find_unread_entries(con, week)
        if head is None:
            yield from self._plan_unlisted(week)
        for document, paper in zip(documents, papers, strict=True):
            yield self._plan_document(week, document, paper)
        for entry in unread:
            yield self._plan_usual(
                week, entry.paper_id, f"{entry.title} (not read yet)"
            )

    def _plan_unlisted(self, week: str) -> Iterator[PlannedPaper]:
        for number in range(1, self.run.digest.entries + 1):
            yield self._plan_usual(week, None, f"paper {number} (not listed yet)")

    def _plan_document(
        self, week: str, document: Document, paper: PaperVersion
    ) -> PlannedPaper:
        """The plan for a document; with a key, the API counts its tokens."""
        settings = self.run.settings
        prompt = explain_prompt(document, paper, settings, settings.model)
        counted = _count(self.run, prompt)
        return self._planned(
            week,
            paper.paper_id,
            paper.title,
            tokens=estimate_tokens(prompt.characters) if counted is None else counted,
            counted=counted is not None,
        )

    def _plan_usual(self, week: str, paper_id: str | None, title: str) -> PlannedPaper:
        return self._planned(
            week, paper_id, title, tokens=self.usual_tokens, counted=False
        )

    def _planned(
        self, week: str, paper_id: str | None, title: str, *, tokens: int, counted: bool
    ) -> PlannedPaper:
        def price(output_tokens: int, *, batch: bool = False) -> float | None:
            settings = self.run.settings
            return estimate_usd(
                settings.model,
                tokens,
                output_tokens,
                settings.home_path,
                cached=not batch,
                batch=batch,
            )

        return PlannedPaper(
            week=week,
            paper_id=paper_id,
            title=title,
            tokens=tokens,
            counted=counted,
            usd=price(self.output_tokens),
            batch_usd=price(self.output_tokens, batch=True),
            usd_at_most=price(MAX_OUTPUT_TOKENS),
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


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
