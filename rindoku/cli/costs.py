"""`rindoku costs`: what was paid, and for what."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from rindoku.cli.options import AsJson, DigestName, Home, choose_home, optional_week

if TYPE_CHECKING:
    from rindoku.archive.overview import WeekCosts


def costs(
    week: Annotated[
        str | None, typer.Argument(help="Only this week.", show_default=False)
    ] = None,
    digest: DigestName = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Show what the model and X cost, by week, kind of call and model."""
    from rindoku.archive import open_archive
    from rindoku.archive.overview import find_costs
    from rindoku.cli.json_output import print_json
    from rindoku.settings import load_settings

    choose_home(home, digest)
    with open_archive(load_settings()).read() as con:
        week_id = optional_week(con, week)
        week_costs = find_costs(con, week_id)
    if as_json:
        print_json([asdict(row) for row in week_costs])
    else:
        print_costs(week_costs)


def print_costs(week_costs: "list[WeekCosts]") -> None:
    """Prints a table of costs with their sum."""
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
    known = [row.cost_usd for row in week_costs if row.cost_usd is not None]
    table.show_footer = True
    table.columns[-1].footer = dollars(sum(known))
    for row in week_costs:
        cells = (
            row.week,
            row.kind,
            row.model,
            str(row.calls),
            _count(row.input_tokens),
            _count(row.cache_write_tokens),
            _count(row.cache_read_tokens),
            _count(row.output_tokens),
            dollars(row.cost_usd),
        )
        table.add_row(*cells)
    out = console()
    out.print(table)
    unanswered = sum(row.unanswered for row in week_costs)
    if unanswered:
        most = sum(row.unanswered_usd or 0.0 for row in week_costs)
        out.print(
            f"{unanswered} calls have no reply: they are awaited in a batch, or their "
            f"reply was lost. They may be billed with up to {dollars(most)}.",
            style="yellow",
        )
    if len(known) < len(week_costs):
        out.print(
            "The price of a model is unknown; add it to the home folder's prices.toml.",
            style="yellow",
        )


def _count(tokens: int | None) -> str:
    return "" if tokens is None else f"{tokens:,}"
