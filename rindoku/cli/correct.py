"""`rindoku correct`: corrects an answer by hand."""

import getpass
import os
import sys
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
        answer = _edit(stored.answer)
    if reason is None:
        reason = _ask_reason()
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


def _edit(text: str) -> str:
    """A text as the user's editor returns it. Raises BadInput without an editor."""
    import click

    from rindoku.errors import BadInput

    has_editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not has_editor and not sys.stdin.isatty():
        raise BadInput("There is no terminal for an editor.", "Give --answer.")
    try:
        return click.edit(text, extension=".txt") or text
    except click.ClickException as error:
        raise BadInput(
            f"The editor did not start or failed: {error.message}.",
            "Set EDITOR to another one, or give --answer.",
        ) from None


def _ask_reason() -> str:
    """The reason, asked for. Raises BadInput when nobody can be asked."""
    from rindoku.errors import BadInput

    try:
        return str(typer.prompt("Why is it corrected?", err=True))
    except typer.Abort:
        if sys.stdin.isatty():
            raise
        raise BadInput(
            "There is no terminal to ask for the reason.", "Give --reason."
        ) from None
