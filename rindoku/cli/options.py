"""Options that commands share."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[
    Path | None,
    typer.Option(
        help="Folder of the archive and the articles, in place of RINDOKU_HOME.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
SourceOption = Annotated[
    str, typer.Option(help="Where the list is: x, twin, the path of a file, or auto.")
]
Week = Annotated[
    str,
    typer.Argument(help="2024-W14, a date in the week, or last.", show_default=False),
]
OptionalWeek = Annotated[
    str, typer.Argument(help="2024-W14, a date in the week, or last.")
]
MaxUsd = Annotated[
    float | None,
    typer.Option(
        min=0,
        help="Stop before the model and X cost more than this, in US dollars.",
        show_default=False,
    ),
]
Batch = Annotated[
    bool,
    typer.Option("--batch", help="Ask in batches: half the price, within a day."),
]
SecondReader = Annotated[
    bool,
    typer.Option(
        "--second-reader",
        help="Have a cheap model check answers against their quotes as well.",
    ),
]


def check_source(source: str) -> None:
    """Raises BadInput for something that is not a source."""
    from rindoku.errors import BadInput
    from rindoku.lists.sources import SOURCES

    if source != "auto" and source not in SOURCES and not Path(source).exists():
        raise BadInput(
            f"{source!r} is not a source.",
            f"It can be auto, {', '.join(SOURCES)}, or the path of a file (or of a "
            "clone of the twin) with the list.",
        )


def choose_home(home: Path | None) -> None:
    """Lets --home replace RINDOKU_HOME."""
    if home is not None:
        os.environ["RINDOKU_HOME"] = str(home)


def archived_week(weeks: list[str], text: str) -> str:
    """The week that is meant, where `last` is the newest of the archive's weeks."""
    from rindoku.weeks import parse_week

    if text.strip().lower() == "last" and weeks:
        return weeks[-1]
    return parse_week(text, datetime.now(UTC))


def optional_week(text: str | None) -> str | None:
    """The id of a week that may be left out."""
    from rindoku.weeks import parse_week

    return parse_week(text, datetime.now(UTC)) if text else None
