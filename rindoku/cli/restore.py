"""`rindoku restore`: goes on with what is left of a home."""

import uuid
from typing import Annotated

import typer

from rindoku.cli.options import Home, choose_home


def restore(
    texts: Annotated[
        bool,
        typer.Option("--texts", help="Read all papers again whose texts are gone."),
    ] = False,
    home: Home = None,
) -> None:
    """Go on with what is left of a home: adopt the published copy of the archive.

    What is replaced is kept in the folder writer. A backup of both files is better.
    """
    from rindoku.papers import read_again
    from rindoku.run import Run

    choose_home(home)
    run = Run(f"restore-{uuid.uuid4()}")
    steps = run.archive.restore()
    for step in steps:
        typer.echo(step)
    if steps:
        run.archive.publish()
    if texts:
        _report(read_again(run))
    elif not steps:
        typer.echo("No file of the archive is missing; nothing was done.")


def _report(failures: list[str]) -> None:
    for failure in failures:
        typer.echo(failure)
    typer.echo(
        "All texts are there again." if not failures else "The others are there."
    )
    if failures:
        raise typer.Exit(4)
