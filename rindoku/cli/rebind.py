"""`rindoku rebind`: looks up again entries for which only a web page was found."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from rindoku.cli.options import (
    AsJson,
    DigestName,
    Home,
    MaxUsd,
    check_digest,
    choose_home,
    week_id_of,
)


def rebind(
    week: Annotated[
        str | None, typer.Argument(help="Only this week.", show_default=False)
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Include entries that are not due yet.")
    ] = False,
    max_usd: MaxUsd = None,
    digest: DigestName = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Look up again entries for which only a web page was found.

    Papers often appear days or weeks after their page.
    """
    from rindoku.cli.flow_runner import run_rebind
    from rindoku.cli.json_output import print_json
    from rindoku.run import Run

    choose_home(home, digest)
    # Before Prefect starts, which takes longer than finding a mistake.
    with Run("").archive.read_latest() as con:
        check_digest(con)
    week = week_id_of(week) if week else None
    result = run_rebind(week, datetime.now(UTC), max_usd, every=every)
    if as_json:
        print_json(result)
    else:
        print_looks(result["looks"], result["message"])
    raise typer.Exit(4 if result["message"] else 0)


def print_looks(looks: Sequence[Mapping[str, Any]], message: str) -> None:
    """Prints the result of looking up each entry again."""
    from rich.text import Text

    from rindoku.cli.output import console

    out = console()
    if not looks:
        out.print(
            "Nothing is due: entries are looked up again 7 and 30 days after the first "
            "time, until they have a paper. Use --all to look them up now."
        )
    for look in looks:
        change = _change(look)
        place = f"{look['week']} {look['rank']:>2}."
        line = f"{place} {look['name']}: {change or 'unchanged'}"
        out.print(Text(line, style="bold" if change else ""))
        if look["rebound"]:
            before = look["before"] or "no paper"
            out.print(Text(f"       {before} → {look['after']}"))
            out.print(Text(f"       {look['evidence']}"))
    if message:
        out.print(Text(message, style="yellow"))


def _change(look: Mapping[str, Any]) -> str:
    if look["rebound"]:
        return "resolved to another work"
    return "new text" if look["reread"] else ""
