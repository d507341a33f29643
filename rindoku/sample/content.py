"""The papers and lists that the stand-in serves, including the sample week.

The facts of the sample week (titles, authors, dates, categories, addresses) are real;
all its sentences were written for it.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from rindoku.digests import DEFAULT, Digest, find_digest
from rindoku.lists import parse_file
from rindoku.models import Entry, Sighting

WEEK_FOLDER = Path(__file__).parent / "week"
PDF_PATH = WEEK_FOLDER / "eurus.pdf"
SAMPLE_WEEK = "2024-W14"
AS_OF = datetime(2024, 4, 15, tzinfo=UTC)
ACCOUNT = "dair_ai"
ACCOUNT_ID = "889050642903293953"
# Time at which the account posts a week that is read from a file.
_POSTED_AT = time(15, 4)
_YEAR_SUFFIX = re.compile(r"\s*-\s*20\d\d$")


@dataclass(frozen=True)
class SamplePaper:
    """A paper of the stand-in.

    `arxiv` is its base id; a work without one has a page at `url`. `page` and
    `repository` lead to the paper; `pdf` is another address of it. `reply` is what the
    model answers about it; without one, the model makes up a reply.
    """

    title: str
    authors: tuple[str, ...]
    et_al: bool
    abstract: str
    sections: tuple[tuple[str, str], ...]
    arxiv: str | None = None
    versions: tuple[datetime, ...] = ()
    categories: tuple[str, ...] = ()
    url: str | None = None
    published: date | None = None
    repository: str | None = None
    page: str | None = None
    pdf: str | None = None
    comment: str | None = None
    reply: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class SampleEntry:
    """An entry of a list; links are labels and addresses."""

    rank: int
    title: str
    blurb: str
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SampleWeek:
    """A list that the stand-in posts on X and has in the twin's year file."""

    week: str
    heading: str
    starts_on: date
    ends_on: date
    posted_at: datetime
    entries: tuple[SampleEntry, ...]
    bullets: tuple[str, ...] = ()
    promo: str = ""


@cache
def sample_papers() -> tuple[SamplePaper, ...]:
    """The ten papers of the sample week."""
    files = sorted(p for p in WEEK_FOLDER.glob("*.toml") if p.name != "thread.toml")
    return tuple(_paper(tomllib.loads(f.read_text(encoding="utf-8"))) for f in files)


@cache
def sample_week() -> SampleWeek:
    """The sample week as the thread lists it."""
    thread = tomllib.loads((WEEK_FOLDER / "thread.toml").read_text(encoding="utf-8"))
    entries = tuple(
        SampleEntry(rank, e["title"], e["blurb"], (("Paper", e["url"]),))
        for rank, e in enumerate(thread["entries"], 1)
    )
    return SampleWeek(
        week=thread["week"],
        heading=thread["heading"],
        starts_on=date(2024, 4, 1),
        ends_on=date(2024, 4, 7),
        posted_at=thread["posted_at"],
        entries=entries,
        bullets=tuple(thread["bullets"]),
        promo=thread["promo"],
    )


def read_weeks(path: Path) -> list[SampleWeek]:
    """The weeks in a file, of any form that rindoku reads.

    Raises BadInput, and EmptyThread for a heading without entries.
    """
    digest = find_digest(DEFAULT, Path())
    sightings = parse_file(path.read_bytes(), str(path), AS_OF.date(), digest)
    return [_week(sighting, digest) for sighting in sightings]


def _paper(table: Mapping[str, Any]) -> SamplePaper:
    return SamplePaper(
        title=table["title"],
        authors=tuple(table["authors"]),
        et_al=table.get("et_al", False),
        abstract=table["abstract"],
        sections=tuple((title, text) for title, text in table["sections"]),
        arxiv=table.get("arxiv"),
        versions=tuple(table.get("versions", ())),
        categories=tuple(table.get("categories", ())),
        url=table.get("url"),
        published=table.get("published"),
        repository=table.get("repository"),
        page=table.get("page"),
        pdf=table.get("pdf"),
        reply={name: table[name] for name in ("tldr", "summary", "qa")},
    )


def _week(sighting: Sighting, digest: Digest) -> SampleWeek:
    first, last = sighting.starts_on, sighting.ends_on
    heading = _YEAR_SUFFIX.sub("", sighting.heading).removesuffix(":")
    if not digest.heading.search(heading):
        days = f"{first:%B} {first.day} - {last:%B} {last.day}"
        heading = f"Top AI Papers of the Week ({days})"
    return SampleWeek(
        week=sighting.week,
        heading=f"{heading}:",
        starts_on=first,
        ends_on=last,
        posted_at=datetime.combine(last, _POSTED_AT, UTC),
        entries=tuple(map(_entry, sighting.entries)),
    )


def _entry(entry: Entry) -> SampleEntry:
    return SampleEntry(
        rank=entry.rank,
        title=entry.title,
        blurb="an entry of a list that was given to the stand-in.",
        links=tuple((link.label, link.url) for link in entry.links),
    )
