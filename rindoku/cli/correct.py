"""`rindoku correct`: corrects an answer by hand."""

import getpass
import uuid
from datetime import UTC, datetime
from typing import Annotated

import typer

from rindoku.cli.options import DigestName, Home, check_digest, choose_home


def correct(
    question: Annotated[
        str,
        typer.Argument(
            help="The answer: 2024-W14/3/2, or its question_id.", show_default=False
        ),
    ],
    answer: Annotated[
        str | None,
        typer.Option(
            help="The corrected answer; opens an editor if not given.",
            show_default=False,
        ),
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option(help="Reason; asked for if not given.", show_default=False),
    ] = None,
    author: Annotated[
        str | None,
        typer.Option(help="Author; your user name if not given.", show_default=False),
    ] = None,
    digest: DigestName = None,
    home: Home = None,
) -> None:
    """Correct an answer by hand. It is published as a correction; both are kept."""
    import click

    from rindoku import publish
    from rindoku.publish.correct import get_answer
    from rindoku.run import Run

    choose_home(home, digest)
    run = Run(f"correct-{uuid.uuid4()}")
    with run.archive.read_latest() as con:
        check_digest(con)
    stored = get_answer(run, question)
    place = f"{stored.week}/{stored.rank}/{stored.position}"
    if answer is None:
        typer.echo(f"{place}: {stored.question}", err=True)
        answer = click.edit(stored.answer, extension=".txt") or stored.answer
    if reason is None:
        reason = typer.prompt("Why is it corrected?", err=True)
    is_new = publish.correct(
        run,
        stored,
        answer,
        author=author or getpass.getuser(),
        reason=reason,
        at=datetime.now(UTC),
    )
    if is_new:
        typer.echo(
            f"Saved as a correction of {place}. `rindoku render {stored.week}` writes "
            "the article."
        )
    else:
        typer.echo("This correction was already saved.")
