"""The sources of lists: X, its public twin, and files.

A new source is a module with the two functions of `ListSource`, and a row in `SOURCES`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rindoku.archive.payloads import save_payload
from rindoku.digests import Digest
from rindoku.errors import BadInput, HostNotFound, NotFound, SourceUnavailable
from rindoku.lists.files import parse_file
from rindoku.lists.twin import fetch_year, parse_year, twin_url
from rindoku.models import Payload, Sighting
from rindoku.run import Run
from rindoku.settings import Settings
from rindoku.web import make_payload
from rindoku.weeks import span


@dataclass(frozen=True)
class ListSource:
    """A source of weekly lists.

    `observe` asks the source what it shows around a week, saves the responses as
    payloads whose `source` is this name, and returns their ids. `parse` returns the
    weeks in those payloads. Of several sightings of a week, the one with the lowest
    `precedence` counts.
    """

    name: str
    precedence: int
    observe: Callable[[Run, str, datetime], list[str]]
    parse: Callable[[Run, Sequence[Payload], str], list[Sighting]]


def find_source(name: str) -> ListSource:
    """A source by its name; any other name is the path of a file."""
    return SOURCES.get(name) or _file_source(name)


def choose_source(name: str, settings: Settings, digest: Digest) -> str:
    """The name of the source to ask.

    `auto` means RINDOKU_SOURCE; if that is `auto` too, X when there is a token, else
    the twin. Raises BadInput when RINDOKU_SOURCE is not a source, and when the digest
    has no twin that could be read.
    """
    chosen = settings.source if name == "auto" else name
    if name == "auto" and chosen not in {"auto", *SOURCES}:
        raise BadInput(
            f"RINDOKU_SOURCE is {chosen!r}.", f"Use auto, {', '.join(SOURCES)}."
        )
    if chosen == "auto":
        chosen = "x" if settings.x_bearer_token else "twin"
    if chosen == "twin":
        twin_url(digest, 0)
    return chosen


def read_files(path: str, year: int | None = None) -> list[Payload]:
    """A file with lists, or the year files of a local clone of the twin.

    Of a clone, the file of `year` is read, or without `year` all of them. Raises
    BadInput when there is none.
    """
    location = Path(path)
    files = [location]
    if location.is_dir():
        years = location / "years"
        folder = years if years.is_dir() else location
        files = sorted(folder.glob(f"{year or '20[0-9][0-9]'}.md"))
    try:
        payloads = [make_payload("file", str(f), 200, f.read_bytes()) for f in files]
    except OSError as error:
        raise BadInput(
            f"{path!r} cannot be read: {error.strerror}.",
            "A source is x, twin, or the path of a file with the list.",
        ) from None
    if not payloads:
        of_year = f" for {year}" if year else ""
        raise BadInput(
            f"{path!r} has no year file{of_year}.",
            "A clone of the twin has them in years/.",
        )
    return payloads


def _observe_x(run: Run, week: str, as_of: datetime) -> list[str]:
    # Imported here because importing tweepy takes half a second.
    from rindoku.lists.observe_x import observe_x

    return observe_x(run, week, as_of)


def _parse_x(run: Run, payloads: Sequence[Payload], week: str) -> list[Sighting]:
    from rindoku.lists.observe_x import parse_x

    return parse_x(run, payloads, week)


def _observe_twin(run: Run, week: str, _as_of: datetime) -> list[str]:
    year = span(week)[1].year
    try:
        return _save(run, [_fetch_year(run, year)])
    except NotFound as error:
        # In the first days of a year its file may be missing, but not the one before.
        try:
            _fetch_year(run, year - 1)
        except NotFound:
            raise SourceUnavailable(
                f"The twin of {run.digest.name} is gone: {error.message}",
                "It may have been renamed or removed: correct `twin` in digests.toml, "
                "or read another source: --source x, or a file.",
            ) from None
        return []


def _fetch_year(run: Run, year: int) -> Payload:
    try:
        return fetch_year(year, run.digest, run.settings)
    except HostNotFound as error:
        raise SourceUnavailable(
            f"The twin cannot be reached: {error.message}",
            "Check the network and the name service, then run again.",
        ) from None


def _parse_twin(run: Run, payloads: Sequence[Payload], week: str) -> list[Sighting]:
    year = span(week)[1].year
    sightings: list[Sighting] = []
    for payload in payloads:
        text = payload.body.decode("utf-8", "replace")
        sightings += parse_year(text, payload.url, year, run.digest)
    return sightings


def _file_source(path: str) -> ListSource:
    def observe(run: Run, week: str, _as_of: datetime) -> list[str]:
        return _save(run, read_files(path, span(week)[1].year))

    return ListSource("file", 1, observe, _parse_files)


def _parse_files(run: Run, payloads: Sequence[Payload], week: str) -> list[Sighting]:
    sunday = span(week)[1]
    sightings: list[Sighting] = []
    for payload in payloads:
        sightings += parse_file(payload.body, payload.url, sunday, run.digest)
    return sightings


def _save(run: Run, payloads: Sequence[Payload]) -> list[str]:
    with run.archive.write() as con:
        for payload in payloads:
            save_payload(con, payload)
    return [payload.payload_id for payload in payloads]


SOURCES = {
    source.name: source
    for source in (
        ListSource("x", 2, _observe_x, _parse_x),
        ListSource("twin", 3, _observe_twin, _parse_twin),
    )
}
