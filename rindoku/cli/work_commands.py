"""Commands that do something: each a call into a flow or the domain, and an exit code."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from rindoku.cli.options import (
    AsJson,
    Batch,
    Home,
    MaxUsd,
    OptionalWeek,
    SecondReader,
    SourceOption,
    check_source,
    choose_home,
)


def demo(
    home: Annotated[
        Path | None,
        typer.Option(
            help="Folder to work in; a fresh temporary one if not given.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Run the real weekly flow on the sample week, against a stand-in on this machine. No keys, no network."""
    from rindoku.cli.demo import run_demo

    raise typer.Exit(run_demo(home))


def run(
    week: OptionalWeek = "last",
    source: SourceOption = "auto",
    max_usd: MaxUsd = None,
    batch: Batch = False,
    second_reader: SecondReader = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Fetch, read, explain and publish one week; only what the archive does not have yet."""
    from rindoku.cli.running import How, run_week
    from rindoku.weeks import parse_week

    choose_home(home)
    check_source(source)
    now = datetime.now(UTC)
    how = How(max_usd, batch=batch, second_reader=second_reader)
    raise typer.Exit(run_week(parse_week(week, now), source, now, how, as_json=as_json))


def rebind(
    week: Annotated[
        str | None, typer.Argument(help="Only this week.", show_default=False)
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also those that are not due yet.")
    ] = False,
    max_usd: MaxUsd = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Look again at entries that only had a page or a repository: papers follow by days or weeks."""
    from rindoku.cli.plain import print_json
    from rindoku.cli.running import run_rebind

    choose_home(home)
    result = run_rebind(week, datetime.now(UTC), max_usd, every=every)
    if as_json:
        print_json(result)
    else:
        from rindoku.cli.output import print_looks

        print_looks(result["looks"], result["message"])
    raise typer.Exit(4 if result["message"] else 0)


def ask(
    where: Annotated[
        str,
        typer.Argument(
            help="A paper's id or its place (2024-W14/3), a week, or all.",
            show_default=False,
        ),
    ],
    question: Annotated[
        str, typer.Argument(help="The question, in quotes.", show_default=False)
    ],
    papers: Annotated[
        int,
        typer.Option(
            min=1,
            max=20,
            help="Of a week or all: ask so many papers, the most relevant.",
        ),
    ] = 3,
    second_reader: SecondReader = False,
    max_usd: MaxUsd = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Ask a question of your own; the answer is verified like all others, kept, and shown again for free."""
    from rindoku.cli.asking import ask_where, exit_code, print_answers
    from rindoku.cli.plain import print_json

    choose_home(home)
    answers, words = ask_where(
        where, question, papers, max_usd, datetime.now(UTC), second_reader=second_reader
    )
    if as_json:
        print_json(answers)
    else:
        print_answers(answers, words)
    raise typer.Exit(exit_code(answers))


def correct(
    question: Annotated[
        str,
        typer.Argument(
            help="Its place, 2024-W14/3/2, or its question_id.", show_default=False
        ),
    ],
    answer: Annotated[
        str | None,
        typer.Option(
            help="The corrected answer; an editor opens if not given.",
            show_default=False,
        ),
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option(help="Why; asked for if not given.", show_default=False),
    ] = None,
    author: Annotated[
        str | None,
        typer.Option(help="Who corrects; you, if not given.", show_default=False),
    ] = None,
    home: Home = None,
) -> None:
    """Correct an answer by hand. It is published as 訂正, whatever is generated later; the answer itself stays stored."""
    import getpass
    import uuid

    import click

    from rindoku.publish import correct as correcting
    from rindoku.run import Run

    choose_home(home)
    run = Run(f"correct-{uuid.uuid4()}")
    found = correcting.get_answer(run, question)
    if answer is None:
        typer.echo(
            f"{found['week']} {found['rank']}. Q{found['position']}: {found['question']}",
            err=True,
        )
        answer = click.edit(found["answer"], extension=".txt") or found["answer"]
    if reason is None:
        reason = typer.prompt("Why is it corrected?", err=True)
    is_new = correcting.correct(
        run, found, answer, author or getpass.getuser(), reason, datetime.now(UTC)
    )
    typer.echo(
        f"Kept as 訂正 of {found['week']}/{found['rank']}/{found['position']}. `rindoku render {found['week']}` writes the article."
        if is_new
        else "That correction is there already."
    )


def forget(
    post_id: Annotated[
        str | None,
        typer.Argument(help="Id of a post that was deleted on X.", show_default=False),
    ] = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Ask X which stored posts are gone, and forget those."
        ),
    ] = False,
    yes: Annotated[
        bool,
        typer.Option("--yes", help="With --check: pay for it without being asked."),
    ] = False,
    home: Home = None,
) -> None:
    """Remove a deleted post's text and the answers it came in; its id and the fact stay."""
    from rindoku.lists.forget import deleted_posts, forget_post, stored_posts
    from rindoku.prices import x_cost_usd
    from rindoku.settings import load_settings

    choose_home(home)
    if (post_id is None) != check:
        raise typer.BadParameter("Give the id of a post, or --check.")
    if post_id is not None:
        typer.echo(forget_post(post_id, datetime.now(UTC)))
        return
    settings = load_settings()
    count = len(stored_posts(settings))
    typer.echo(
        f"Asking X for {count} stored posts costs up to ${x_cost_usd(count, 0, settings.home_path):.2f}."
    )
    if not yes and not typer.confirm("Go on?"):
        raise typer.Exit(1)
    gone, asked, cost = deleted_posts()
    typer.echo(f"{asked} posts asked for, {len(gone)} are gone, ${cost:.3f} paid.")
    for post in gone:
        typer.echo(forget_post(post, datetime.now(UTC)))


def sample_serve(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 for a free one.")
    ] = 8787,
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
        raise BadInput(
            f"Port {port} can't be had: {error.strerror}.",
            "Choose another with --port.",
        ) from None
    for name, value in standin.environment().items():
        typer.echo(f"export {name}={value}")
    typer.echo(f"# The stand-in serves on {standin.url}; end it with Ctrl-C.", err=True)
    try:
        standin.serve()
    except KeyboardInterrupt:
        standin.stop()
