"""`rindoku entries`: lists a week's entries as a source shows them."""

import json
import sys
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rindoku.cli.options import (
    DigestName,
    Home,
    SourceOption,
    check_source,
    choose_home,
    load_digest,
    week_id_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rindoku.models import Entry, Finding, Sighting


def entries(
    week: Annotated[
        str | None,
        typer.Argument(
            help="2024-W14, a date in it, or last; if not given, the newest week, or "
            "all weeks of a file."
        ),
    ] = None,
    source: SourceOption = "auto",
    digest: DigestName = None,
    home: Home = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="JSON lines, one object per entry.")
    ] = False,
) -> None:
    """List a week's entries as a source shows them, with findings."""
    choose_home(home, digest)
    check_source(source)
    sightings = list_entries(week, source, datetime.now(UTC))
    for sighting in sightings:
        if as_json:
            for row in as_rows(sighting):
                sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        else:
            _print_sighting(sighting)
    errors = [f for s in sightings for f in s.findings if f.severity == "error"]
    raise typer.Exit(4 if errors else 0)


def list_entries(week: str | None, source: str, as_of: datetime) -> "list[Sighting]":
    """The week asked for, else all weeks of a file, else the newest week."""
    from rindoku.lists import choose_source
    from rindoku.lists.sources import SOURCES
    from rindoku.settings import load_settings

    chosen = choose_source(source, load_settings(), load_digest())
    if chosen in SOURCES:
        return [_observe(week or "last", chosen, as_of)]
    return _read_file(week, chosen, as_of)


def _read_file(week: str | None, path: str, as_of: datetime) -> "list[Sighting]":
    """The weeks of a file; the archive is not touched."""
    from rindoku.errors import NotFound
    from rindoku.lists import parse_file, read_files
    from rindoku.weeks import span

    week_id = week_id_of(week) if week else None
    day = span(week_id)[1] if week_id else as_of.date()
    sightings: list[Sighting] = []
    digest = load_digest()
    for payload in read_files(path, day.year if week_id else None):
        sightings += parse_file(payload.body, payload.url, day, digest)
    if week_id is None:
        return sightings
    wanted = [sighting for sighting in sightings if sighting.week == week_id]
    if not wanted:
        raise NotFound(
            f"{path} does not list {week}.",
            f"It lists {sightings[0].week} to {sightings[-1].week}.",
        )
    return wanted


def _observe(week: str, source: str, as_of: datetime) -> "Sighting":
    """The week as a source shows it now, saved in the archive."""
    from rindoku.archive.run_log import begin_run, end_run, ends_with_error
    from rindoku.lists import list_week, observe_week
    from rindoku.models import Outcome
    from rindoku.run import Run

    run, week_id = Run(f"entries-{uuid.uuid4()}"), week_id_of(week)
    with run.archive.write() as con:
        begin_run(
            con, run.run_id, flow="entries", week=week_id, as_of=as_of, source=source
        )
    with ends_with_error(run.archive, run.run_id):
        payload_ids = observe_week(run, week_id, source, as_of)
        sighting = list_week(run, week_id, payload_ids, as_of)
    message = f"{len(sighting.entries)} entries listed"
    with run.archive.write() as con:
        end_run(con, run.run_id, Outcome.COMPLETE, message)
    run.archive.publish()
    return sighting


def _print_sighting(sighting: "Sighting") -> None:
    title = (
        f"{sighting.week}  {sighting.heading}  "
        f"({sighting.starts_on} to {sighting.ends_on}, {sighting.source})"
    )
    lines = [title]
    for entry in sighting.entries:
        links = "  ".join(f"{link.role}: {link.canonical}" for link in entry.links)
        lines.append(f"  {entry.rank:>2}  {entry.title}")
        lines.append(f"      {links or 'no link'}")
    lines += [f"  {f.severity}: {f.message}" for f in _findings(sighting)]
    sys.stdout.write("\n".join(lines) + "\n")


def as_rows(sighting: "Sighting") -> list[dict[str, Any]]:
    """Entries as plain values; findings on the week are with its first entry."""
    rows = []
    findings = _findings(sighting)
    for number, entry in enumerate(sighting.entries):
        subjects = {entry.entry_id}
        if number == 0:
            subjects.add(sighting.sighting_id)
        on_entry = [finding for finding in findings if finding.subject in subjects]
        rows.append(_row(sighting, entry, on_entry))
    return rows


def _row(
    sighting: "Sighting", entry: "Entry", findings: "list[Finding]"
) -> dict[str, Any]:
    return {
        "week": sighting.week,
        "starts_on": str(sighting.starts_on),
        "ends_on": str(sighting.ends_on),
        "heading": sighting.heading,
        "rank": entry.rank,
        "title": entry.title,
        "links": [
            {"label": link.label, "url": link.url, "role": link.role}
            for link in entry.links
        ],
        "source": sighting.source,
        "findings": [
            {"check": f.check, "severity": f.severity, "message": f.message}
            for f in findings
        ],
    }


def _findings(sighting: "Sighting") -> "Sequence[Finding]":
    from rindoku.lists import check_age

    return [*sighting.findings, *check_age(sighting)]
