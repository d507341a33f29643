"""What explaining would still cost: per document, by a call of its own and in a batch, before anything is paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rindoku.archive.finding import (
    find_week,
    get_document,
    get_paper,
    pending_documents,
)
from rindoku.archive.rows import fetch_rows
from rindoku.archive.statements import query
from rindoku.explain.prompts import explain_prompt
from rindoku.llm import client as calls
from rindoku.llm.prompt import EXPECTED_OUTPUT_TOKENS
from rindoku.prices import estimate_tokens, estimate_usd
from rindoku.run import Run
from rindoku.weeks import ENTRIES_A_WEEK

# A paper that nobody has read yet, while the archive has none to go by.
USUAL_TOKENS = 25_000
USUAL_SECONDS = 60.0
AT_ONCE = 6


@dataclass(frozen=True)
class Planned:
    """A paper to be explained. `counted` when the service has counted its tokens, else they are estimated."""

    week: str
    paper_id: str | None
    title: str
    tokens: int
    counted: bool
    usd: float | None
    batch_usd: float | None


@dataclass(frozen=True)
class Plan:
    """All papers to be explained, and how long a call has taken on the average, in seconds."""

    model: str
    papers: tuple[Planned, ...]
    seconds_a_call: float

    @property
    def usd(self) -> float | None:
        return _sum([p.usd for p in self.papers])

    @property
    def batch_usd(self) -> float | None:
        return _sum([p.batch_usd for p in self.papers])

    @property
    def minutes(self) -> float:
        """With calls of their own; a batch takes up to a day."""
        return len(self.papers) * self.seconds_a_call / AT_ONCE / 60

    def as_json(self) -> dict[str, Any]:
        """Plain values for `--json`."""
        return {
            "model": self.model,
            "papers": [vars(p) for p in self.papers],
            "usd": self.usd,
            "batch_usd": self.batch_usd,
            "minutes": self.minutes,
            "batch_minutes_at_most": 24 * 60,
        }


def plan(run: Run, week: str | None) -> Plan:
    """The plan for a week, or for all weeks of the archive. A week it does not know counts with ten usual papers."""
    settings = run.settings
    with run.archive.write() as con:
        known = [
            r["week"] for r in fetch_rows(con, "SELECT week FROM weeks ORDER BY week")
        ]
        [usual] = fetch_rows(con, query("usual_call"), model=settings.model)
    tokens = round(usual["input_tokens"] or USUAL_TOKENS)
    papers: list[Planned] = []
    for one in [week] if week else known:
        papers += _of_week(run, one, tokens)
    return Plan(settings.model, tuple(papers), usual["seconds"] or USUAL_SECONDS)


def _of_week(run: Run, week: str, usual_tokens: int) -> list[Planned]:
    settings, has_key = run.settings, calls.has_key(run.settings)
    with run.archive.write() as con:
        head = find_week(con, week)
        if head is None:
            return [
                _planned(
                    run,
                    week,
                    None,
                    f"paper {n} (not listed yet)",
                    usual_tokens,
                    counted=False,
                )
                for n in range(1, ENTRIES_A_WEEK + 1)
            ]
        pending = pending_documents(
            con, head["sighting_id"], settings.language, has_key=has_key
        )
        documents = [get_document(con, d) for d in pending]
        papers = [get_paper(con, d.paper_id, d.version) for d in documents]
        unread = fetch_rows(con, query("unread_entries"), week=week)
    found = []
    for document, paper in zip(documents, papers, strict=True):
        prompt = explain_prompt(document, paper, settings, settings.model)
        tokens = (
            calls.count_tokens(prompt, settings)
            if has_key
            else estimate_tokens(prompt.characters)
        )
        found.append(
            _planned(run, week, paper.paper_id, paper.title, tokens, counted=has_key)
        )
    found += [
        _planned(
            run,
            week,
            r["paper_id"],
            f"{r['title']} (not read yet)",
            usual_tokens,
            counted=False,
        )
        for r in unread
    ]
    return found


def _planned(
    run: Run, week: str, paper_id: str | None, title: str, tokens: int, *, counted: bool
) -> Planned:
    model, home, output = (
        run.settings.model,
        run.settings.home_path,
        EXPECTED_OUTPUT_TOKENS["explain"],
    )
    return Planned(
        week,
        paper_id,
        title,
        tokens,
        counted,
        estimate_usd(model, tokens, output, home, cached=True),
        estimate_usd(model, tokens, output, home, batch=True),
    )


def _sum(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return sum(known) if len(known) == len(values) else None
