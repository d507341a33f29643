"""The report on a week, from the archive alone."""

from dataclasses import asdict, dataclass
from typing import Any

from rindoku.archive import Connection
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


@dataclass(frozen=True)
class WeekReport:
    """A week's entries, findings, links and costs.

    `head` is None if the week was never seen; `expected` is the number of entries that
    the digest has a week.
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


def report_week(con: Connection, week: str, language: str, expected: int) -> WeekReport:
    """The report on a week, as far as it is explained in a language."""
    return WeekReport(
        week=week,
        head=find_current_sighting(con, week),
        entries=find_entry_reports(con, week, language),
        findings=find_week_findings(con, week, language),
        costs=find_model_costs(con, week),
        x=get_x_spending(con, week),
        links=find_week_links(con, week),
        expected=expected,
    )
