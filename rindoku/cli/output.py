"""What people see: tables and short lines."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rindoku.cli.plain import plain
from rindoku.publish.report import WeekReport
from rindoku.settings import Settings

if TYPE_CHECKING:
    from rindoku.cli.doctor import Check

_STATES = {"ok": "[green]ok[/]", "warn": "[yellow]warn[/]", "fail": "[red]fail[/]"}


def console() -> Console:
    """A console on standard output; wide enough to be grepped when that is a file."""
    return Console(width=None if sys.stdout.isatty() else 160, soft_wrap=False)


def dollars(value: float | None) -> str:
    """An amount, or a dash when it is not known."""
    return "–" if value is None else f"${value:.4f}"


def print_report(report: WeekReport, settings: Settings) -> None:
    """A week as a table of its entries, its totals, findings and files."""
    out = console()
    if report.head is None:
        out.print(
            f"{report.week}: the archive has nothing of this week. `rindoku run {report.week}` fetches it."
        )
        return
    seen = report.head["observed_at"].astimezone(ZoneInfo(settings.timezone))
    out.print(
        f"[bold]{report.week}[/] {report.head['heading']}  ({report.head['source']}, seen {seen:%Y-%m-%d %H:%M %Z})"
    )
    out.print(_entries(report))
    answered, verified = (
        sum(row[name] for row in report.rows) for name in ("answered", "verified")
    )
    out.print(
        f"{report.outcome}: {len(report.rows)} entries, {answered} questions answered, {verified} verified, "
        f"model {dollars(report.cost_usd)}, X {dollars(report.x['cost_usd'])} "
        f"({report.x['requests']} requests, {report.x['posts']} posts, {report.x['users']} users)"
    )
    _print_links(out, report)
    notes = sum(f["severity"] == "note" for f in report.findings)
    for finding in report.findings:
        if finding["severity"] == "note":
            continue
        out.print(
            Text(f"  {finding['severity']}: {finding['message']}", style="yellow")
        )
    if notes:
        out.print(
            f"  and {notes} notes, such as where the sources differ: --json",
            style="dim",
        )


def _print_links(out: Console, report: WeekReport) -> None:
    """Entries without a paper, texts that are not the best, links that could not be read or have moved."""
    for row in report.rows:
        if row["paper_id"] is None:
            out.print(
                Text(
                    f"  {row['rank']}. has no paper: {row['resolved_by'] or 'not looked at yet'}"
                )
            )
        elif row["document_note"]:
            out.print(Text(f"  {row['rank']}. {row['document_note']}", style="dim"))
    for link in report.links:
        if link["state"] not in {"read", "moved"}:
            out.print(
                Text(
                    f"  {link['rank']}. link {link['state']}: {link['reason']}",
                    style="yellow",
                )
            )
        elif link["state"] == "moved":
            out.print(
                Text(
                    f"  {link['rank']}. link moved: {link['url']} is now {link['read_at']}",
                    style="dim",
                )
            )


def _entries(report: WeekReport) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("#", "paper", "source", "grounding", "answered", "verified", "cost"):
        table.add_column(
            name,
            justify="left" if name in {"paper", "source", "grounding"} else "right",
        )
    for row in report.rows:
        table.add_row(
            str(row["rank"]),
            Text(row["title"] or row["nickname"], overflow="ellipsis", no_wrap=True),
            Text(_source(row), overflow="fold"),
            row["grounding"] or "–",
            f"{row['answered']}/{row['questions']}",
            f"{row['verified']}/{row['answered']}",
            dollars(row["cost_usd"]),
        )
    return table


def _source(row: Any) -> str:
    if row["paper_id"] is None:
        return "unresolved"
    scheme, value = row["paper_id"].split(":", 1)
    return (
        f"arXiv {value}v{row['version']}"
        if scheme == "arxiv"
        else str(value).removeprefix("https://").rstrip("/")
    )


def print_looks(looks: Sequence[Mapping[str, Any]], message: str) -> None:
    """What came of looking again at entries without a paper."""
    out = console()
    if not looks:
        out.print(
            "Nothing is due: every entry has its paper, or was looked at 7 and 30 days on. --all looks at once."
        )
    for look in looks:
        came = (
            "is now another work"
            if look["rebound"]
            else "has a new text"
            if look["reread"]
            else "as before"
        )
        out.print(
            Text(
                f"{look['week']} {look['rank']:>2}. {look['name']}: {came}",
                style="bold" if came != "as before" else "",
            )
        )
        if look["rebound"]:
            out.print(
                Text(
                    f"       {look['before'] or 'no paper'} → {look['after']}\n       {look['evidence']}"
                )
            )
    if message:
        out.print(Text(message, style="yellow"))


def print_rows(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """The result of a query."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(name)
    rows = list(rows)
    for row in rows:
        table.add_row(
            *(Text("" if value is None else str(_shown(value))) for value in row)
        )
    out = console()
    out.print(table)
    out.print(f"({len(rows)} row{'' if len(rows) == 1 else 's'})", style="dim")


def _shown(value: Any) -> Any:
    return plain(value) if isinstance(value, bytes | bytearray) else value


def print_checks(checks: Iterable["Check"]) -> None:
    """What the doctor found, with what to do under it."""
    out = console()
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("", "check", "found"):
        table.add_column(name)
    for check in checks:
        found = Text(check.found)
        if check.remedy:
            found.append(f"\n→ {check.remedy}", style="dim")
        table.add_row(_STATES[check.state], check.name, found)
    out.print(table)
