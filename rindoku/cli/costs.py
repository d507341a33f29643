"""`rindoku costs`: what was paid, and for what."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from rindoku.cli.options import AsJson, Home, archived_week, choose_home

if TYPE_CHECKING:
    from rindoku.archive.reports import WeekCosts


def costs(
    week: Annotated[
        str | None, typer.Argument(help="Only this week.", show_default=False)
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show what the model and X cost, by week, kind of call and model."""
    from rindoku.archive import Archive
    from rindoku.archive.reports import find_costs
    from rindoku.archive.sightings import find_weeks
    from rindoku.cli.json_output import print_json
    from rindoku.settings import load_settings

    choose_home(home)
    with Archive(load_settings().home_path).read() as con:
        week_id = archived_week(find_weeks(con), week) if week else None
        found = find_costs(con, week_id)
    if as_json:
        print_json([asdict(item) for item in found])
    else:
        print_costs(found)


def print_costs(found: "list[WeekCosts]") -> None:
    """A table with its sum."""
    from rindoku.cli.output import console, dollars, plain_table

    columns = (
        "week",
        "kind",
        "model",
        "calls",
        "input",
        "cache write",
        "cache read",
        "output",
        "cost",
    )
    table = plain_table(columns, left=("week", "kind", "model"))
    known = [item.cost_usd for item in found if item.cost_usd is not None]
    table.show_footer = True
    table.columns[-1].footer = dollars(sum(known))
    for item in found:
        table.add_row(
            item.week,
            item.kind,
            item.model,
            str(item.calls),
            _count(item.input_tokens),
            _count(item.cache_write_tokens),
            _count(item.cache_read_tokens),
            _count(item.output_tokens),
            dollars(item.cost_usd),
        )
    out = console()
    out.print(table)
    unanswered = sum(item.unanswered for item in found)
    if unanswered:
        out.print(
            f"{unanswered} calls were in flight when their run was killed; they may "
            "have been billed.",
            style="yellow",
        )
    if len(known) < len(found):
        out.print(
            "The price of a model is unknown; add it to the home folder's prices.toml.",
            style="yellow",
        )


def _count(tokens: int | None) -> str:
    return "" if tokens is None else f"{tokens:,}"
