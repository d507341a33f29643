"""`rindoku plan`: what is still to be paid for."""

import uuid
from datetime import UTC, datetime

from rindoku.explain.plan import Plan, plan
from rindoku.run import Run
from rindoku.weeks import parse_week


def make_plan(week: str | None) -> Plan:
    """The plan for a week or for the archive."""
    return plan(
        Run(f"plan-{uuid.uuid4()}"),
        parse_week(week, datetime.now(UTC)) if week else None,
    )


def print_plan(found: Plan) -> None:
    """A table of the papers to be explained, with what they cost by either way and how long that takes."""
    from rich.table import Table
    from rich.text import Text

    from rindoku.cli.output import console, dollars

    out = console()
    if not found.papers:
        out.print("Nothing is to be paid for: every paper that was read is explained.")
        return
    table = Table(box=None, pad_edge=False, header_style="dim", show_footer=True)
    footers = {
        "paper": f"{len(found.papers)} papers",
        "price": dollars(found.usd),
        "in a batch": dollars(found.batch_usd),
    }
    for name in ("week", "paper", "tokens", "price", "in a batch"):
        left = name in {"week", "paper"}
        table.add_column(
            name, justify="left" if left else "right", footer=footers.get(name, "")
        )
    for p in found.papers:
        table.add_row(
            p.week,
            Text(p.title, overflow="ellipsis", no_wrap=True),
            f"{'' if p.counted else '~'}{p.tokens:,}",
            dollars(p.usd),
            dollars(p.batch_usd),
        )
    out.print(table)
    out.print(
        f"With {found.model}: about {found.minutes:.0f} minutes by calls of their own; in batches (--batch) within a day. "
        "A repair, where one follows, adds up to a third."
        + (
            ""
            if all(p.counted for p in found.papers)
            else " Tokens marked ~ are estimated."
        ),
        highlight=False,
    )
