"""The week contract: assembles sightings, with findings where they are incomplete."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from rindoku.digests import Digest, week_in_keys
from rindoku.identifiers import find_arxiv_id
from rindoku.keys import content_key
from rindoku.links import canonical, role_of
from rindoku.models import Entry, Finding, Link, Sighting
from rindoku.weeks import MISSING_RANKS, Heading, week_of, why_incomplete

# X numbers its posts with up to 19 digits.
_STATUS_ID = re.compile(r"/status/(\d{1,20})(?!\d)")
_SNOWFLAKE_EPOCH_MS = 1_288_834_974_657
_OLD_POST = timedelta(days=14)


def make_link(url: str, label: str = "") -> Link:
    """A link of an entry, with its canonical form and its role."""
    address = canonical(url)
    return Link(label, url, address, role_of(address, label))


def assemble(
    source: str,
    heading: Heading,
    reference: str,
    entries: Sequence[Entry],
    digest: Digest,
) -> Sighting:
    """A sighting of what a source lists, with content keys and findings.

    `heading` must have dates; `reference` is the id of the root post, or the address of
    a file. Raises ValueError for a heading without dates.
    """
    if heading.starts_on is None or heading.ends_on is None:
        raise ValueError(f"heading without dates: {heading.text!r}")
    week = week_of(heading.starts_on, heading.ends_on)
    listed = []
    for entry in entries:
        links = [(link.label, link.url) for link in entry.links]
        listed.append((entry.rank, entry.title, entry.blurb, links))
    key = week_in_keys(digest.name, week)
    sighting_id = content_key("sighting", key, source, heading.text, listed)
    sighting = Sighting(
        sighting_id=sighting_id,
        week=week,
        source=source,
        heading=heading.text,
        starts_on=heading.starts_on,
        ends_on=heading.ends_on,
        reference=reference,
        entries=tuple(
            replace(entry, entry_id=content_key("entry", sighting_id, position))
            for position, entry in enumerate(entries, 1)
        ),
    )
    return replace(sighting, findings=tuple(check(sighting, digest.entries)))


def check(sighting: Sighting, expected: int) -> Iterator[Finding]:
    """Findings on ranks, on entries without a paper, and on papers listed twice.

    `expected` is the number of entries that the digest has a week.
    """
    yield from _check_ranks(sighting, expected)
    yield from _check_links(sighting)
    yield from _check_identifiers(sighting)


def _check_ranks(sighting: Sighting, expected: int) -> Iterator[Finding]:
    ranks = Counter(entry.rank for entry in sighting.entries)
    missing = why_incomplete(sighting.week, sighting.source, ranks, expected)
    if missing:
        yield Finding(sighting.sighting_id, MISSING_RANKS, "error", missing)
    for rank, count in ranks.items():
        if count > 1:
            yield Finding(
                sighting.sighting_id,
                "ranks",
                "error",
                f"{sighting.week} lists rank {rank} {count} times.",
            )


def _check_links(sighting: Sighting) -> Iterator[Finding]:
    for entry in sighting.entries:
        if entry.names_no_paper:
            yield Finding(
                entry.entry_id,
                "links",
                "warning",
                f"Entry {entry.rank}, {entry.title!r}, has no link to a paper.",
            )


def _check_identifiers(sighting: Sighting) -> Iterator[Finding]:
    entries_by_id: Counter[str] = Counter()
    for entry in sighting.entries:
        linked = [find_arxiv_id(link.canonical) for link in entry.links]
        # Each version that an entry links counts separately.
        for arxiv_id in dict.fromkeys(linked):
            if arxiv_id is not None:
                entries_by_id[arxiv_id.base] += 1
    for base, count in entries_by_id.items():
        if count > 1:
            yield Finding(
                sighting.sighting_id,
                "identifiers",
                "warning",
                f"arXiv {base} is linked by {count} entries of {sighting.week}.",
            )


def check_age(sighting: Sighting) -> Iterable[Finding]:
    """Findings on linked posts much older than the week: an error of the source."""
    for entry in sighting.entries:
        for link in entry.links:
            day = _linked_post_day(link)
            if day is not None and day < sighting.starts_on - _OLD_POST:
                yield Finding(
                    entry.entry_id,
                    "old post",
                    "note",
                    f"Entry {entry.rank} links a post of {day}, long before the week.",
                )


def _linked_post_day(link: Link) -> date | None:
    match = _STATUS_ID.search(link.canonical) if link.role == "post" else None
    return posted_on(match[1]) if match else None


def posted_on(post_id: str) -> date | None:
    """The day (UTC) in a post's id; None for ids of X's early years, without one."""
    milliseconds = int(post_id) >> 22
    if milliseconds < 1:
        return None
    seconds = (milliseconds + _SNOWFLAKE_EPOCH_MS) / 1000
    return datetime.fromtimestamp(seconds, UTC).date()
