"""`rindoku sample serve`: runs the stand-in."""

from pathlib import Path
from typing import Annotated

import typer


def serve(
    port: Annotated[
        int,
        typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 for a free one."),
    ] = 8787,
    entries: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="A file with other weeks to serve, as `run --source FILE` reads it.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Run the stand-in, and print the environment that makes rindoku use it."""
    from rindoku.errors import BadInput
    from rindoku.sample import StandIn, read_weeks

    weeks = read_weeks(entries) if entries else ()
    try:
        standin = StandIn(weeks, port=port)
    except OSError as error:
        raise BadInput(
            f"Port {port} is not available: {error.strerror}.",
            "Choose another with --port.",
        ) from None
    for name, value in standin.environment().items():
        typer.echo(f"export {name}={value}")
    typer.echo(
        f"# The stand-in is listening on {standin.url}; stop it with Ctrl-C.", err=True
    )
    try:
        standin.serve()
    except KeyboardInterrupt:
        standin.stop()
