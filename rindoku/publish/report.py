"""The report on a week, from the archive alone."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rindoku.archive import Connection
from rindoku.archive.listings import find_listing
from rindoku.archive.overview import (
    EntryReport,
    FindingReport,
    LinkReport,
    ModelCosts,
    XSpending,
    find_entry_reports,
    find_model_costs,
    find_week_findings,
    find_week_links,
    get_x_spending,
)
from rindoku.archive.sightings import SightingHead, find_current_sighting
from rindoku.models import Outcome
from rindoku.weeks import MISSING_RANKS, why_incomplete


@dataclass(frozen=True)
class WeekReport:
    """A week's entries, findings, links and costs.

    `head` is None if the week was never seen; `expected` is the number of entries that
    its list was to have.
    """

    week: str
    head: SightingHead | None
    entries: list[EntryReport]
    findings: list[FindingReport]
    costs: list[ModelCosts]
    x: XSpending
    links: list[LinkReport]
    expected: int

    @property
    def outcome(self) -> Outcome:
        """Complete when no rank is missing and every entry is resolved, explained, and
        read as well as it can be.

        This is the week contract.
        """
        if self.head is None:
            return Outcome.NOTHING_YET
        ranks = sorted(entry.rank for entry in self.entries)
        expected = max(self.expected, len(ranks))
        if ranks != list(range(1, expected + 1)):
            return Outcome.PARTIAL
        if not all(entry.paper_id and entry.questions for entry in self.entries):
            return Outcome.PARTIAL
        if any(entry.may_improve for entry in self.entries):
            return Outcome.PARTIAL
        return Outcome.COMPLETE

    @property
    def cost_usd(self) -> float | None:
        """US dollars for the model; None when a price is unknown."""
        total = 0.0
        for costs in self.costs:
            if costs.cost_usd is None:
                return None
            total += costs.cost_usd
        return total

    def as_json(self) -> dict[str, Any]:
        """Plain values for `--json`."""
        head = {}
        if self.head is not None:
            head = {
                "heading": self.head.heading,
                "starts_on": self.head.starts_on,
                "ends_on": self.head.ends_on,
                "source": self.head.source,
            }
        return {
            "week": self.week,
            "outcome": str(self.outcome),
            "cost_usd": self.cost_usd,
            **head,
            "entries": [asdict(entry) for entry in self.entries],
            "findings": [asdict(finding) for finding in self.findings],
            "costs": [asdict(costs) for costs in self.costs],
            "x": asdict(self.x),
            "links": [asdict(link) for link in self.links],
        }


def report_week(con: Connection, week: str, language: str) -> WeekReport:
    """The report on a week, as far as it is explained in a language."""
    head = find_current_sighting(con, week)
    listing = find_listing(con, week)
    entries = find_entry_reports(con, week, language)
    expected = listing.entries if listing else 0
    findings = find_week_findings(con, week, language)
    if head is not None:
        findings = list(_with_missing_ranks(head, entries, expected, findings))
    return WeekReport(
        week=week,
        head=head,
        entries=entries,
        findings=findings,
        costs=find_model_costs(con, week),
        x=get_x_spending(con, week),
        links=find_week_links(con, week),
        expected=expected,
    )


def _with_missing_ranks(
    head: SightingHead,
    entries: Sequence[EntryReport],
    expected: int,
    findings: Sequence[FindingReport],
) -> Iterator[FindingReport]:
    """The findings, with that on missing ranks as it is now.

    The stored one is of the time when this list was first seen; since then it may have
    been listed again, with another number of entries to expect.
    """
    ranks = {entry.rank for entry in entries}
    missing = why_incomplete(head.week, head.source, ranks, expected)
    if missing:
        yield FindingReport(
            head.sighting_id, MISSING_RANKS, "error", missing, rank=None, question=None
        )
    for finding in findings:
        if finding.check_name != MISSING_RANKS and finding.message != missing:
            yield finding
