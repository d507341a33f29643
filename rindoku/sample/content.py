"""What the stand-in knows: the sample week's papers and thread, and papers made up for any other list.

Facts (titles, authors, dates, categories, addresses) of the sample week are real; every sentence is ours.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from rindoku.identifiers import find_arxiv_id
from rindoku.links import canonical

WEEK_FOLDER = Path(__file__).parent / "week"
PDF_PATH = WEEK_FOLDER / "eurus.pdf"
SAMPLE_WEEK = "2024-W14"
AS_OF = datetime(2024, 4, 15, tzinfo=UTC)
ACCOUNT = "dair_ai"
ACCOUNT_ID = "889050642903293953"


@dataclass(frozen=True)
class SamplePaper:
    """A paper of the stand-in. `arxiv` is its base id or None; `url` the page of a work without one."""

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
    """An entry of a list the stand-in posts."""

    rank: int
    title: str
    blurb: str
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SampleWeek:
    """A list the stand-in posts as a classic thread, and holds in the twin's year file."""

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
        thread["week"],
        thread["heading"],
        date(2024, 4, 1),
        date(2024, 4, 7),
        thread["posted_at"],
        entries,
        tuple(thread["bullets"]),
        thread["promo"],
    )


def read_weeks(path: Path) -> list[SampleWeek]:
    """Weeks from a list of entries: JSON lines with week, starts_on, ends_on, heading, rank, title, links."""
    weeks: dict[str, list[dict[str, Any]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        weeks.setdefault(row["week"], []).append(row)
    return [_week(rows) for rows in weeks.values()]


def made_up_papers(weeks: Iterable[SampleWeek]) -> list[SamplePaper]:
    """A paper for each link of the weeks that is for one; the same list always gives the same papers."""
    papers: dict[str, SamplePaper] = {}
    for week in weeks:
        for entry in week.entries:
            url = next(
                (u for label, u in entry.links if label.lower() != "tweet"), None
            )
            if url is None:
                continue
            found = find_arxiv_id(url)
            key = found.base if found else canonical(url)
            papers.setdefault(
                key,
                _make_up(
                    entry, found.base if found else None, canonical(url), week.starts_on
                ),
            )
    return list(papers.values())


def _paper(data: Mapping[str, Any]) -> SamplePaper:
    reply = {"tldr": data["tldr"], "summary": data["summary"], "qa": data["qa"]}
    return SamplePaper(
        title=data["title"],
        authors=tuple(data["authors"]),
        et_al=data.get("et_al", False),
        abstract=data["abstract"],
        sections=tuple((t, s) for t, s in data["sections"]),
        arxiv=data.get("arxiv"),
        versions=tuple(data.get("versions", ())),
        categories=tuple(data.get("categories", ())),
        url=data.get("url"),
        published=data.get("published"),
        repository=data.get("repository"),
        page=data.get("page"),
        pdf=data.get("pdf"),
        reply=reply,
    )


def _week(rows: list[dict[str, Any]]) -> SampleWeek:
    first = rows[0]
    ends_on = date.fromisoformat(first["ends_on"])
    entries = tuple(
        SampleEntry(
            r["rank"],
            r["title"],
            "an entry of a list that was given to the stand-in.",
            tuple((link["label"], link["url"]) for link in r["links"]),
        )
        for r in rows
    )
    heading = re.sub(r"\s*-\s*20\d\d$", "", first["heading"]) + ":"
    posted_at = datetime.combine(ends_on, time(15, 4), UTC)
    return SampleWeek(
        first["week"],
        heading,
        date.fromisoformat(first["starts_on"]),
        ends_on,
        posted_at,
        entries,
    )


_GIVEN = (
    "Aiko",
    "Bruno",
    "Chen",
    "Dora",
    "Emil",
    "Fatima",
    "Goro",
    "Hana",
    "Ines",
    "Jun",
    "Kofi",
    "Lena",
)
_FAMILY = (
    "Abe",
    "Braun",
    "Costa",
    "Dietz",
    "Endo",
    "Farah",
    "Gupta",
    "Hale",
    "Ito",
    "Jansen",
    "Kato",
    "Lind",
)
_FIELDS = (
    "language modelling",
    "visual recognition",
    "planning",
    "speech",
    "retrieval",
    "program synthesis",
)


def _make_up(entry: SampleEntry, arxiv: str | None, url: str, day: date) -> SamplePaper:
    seed = int.from_bytes(
        hashlib.blake2b(f"{arxiv or url}".encode(), digest_size=8).digest(), "big"
    )

    def pick(options: tuple[str, ...], salt: int) -> str:
        return options[(seed >> salt) % len(options)]

    field, gain, size = pick(_FIELDS, 3), 3 + seed % 37, 1 + seed % 69
    name = entry.title.split(":")[0]
    authors = tuple(f"{pick(_GIVEN, s)} {pick(_FAMILY, s + 5)}" for s in (7, 19, 31))
    published = _arxiv_day(arxiv) if arxiv else day
    sections = (
        (
            "1 Introduction",
            f"Progress in {field} has been quick, yet the cost of the usual methods remains a problem. We present {name}, a method that reaches the same quality at a lower cost.",
        ),
        (
            "2 Method",
            f"The approach consists of {2 + seed % 5} stages that are trained one after the other. Every stage is based on a transformer with {size}B parameters, and the last one corrects the output of the others.",
        ),
        (
            "3 Experiments",
            f"We evaluate on {3 + seed % 9} benchmarks of {field} and compare with the strongest published baselines. The method outperforms the best baseline by {gain}% on average and needs half of its training steps.",
        ),
        (
            "4 Data",
            f"The models were trained on {100 + seed % 900} thousand examples that are open to everybody. No private data was used in any stage of the training.",
        ),
        (
            "5 Conclusion",
            f"A limitation of the study is that only English data was used. Code and models are released for others who work on {field}.",
        ),
    )
    return SamplePaper(
        title=entry.title,
        authors=authors,
        et_al=False,
        abstract=f"We study {field} and present {name}, which outperforms the best baseline by {gain}% on average.",
        sections=sections,
        arxiv=arxiv,
        versions=(datetime.combine(published, time(12), UTC),) if arxiv else (),
        categories=("cs.CL", "cs.LG") if arxiv else (),
        url=None if arxiv else url,
        published=published,
    )


def _arxiv_day(base: str) -> date:
    """The day an id of the new form stands for: its month, and a day that grows with its number."""
    match = re.fullmatch(r"(\d\d)(\d\d)\.(\d+)", base)
    if match is None:
        return date(2000, 1, 1)
    first = date(2000 + int(match[1]), int(match[2]), 1)
    return first + timedelta(days=min(27, int(match[3]) // 700))
