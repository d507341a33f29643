"""Commands that only look: into the archive, at a source, at this machine."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from rindoku.cli.options import (
    AsJson,
    Home,
    OptionalWeek,
    SourceOption,
    Week,
    check_source,
    choose_home,
    known_week,
)


def plan(
    week: Annotated[
        str | None,
        typer.Argument(
            help="2024-W14, a date in it, or last; all weeks of the archive if not given."
        ),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show what a run would still have to pay for, call by call and in batches. Nothing is asked of the model."""
    from rindoku.cli.plain import print_json
    from rindoku.cli.planning import make_plan, print_plan

    choose_home(home)
    found = make_plan(week)
    if as_json:
        print_json(found.as_json())
    else:
        print_plan(found)


def entries(
    week: Annotated[
        str | None,
        typer.Argument(
            help="2024-W14, a date in it, or last; all of a file if not given."
        ),
    ] = None,
    source: SourceOption = "auto",
    home: Home = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object an entry and line.")
    ] = False,
) -> None:
    """List a week's entries as a source shows them, and what is wrong with them. Nothing else is run."""
    from rindoku.cli.listing import list_entries, print_entries

    choose_home(home)
    check_source(source)
    sightings = list_entries(week, source, datetime.now(UTC))
    print_entries(sightings, as_json=as_json)
    raise typer.Exit(
        4 if any(f.severity == "error" for s in sightings for f in s.findings) else 0
    )


def diff(week: Week, home: Home = None, as_json: AsJson = False) -> None:
    """Show a week's sources side by side, as far as they were observed."""
    from rindoku.cli.listing import print_diff
    from rindoku.weeks import parse_week

    choose_home(home)
    print_diff(parse_week(week, datetime.now(UTC)), as_json=as_json)


def resolve(
    url: Annotated[str, typer.Argument(help="A web address.", show_default=False)],
    page: Annotated[
        Path | None,
        typer.Option(
            help="Take this file for what the address gives; nothing is fetched.",
            show_default=False,
        ),
    ] = None,
    confirm: Annotated[
        bool,
        typer.Option(
            "--confirm/--no-confirm", help="Ask arXiv whether the titles agree."
        ),
    ] = True,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show which paper an address leads to, by what signs, and what else it could have been. Exit 4: no paper."""
    from rindoku.cli.plain import print_json
    from rindoku.cli.resolving import print_resolution, resolve_url

    choose_home(home)
    found = resolve_url(url, page, confirm=confirm)
    if as_json:
        print_json(found)
    else:
        print_resolution(found)
    raise typer.Exit(0 if found["paper_id"] else 4)


def text(
    source: Annotated[
        str,
        typer.Argument(
            help="A file, a web address, or the id of a paper.", show_default=False
        ),
    ],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Print the text that is read of a page, a PDF or a paper; with --json also its sections, pages and quality."""
    from rindoku.cli.plain import print_json
    from rindoku.cli.reading import print_text, read_text, text_as_json

    choose_home(home)
    document = read_text(source)
    if as_json:
        print_json(text_as_json(document))
    else:
        print_text(document)


def show(
    week: OptionalWeek = "last", home: Home = None, as_json: AsJson = False
) -> None:
    """Show what came of a week: its papers, answers, costs and findings."""
    from rindoku.archive import Archive
    from rindoku.cli.plain import print_json
    from rindoku.publish.report import week_report
    from rindoku.settings import load_settings

    choose_home(home)
    settings = load_settings()
    with Archive(settings.home_path).read() as con:
        report = week_report(con, known_week(con, week), settings.language)
    if as_json:
        print_json(report.as_json())
    else:
        from rindoku.cli.output import print_report

        print_report(report, settings)
    raise typer.Exit(report.outcome.exit_code)


def audit(
    week: Annotated[
        str | None,
        typer.Argument(help="2024-W14, a date in it, or last; all weeks if not given."),
    ] = None,
    document: Annotated[
        str | None,
        typer.Option(
            help="Audit files instead: the text, HTML or PDF.", show_default=False
        ),
    ] = None,
    generation: Annotated[
        Path | None,
        typer.Option(help="With --document: the answers, as JSON.", show_default=False),
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Verify stored answers again, by the checks of today; no call is made. Exit 4 when one fails."""
    from rindoku.cli.auditing import audit as run_audit
    from rindoku.cli.auditing import audit_as_json, print_audit
    from rindoku.cli.plain import print_json
    from rindoku.verify.audit import failed

    choose_home(home)
    audited, texts = run_audit(week, document, generation)
    if as_json:
        print_json(audit_as_json(audited, texts))
    else:
        print_audit(audited, texts)
    raise typer.Exit(4 if failed(audited, texts) else 0)


def costs(
    week: Annotated[
        str | None, typer.Argument(help="Only this week.", show_default=False)
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show what the model and X cost, by week, kind of call and model."""
    from rindoku.archive import Archive
    from rindoku.cli.plain import print_json
    from rindoku.cli.spending import find_costs, print_costs
    from rindoku.settings import load_settings

    choose_home(home)
    with Archive(load_settings().home_path).read() as con:
        rows = find_costs(con, known_week(con, week) if week else None)
    if as_json:
        print_json(rows)
    else:
        print_costs(rows)


def sql(
    statement: Annotated[
        str, typer.Argument(help="One SQL statement, in quotes.", show_default=False)
    ],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Query the archive, read-only, also while it is being written. `FROM week_entries` is a good start."""
    from rindoku.cli.plain import print_json
    from rindoku.cli.querying import query_archive

    choose_home(home)
    names, rows = query_archive(statement)
    if as_json:
        print_json([dict(zip(names, row, strict=True)) for row in rows])
    else:
        from rindoku.cli.output import print_rows

        print_rows(names, rows)


def render(
    week: Week,
    form: Annotated[
        Literal["files", "md", "html"],
        typer.Option(help="Write the files, or print one form to standard output."),
    ] = "files",
    home: Home = None,
) -> None:
    """Render a week's article again, from the archive alone."""
    from rindoku.archive import Archive
    from rindoku.publish.article import render_article
    from rindoku.settings import load_settings

    choose_home(home)
    settings = load_settings()
    with Archive(settings.home_path).read() as con:
        known = known_week(con, week)
        if form != "files":
            sys.stdout.write(render_article(con, known, form, settings.language))
            return
    from rindoku.publish.issue import publish_week
    from rindoku.run import Run

    for path in publish_week(Run(""), known):
        typer.echo(path)


def doctor(
    home: Home = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Leave the network alone.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check settings, keys, folders, versions and network, and say what to do."""
    from rindoku.cli.doctor import diagnose
    from rindoku.cli.output import print_checks
    from rindoku.cli.plain import print_json

    choose_home(home)
    checks = diagnose(offline=offline)
    if as_json:
        print_json([check.as_json() for check in checks])
    else:
        print_checks(checks)
    raise typer.Exit(1 if any(check.state == "fail" for check in checks) else 0)
