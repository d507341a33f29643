"""Options that commands share, and what they mean."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

Home = Annotated[
    Path | None,
    typer.Option(
        help="Folder of archive and articles, in place of RINDOKU_HOME.",
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
        min=0, help="Stop before the model has cost more than this.", show_default=False
    ),
]
Batch = Annotated[
    bool,
    typer.Option(
        "--batch", help="Ask in batches: half the price, answered within a day."
    ),
]
SecondReader = Annotated[
    bool,
    typer.Option(
        "--second-reader",
        help="Have a cheap model read answers against their quotes as well.",
    ),
]


def check_source(source: str) -> None:
    """Raises BadInput for what is no source."""
    from rindoku.errors import BadInput

    if source not in {"auto", "x", "twin"} and not Path(source).exists():
        raise BadInput(
            f"{source!r} is no source.",
            "It can be auto, x, twin, or the path of a file (or a clone of the twin) with the list.",
        )


def choose_home(home: Path | None) -> None:
    """Lets --home stand in for RINDOKU_HOME."""
    import os

    if home is not None:
        os.environ["RINDOKU_HOME"] = str(home)


def known_week(con: Any, text: str) -> str:
    """The week meant, where `last` is the newest in the archive."""
    from rindoku.archive.rows import fetch_rows
    from rindoku.archive.statements import query
    from rindoku.weeks import parse_week

    if text.strip().lower() == "last" and (
        newest := fetch_rows(con, query("newest_week"))[0]["week"]
    ):
        return str(newest)
    return parse_week(text, datetime.now(UTC))
