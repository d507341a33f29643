"""What came of a week, from the archive alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rindoku.archive.finding import find_week
from rindoku.archive.rows import fetch_rows
from rindoku.archive.statements import query
from rindoku.models import Outcome
from rindoku.weeks import ENTRIES_A_WEEK

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection


@dataclass(frozen=True)
class WeekReport:
    """A week with one row per entry, its findings and its costs; `head` None when it was never seen."""

    week: str
    head: Mapping[str, Any] | None
    rows: tuple[Mapping[str, Any], ...]
    findings: tuple[Mapping[str, Any], ...]
    costs: tuple[Mapping[str, Any], ...]
    x: Mapping[str, Any]
    links: tuple[Mapping[str, Any], ...] = ()

    @property
    def outcome(self) -> Outcome:
        """By the week contract: ranks whole, every entry resolved, every paper explained."""
        if self.head is None:
            return Outcome.NOTHING_YET
        ranks = sorted(row["rank"] for row in self.rows)
        whole = ranks == list(range(1, max(ENTRIES_A_WEEK, len(ranks)) + 1))
        done = all(row["paper_id"] and row["questions"] for row in self.rows)
        return Outcome.COMPLETE if whole and done else Outcome.PARTIAL

    @property
    def cost_usd(self) -> float | None:
        """Dollars for the week; None when a price is not known."""
        paid = [row["cost_usd"] for row in self.costs]
        return None if None in paid else float(sum(paid))

    def as_json(self) -> dict[str, Any]:
        """Plain values for `--json`."""
        return {
            "week": self.week,
            "outcome": str(self.outcome),
            "cost_usd": self.cost_usd,
            **(
                {
                    "heading": self.head["heading"],
                    "starts_on": self.head["starts_on"],
                    "ends_on": self.head["ends_on"],
                    "source": self.head["source"],
                }
                if self.head
                else {}
            ),
            "entries": list(self.rows),
            "findings": list(self.findings),
            "costs": list(self.costs),
            "x": dict(self.x),
            "links": list(self.links),
        }


def week_report(con: "Connection", week: str, language: str) -> WeekReport:
    """The report on a week, as far as it is explained in a language."""
    rows, findings = (
        tuple(fetch_rows(con, query(name), week=week, language=language))
        for name in ("week_report", "week_findings")
    )
    costs, links = (
        tuple(fetch_rows(con, query(name), week=week))
        for name in ("week_costs", "week_links")
    )
    x = fetch_rows(con, query("x_spent_week"), week=week)[0]
    return WeekReport(week, find_week(con, week), rows, findings, costs, x, links)
