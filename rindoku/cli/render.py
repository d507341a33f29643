"""`rindoku render`: renders a week's article from the archive alone."""

import sys
from typing import Annotated

import typer

from rindoku.cli.options import (
    DigestName,
    Home,
    Week,
    archived_week,
    choose_home,
)

_FILES = "files"


def render(
    week: Week,
    form: Annotated[
        str,
        typer.Option(help="Write the files, or print one form (md, html)."),
    ] = _FILES,
    digest: DigestName = None,
    home: Home = None,
) -> None:
    """Render a week's article again, from the archive alone."""
    from rindoku.archive import open_archive
    from rindoku.errors import BadInput
    from rindoku.publish import FORMS, publish_week, render_article
    from rindoku.run import Run
    from rindoku.settings import load_settings

    choose_home(home, digest)
    if form != _FILES and form not in FORMS:
        raise BadInput(
            f"The article has no form {form!r}.",
            f"It can be {_FILES}, {', '.join(FORMS)}.",
        )
    settings = load_settings()
    with open_archive(settings).read() as con:
        week_id = archived_week(con, week)
        if form != _FILES:
            sys.stdout.write(render_article(con, week_id, form, settings.language))
            return
    for path in publish_week(Run(""), week_id):
        typer.echo(path)
