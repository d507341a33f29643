"""Options that commands share."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rindoku.archive import Connection
    from rindoku.digests import Digest

Home = Annotated[
    Path | None,
    typer.Option(
        help="Folder of the archive and the articles, instead of RINDOKU_HOME.",
        show_default=False,
    ),
]
DigestName = Annotated[
    str | None,
    typer.Option(
        "--digest",
        help="The weekly list, by its name in digests.toml, instead of RINDOKU_DIGEST.",
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
    typer.Option("--batch", help="Use batches: half the price, replies within a day."),
]
SecondReader = Annotated[
    bool,
    typer.Option(
        "--second-reader",
        help="Let a cheap model also check the answers against their quotes.",
    ),
]


def check_source(source: str) -> None:
    """Raises BadInput for something that is not a source."""
    from rindoku.errors import BadInput
    from rindoku.lists.sources import SOURCES

    if source != "auto" and source not in SOURCES and not Path(source).exists():
        raise BadInput(
            f"{source!r} is not a source.",
            f"Use auto, {', '.join(SOURCES)}, or the path of a file with the list, or "
            "of a clone of the twin.",
        )


def choose_home(home: Path | None, digest: str | None = None) -> None:
    """Makes --home and --digest replace their variables, for child processes too."""
    if home is not None:
        os.environ["RINDOKU_HOME"] = str(home)
    if digest is not None:
        os.environ["RINDOKU_DIGEST"] = digest


def load_digest() -> "Digest":
    """The digest of the settings. Raises BadInput when there is none of that name."""
    from rindoku.digests import find_digest
    from rindoku.settings import load_settings

    settings = load_settings()
    return find_digest(settings.digest, settings.home_path)


def check_digest(con: "Connection") -> None:
    """Raises BadInput for a digest that neither the archive nor digests.toml has."""
    from rindoku.archive.run_log import is_known_digest

    if not is_known_digest(con):
        load_digest()


def week_id_of(text: str) -> str:
    """The id of a week that is given by id, by a date, or as `last`."""
    from rindoku.run import Run

    return Run("").parse_week(text, datetime.now(UTC))


def archived_week(con: "Connection", text: str) -> str:
    """The id of a week of the archive; `last` is its newest.

    Raises BadInput for a digest that neither the archive nor digests.toml has.
    """
    from rindoku.archive.sightings import find_weeks
    from rindoku.weeks import is_last

    check_digest(con)
    weeks = find_weeks(con)
    return weeks[-1] if weeks and is_last(text) else week_id_of(text)


def optional_week(con: "Connection", text: str | None) -> str | None:
    """As `archived_week`; None when none was given."""
    if text:
        return archived_week(con, text)
    check_digest(con)
    return None
