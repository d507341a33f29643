"""`rindoku plan`: shows what a run would still cost."""

import uuid
from typing import TYPE_CHECKING, Annotated

import typer

from rindoku.cli.options import (
    AsJson,
    DigestName,
    Home,
    check_digest,
    choose_home,
    week_id_of,
)

if TYPE_CHECKING:
    from rindoku.explain.plan import Plan


def plan(
    week: Annotated[
        str | None,
        typer.Argument(help="2024-W14, a date in it, or last; all weeks if not given."),
    ] = None,
    digest: DigestName = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show what a run would still cost, by single calls and in batches.

    Makes no paid call.
    """
    from rindoku import explain
    from rindoku.cli.json_output import print_json
    from rindoku.run import Run

    choose_home(home, digest)
    run = Run(f"plan-{uuid.uuid4()}")
    with run.archive.read_latest() as con:
        check_digest(con)
    planned = explain.plan(run, week_id_of(week) if week else None)
    if as_json:
        print_json(planned.as_json())
    else:
        print_plan(planned)


def print_plan(planned: "Plan") -> None:
    """Prints the papers to explain, with prices and durations."""
    from rich.text import Text

    from rindoku.cli.output import console, dollars, plain_table

    out = console()
    if not planned.papers:
        out.print("Nothing to pay for: every paper that was read is explained.")
        return
    columns = ("week", "paper", "tokens", "price", "in a batch")
    table = plain_table(columns, left=("week", "paper"))
    table.show_footer = True
    table.columns[1].footer = f"{len(planned.papers)} papers"
    table.columns[3].footer = dollars(planned.usd)
    table.columns[4].footer = dollars(planned.batch_usd)
    for paper in planned.papers:
        mark = "" if paper.counted else "~"
        table.add_row(
            paper.week,
            Text(paper.title, overflow="ellipsis", no_wrap=True),
            f"{mark}{paper.tokens:,}",
            dollars(paper.usd),
            dollars(paper.batch_usd),
        )
    out.print(table)
    note = (
        f"With {planned.model}: about {planned.minutes:.0f} minutes by single calls; "
        "in batches (--batch) within a day. Repairs, if any, add up to a third."
    )
    if planned.usd_at_most is not None:
        note += (
            f" Replies as long as they may be would cost {dollars(planned.usd_at_most)}"
            ", which is what --max-usd reserves."
        )
    if not all(paper.counted for paper in planned.papers):
        note += " Tokens marked ~ are estimated."
    out.print(note, highlight=False)
