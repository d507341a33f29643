"""`rindoku run`: runs the weekly flow for one week, from the post to the article."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from rindoku.cli.options import (
    AsJson,
    Batch,
    DigestName,
    Home,
    MaxUsd,
    OptionalWeek,
    SecondReader,
    SourceOption,
    check_source,
    choose_home,
    week_id_of,
)


def run(
    week: OptionalWeek = "last",
    source: SourceOption = "auto",
    max_usd: MaxUsd = None,
    batch: Batch = False,
    second_reader: SecondReader = False,
    again: Annotated[
        bool,
        typer.Option(
            "--again", help="Ask anew about papers whose replies were unusable."
        ),
    ] = False,
    digest: DigestName = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Fetch, read, explain and publish one week; does only what the archive lacks."""
    from rindoku.cli.flow_runner import Spending, report_run, run_weekly
    from rindoku.models import Outcome

    choose_home(home, digest)
    check_source(source)
    now = datetime.now(UTC)
    week_id = week_id_of(week)
    spending = Spending(max_usd, batch=batch, second_reader=second_reader, again=again)
    result = run_weekly(week_id, source, now, spending)
    report_run(week_id, result["message"], as_json=as_json)
    raise typer.Exit(Outcome(result["outcome"]).exit_code)
