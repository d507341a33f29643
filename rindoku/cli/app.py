"""Commands: thin, each a call into the flow or a look into the archive, and an exit code."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from rindoku.errors import RindokuError

app = typer.Typer(
    name="rindoku",
    help="Reads the papers of the week and writes, in Japanese, what they say and where they say it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 complete, 1 failed, 2 wrong usage, 3 nothing published yet, 4 partial.",
)
sample_app = typer.Typer(no_args_is_help=True, help="The sample week's stand-in for X, arXiv and the model.")
app.add_typer(sample_app, name="sample")

Home = Annotated[
    Path | None, typer.Option(help="Folder of archive and articles, in place of RINDOKU_HOME.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
SourceOption = Annotated[str, typer.Option(help="Where the list is: x, twin, the path of a file, or auto.")]
Week = Annotated[str, typer.Argument(help="2024-W14, a date in the week, or last.", show_default=False)]
OptionalWeek = Annotated[str, typer.Argument(help="2024-W14, a date in the week, or last.")]


@app.command()
def demo(
    home: Annotated[
        Path | None, typer.Option(help="Folder to work in; a fresh temporary one if not given.", show_default=False)
    ] = None,
) -> None:
    """Run the real weekly flow on the sample week, against a stand-in on this machine. No keys, no network."""
    from rindoku.cli.demo import run_demo

    raise typer.Exit(run_demo(home))


@app.command()
def run(
    week: OptionalWeek = "last",
    source: SourceOption = "auto",
    max_usd: Annotated[
        float | None, typer.Option(min=0, help="Stop before the model has cost more than this.", show_default=False)
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Fetch, read, explain and publish one week; only what the archive does not have yet."""
    from rindoku.cli.running import run_week
    from rindoku.weeks import parse_week

    _choose_home(home)
    _check_source(source)
    now = datetime.now(UTC)
    raise typer.Exit(run_week(parse_week(week, now), source, now, max_usd, as_json=as_json))


@app.command()
def rebind(
    week: Annotated[str | None, typer.Argument(help="Only this week.", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--all", help="Also those that are not due yet.")] = False,
    max_usd: Annotated[
        float | None, typer.Option(min=0, help="Stop before the model has cost more than this.", show_default=False)
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Look again at entries that only had a page or a repository: papers follow by days or weeks."""
    from rindoku.cli.plain import print_json
    from rindoku.cli.running import run_rebind

    _choose_home(home)
    result = run_rebind(week, datetime.now(UTC), max_usd, every=every)
    if as_json:
        print_json(result)
    else:
        from rindoku.cli.output import print_looks

        print_looks(result["looks"], result["message"])
    raise typer.Exit(4 if result["message"] else 0)


@app.command()
def entries(
    week: Annotated[
        str | None, typer.Argument(help="2024-W14, a date in it, or last; all of a file if not given.")
    ] = None,
    source: SourceOption = "auto",
    home: Home = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object an entry and line.")] = False,
) -> None:
    """List a week's entries as a source shows them, and what is wrong with them. Nothing else is run."""
    from rindoku.cli.listing import list_entries, print_entries

    _choose_home(home)
    _check_source(source)
    sightings = list_entries(week, source, datetime.now(UTC))
    print_entries(sightings, as_json=as_json)
    raise typer.Exit(4 if any(f.severity == "error" for s in sightings for f in s.findings) else 0)


@app.command()
def diff(week: Week, home: Home = None, as_json: AsJson = False) -> None:
    """Show a week's sources side by side, as far as they were observed."""
    from rindoku.cli.listing import print_diff
    from rindoku.weeks import parse_week

    _choose_home(home)
    print_diff(parse_week(week, datetime.now(UTC)), as_json=as_json)


@app.command()
def forget(
    post_id: Annotated[
        str | None, typer.Argument(help="Id of a post that was deleted on X.", show_default=False)
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Ask X which stored posts are gone, and forget those.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --check: pay for it without being asked.")] = False,
    home: Home = None,
) -> None:
    """Remove a deleted post's text and the answers it came in; its id and the fact stay."""
    from rindoku.forgetting import deleted_posts, forget_post, stored_posts
    from rindoku.prices import x_cost_usd
    from rindoku.settings import load_settings

    _choose_home(home)
    if (post_id is None) != check:
        raise typer.BadParameter("Give the id of a post, or --check.")
    if post_id is not None:
        typer.echo(forget_post(post_id, datetime.now(UTC)))
        return
    settings = load_settings()
    count = len(stored_posts(settings))
    typer.echo(f"Asking X for {count} stored posts costs up to ${x_cost_usd(count, 0, settings.home_path):.2f}.")
    if not yes and not typer.confirm("Go on?"):
        raise typer.Exit(1)
    gone, asked, cost = deleted_posts()
    typer.echo(f"{asked} posts asked for, {len(gone)} are gone, ${cost:.3f} paid.")
    for post in gone:
        typer.echo(forget_post(post, datetime.now(UTC)))


@app.command()
def resolve(
    url: Annotated[str, typer.Argument(help="A web address.", show_default=False)],
    page: Annotated[
        Path | None,
        typer.Option(help="Take this file for what the address gives; nothing is fetched.", show_default=False),
    ] = None,
    confirm: Annotated[bool, typer.Option("--confirm/--no-confirm", help="Ask arXiv whether the titles agree.")] = True,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show which paper an address leads to, by what signs, and what else it could have been. Exit 4: no paper."""
    from rindoku.cli.plain import print_json
    from rindoku.cli.resolving import print_resolution, resolve_url

    _choose_home(home)
    found = resolve_url(url, page, confirm=confirm)
    if as_json:
        print_json(found)
    else:
        print_resolution(found)
    raise typer.Exit(0 if found["paper_id"] else 4)


@app.command()
def text(
    source: Annotated[str, typer.Argument(help="A file, a web address, or the id of a paper.", show_default=False)],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Print the text that is read of a page, a PDF or a paper; with --json also its sections, pages and quality."""
    from rindoku.cli.plain import print_json
    from rindoku.cli.reading import print_text, read_text, text_as_json

    _choose_home(home)
    document = read_text(source)
    if as_json:
        print_json(text_as_json(document))
    else:
        print_text(document)


@app.command()
def show(week: OptionalWeek = "last", home: Home = None, as_json: AsJson = False) -> None:
    """Show what came of a week: its papers, answers, costs and findings."""
    from rindoku.archive import Archive
    from rindoku.cli.plain import print_json
    from rindoku.report import week_report
    from rindoku.settings import load_settings

    _choose_home(home)
    settings = load_settings()
    with Archive(settings.home_path).read() as con:
        report = week_report(con, _known_week(con, week))
    if as_json:
        print_json(report.as_json())
    else:
        from rindoku.cli.output import print_report

        print_report(report, settings)
    raise typer.Exit(report.outcome.exit_code)


@app.command()
def audit(
    week: Annotated[str | None, typer.Argument(help="2024-W14, a date in it, or last; all weeks if not given.")] = None,
    document: Annotated[
        str | None, typer.Option(help="Audit files instead: the text, HTML or PDF.", show_default=False)
    ] = None,
    generation: Annotated[
        Path | None, typer.Option(help="With --document: the answers, as JSON.", show_default=False)
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Verify stored answers again, by the checks of today; no call is made. Exit 4 when one fails."""
    from rindoku.audit import failed
    from rindoku.cli.auditing import audit as run_audit
    from rindoku.cli.auditing import audit_as_json, print_audit
    from rindoku.cli.plain import print_json

    _choose_home(home)
    audited, texts = run_audit(week, document, generation)
    if as_json:
        print_json(audit_as_json(audited, texts))
    else:
        print_audit(audited, texts)
    raise typer.Exit(4 if failed(audited, texts) else 0)


@app.command()
def correct(
    question: Annotated[str, typer.Argument(help="Its place, 2024-W14/3/2, or its question_id.", show_default=False)],
    answer: Annotated[
        str | None, typer.Option(help="The corrected answer; an editor opens if not given.", show_default=False)
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why; asked for if not given.", show_default=False)] = None,
    author: Annotated[str | None, typer.Option(help="Who corrects; you, if not given.", show_default=False)] = None,
    home: Home = None,
) -> None:
    """Correct an answer by hand. It is published as 訂正, whatever is generated later; the answer itself stays stored."""
    import getpass
    import uuid

    import click

    from rindoku import correcting
    from rindoku.run import Run

    _choose_home(home)
    run = Run(f"correct-{uuid.uuid4()}")
    found = correcting.get_answer(run, question)
    if answer is None:
        typer.echo(f"{found['week']} {found['rank']}. Q{found['position']}: {found['question']}", err=True)
        answer = click.edit(found["answer"], extension=".txt") or found["answer"]
    if reason is None:
        reason = typer.prompt("Why is it corrected?", err=True)
    is_new = correcting.correct(run, found, answer, author or getpass.getuser(), reason, datetime.now(UTC))
    typer.echo(
        f"Kept as 訂正 of {found['week']}/{found['rank']}/{found['position']}. `rindoku render {found['week']}` writes the article."
        if is_new else "That correction is there already."
    )  # fmt: skip


@app.command()
def costs(
    week: Annotated[str | None, typer.Argument(help="Only this week.", show_default=False)] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show what the model and X cost, by week, kind of call and model."""
    from rindoku.archive import Archive
    from rindoku.cli.plain import print_json
    from rindoku.cli.spending import find_costs, print_costs
    from rindoku.settings import load_settings

    _choose_home(home)
    with Archive(load_settings().home_path).read() as con:
        rows = find_costs(con, _known_week(con, week) if week else None)
    if as_json:
        print_json(rows)
    else:
        print_costs(rows)


@app.command()
def sql(
    statement: Annotated[str, typer.Argument(help="One SQL statement, in quotes.", show_default=False)],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Query the archive, read-only, also while it is being written. `FROM week_entries` is a good start."""
    from rindoku.cli.plain import print_json
    from rindoku.cli.querying import query_archive

    _choose_home(home)
    names, rows = query_archive(statement)
    if as_json:
        print_json([dict(zip(names, row, strict=True)) for row in rows])
    else:
        from rindoku.cli.output import print_rows

        print_rows(names, rows)


@app.command()
def render(
    week: Week,
    form: Annotated[
        Literal["files", "md", "html"], typer.Option(help="Write the files, or print one form to standard output.")
    ] = "files",
    home: Home = None,
) -> None:
    """Render a week's article again, from the archive alone."""
    from rindoku.archive import Archive
    from rindoku.article import render_article
    from rindoku.settings import load_settings

    _choose_home(home)
    with Archive(load_settings().home_path).read() as con:
        known = _known_week(con, week)
        if form != "files":
            sys.stdout.write(render_article(con, known, form))
            return
    from rindoku.publish import publish_week
    from rindoku.run import Run

    for path in publish_week(Run(""), known):
        typer.echo(path)


@app.command()
def doctor(
    home: Home = None,
    offline: Annotated[bool, typer.Option("--offline", help="Leave the network alone.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check settings, keys, folders, versions and network, and say what to do."""
    from rindoku.cli.doctor import diagnose
    from rindoku.cli.output import print_checks
    from rindoku.cli.plain import print_json

    _choose_home(home)
    checks = diagnose(offline=offline)
    if as_json:
        print_json([check.as_json() for check in checks])
    else:
        print_checks(checks)
    raise typer.Exit(1 if any(check.state == "fail" for check in checks) else 0)


@sample_app.command("serve")
def sample_serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 for a free one.")] = 8787,
    entries: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="Other weeks to serve: JSON lines as of `entries --json`.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Serve the stand-in by hand, and print the environment that sends rindoku there."""
    from rindoku.errors import BadInput
    from rindoku.sample.content import read_weeks
    from rindoku.sample.standin import StandIn

    try:
        standin = StandIn(read_weeks(entries) if entries else (), port=port)
    except OSError as error:
        raise BadInput(f"Port {port} can't be had: {error.strerror}.", "Choose another with --port.") from None
    for name, value in standin.environment().items():
        typer.echo(f"export {name}={value}")
    typer.echo(f"# The stand-in serves on {standin.url}; end it with Ctrl-C.", err=True)
    try:
        standin.serve()
    except KeyboardInterrupt:
        standin.stop()


def _check_source(source: str) -> None:
    from rindoku.errors import BadInput

    if source not in {"auto", "x", "twin"} and not Path(source).exists():
        raise BadInput(
            f"{source!r} is no source.",
            "It can be auto, x, twin, or the path of a file (or a clone of the twin) with the list.",
        )


def _choose_home(home: Path | None) -> None:
    import os

    if home is not None:
        os.environ["RINDOKU_HOME"] = str(home)


def _known_week(con: Any, text: str) -> str:
    """The week meant, where `last` is the newest in the archive."""
    from rindoku.archive.rows import fetch_rows
    from rindoku.archive.statements import query
    from rindoku.weeks import parse_week

    if text.strip().lower() == "last" and (newest := fetch_rows(con, query("newest_week"))[0]["week"]):
        return str(newest)
    return parse_week(text, datetime.now(UTC))


def main() -> None:
    """Entry point: errors made on purpose become one clear message and their exit code."""
    try:
        app()
    except RindokuError as error:
        if "--json" in sys.argv:
            sys.stdout.write(json.dumps({"error": error.message, "remedy": error.remedy}, ensure_ascii=False) + "\n")
        sys.stderr.write(f"rindoku: {error.message}\n")
        if error.remedy:
            sys.stderr.write(f"  {error.remedy}\n")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(1)
