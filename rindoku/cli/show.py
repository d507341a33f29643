"""`rindoku show`: shows the results of a week."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer

from rindoku.cli.options import (
    AsJson,
    DigestName,
    Home,
    OptionalWeek,
    archived_week,
    choose_home,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from rindoku.archive.overview import EntryReport, FindingReport
    from rindoku.publish import WeekReport
    from rindoku.settings import Settings


def show(
    week: OptionalWeek = "last",
    digest: DigestName = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show the results of a week: its papers, answers, costs and findings."""
    from rindoku.archive import open_archive
    from rindoku.cli.json_output import print_json
    from rindoku.publish import report_week
    from rindoku.settings import load_settings

    choose_home(home, digest)
    settings = load_settings()
    with open_archive(settings).read() as con:
        week_id = archived_week(con, week)
        report = report_week(con, week_id, settings.language)
    if as_json:
        print_json(report.as_json())
    else:
        print_report(report, settings)
    raise typer.Exit(report.outcome.exit_code)


def print_report(report: "WeekReport", settings: "Settings") -> None:
    """Prints a week as a table of its entries, with totals, links and findings."""
    from rich.markup import escape

    from rindoku.cli.output import console, dollars

    out = console()
    if report.head is None:
        out.print(
            f"{report.week}: the archive has nothing for this week. "
            f"`rindoku run {report.week}` fetches it."
        )
        return
    seen = report.head.observed_at.astimezone(ZoneInfo(settings.timezone))
    out.print(
        f"[bold]{report.week}[/] {escape(report.head.heading)}  "
        f"({report.head.source}, seen {seen:%Y-%m-%d %H:%M %Z})"
    )
    out.print(_table(report))
    out.print(
        f"{report.outcome}: {len(report.entries)} entries, {_explained(report)}, "
        f"model {dollars(report.cost_usd)}, X {dollars(report.x.cost_usd)} "
        f"({report.x.requests} requests, {report.x.posts} posts, "
        f"{report.x.users} users)"
    )
    _print_entries(out, report)
    _print_links(out, report)
    _print_findings(out, report)


def _explained(report: "WeekReport") -> str:
    """What the papers got: answers of a model, or sentences without one."""
    explained = [e for e in report.entries if e.questions and e.label != "extract"]
    extracted = [e for e in report.entries if e.label == "extract"]
    parts = []
    if len(explained) + len(extracted) < len(report.entries):
        parts.append(f"{len(explained)} of {len(report.entries)} papers explained")
    if explained or not extracted:
        answered = sum(entry.answered for entry in explained)
        verified = sum(entry.verified for entry in explained)
        parts.append(f"{answered} questions answered, {verified} verified")
    if extracted:
        found = sum(entry.answered for entry in extracted)
        parts.append(
            f"{len(extracted)} papers with extracts only, as no model was asked: "
            f"sentences for {found} questions"
        )
    return ", ".join(parts)


def _table(report: "WeekReport") -> "Table":
    from rich.text import Text

    from rindoku.cli.output import dollars, plain_table

    table = plain_table(
        ("#", "paper", "source", "grounding", "answered", "verified", "cost"),
        left=("paper", "source", "grounding"),
    )
    for entry in report.entries:
        title = entry.title or entry.nickname
        cells = (
            str(entry.rank),
            Text(title, overflow="ellipsis", no_wrap=True),
            Text(_source(entry), overflow="fold"),
            entry.grounding or "–",
            f"{entry.answered}/{entry.questions}",
            f"{entry.verified}/{entry.answered}",
            dollars(entry.cost_usd),
        )
        table.add_row(*cells)
    return table


def _source(entry: "EntryReport") -> str:
    """The paper's identifier as people write it."""
    if entry.paper_id is None:
        return "unresolved"
    scheme, value = entry.paper_id.split(":", 1)
    if scheme == "arxiv":
        return f"arXiv {value}v{entry.version}"
    return value.removeprefix("https://").rstrip("/")


def _print_entries(out: "Console", report: "WeekReport") -> None:
    """Prints why entries have no paper, or not the best text of it."""
    from rich.text import Text

    for entry in report.entries:
        if entry.paper_id is None:
            reason = entry.resolved_by or "not looked up yet"
            out.print(Text(f"  {entry.rank}. no paper: {reason}"))
        elif entry.document_note:
            out.print(Text(f"  {entry.rank}. {entry.document_note}", style="dim"))


def _print_links(out: "Console", report: "WeekReport") -> None:
    """Prints links that could not be read, or have moved."""
    from rich.text import Text

    for link in report.links:
        if link.state == "moved":
            line = f"  {link.rank}. link moved: {link.url} is now {link.read_at}"
            out.print(Text(line, style="dim"))
        elif link.state != "read":
            line = f"  {link.rank}. link {link.state}: {link.reason}"
            out.print(Text(line, style="yellow"))


def _place(finding: "FindingReport") -> str:
    """The paper and the question that a finding is about."""
    place = f", paper {finding.rank}" if finding.rank else ""
    return f"{place}, “{finding.question}”" if finding.question else place


def _print_findings(out: "Console", report: "WeekReport") -> None:
    """Prints errors and warnings, and the number of notes."""
    from rich.text import Text

    notes = 0
    for finding in report.findings:
        if finding.severity == "note":
            notes += 1
        else:
            line = f"  {finding.severity}{_place(finding)}: {finding.message}"
            out.print(Text(line, style="yellow"))
    if notes:
        out.print(
            f"  and {notes} notes, such as differences between the sources: --json",
            style="dim",
        )
