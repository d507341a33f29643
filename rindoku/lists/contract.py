"""The week contract: what makes a week whole, and the findings where it is not."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from rapidfuzz import fuzz

from rindoku.identifiers import find_arxiv_id
from rindoku.keys import content_key
from rindoku.links import canonical, role_of
from rindoku.models import Entry, Finding, Link, Sighting, Source
from rindoku.weeks import ENTRIES_A_WEEK, Heading, week_of

_STATUS_ID = re.compile(r"/status/(\d+)")


def make_link(url: str, label: str = "") -> Link:
    """A link of an entry, with its canonical form and role."""
    clean = canonical(url)
    return Link(label, url, clean, role_of(clean, label))


def assemble(
    source: Source, heading: Heading, reference: str, entries: Sequence[Entry]
) -> Sighting:
    """A sighting from what a source listed: ids by content, findings of the contract attached.

    `heading` must carry its dates.
    """
    if heading.starts_on is None or heading.ends_on is None:
        raise ValueError(f"heading without dates: {heading.text!r}")
    week = week_of(heading.starts_on, heading.ends_on)
    listed = [
        (e.rank, e.title, e.blurb, [(link.label, link.url) for link in e.links])
        for e in entries
    ]
    sighting_id = content_key("sighting", week, source, heading.text, listed)
    kept = tuple(
        replace(entry, entry_id=content_key("entry", sighting_id, position))
        for position, entry in enumerate(entries, 1)
    )
    bare = Sighting(
        sighting_id,
        week,
        source,
        heading.text,
        heading.starts_on,
        heading.ends_on,
        reference,
        kept,
    )
    return replace(bare, findings=tuple(check(bare)))


def check(sighting: Sighting) -> Iterable[Finding]:
    """Gaps and doubles among the ranks, entries without a link, one paper listed twice."""
    ranks = Counter(e.rank for e in sighting.entries)
    expected = max([ENTRIES_A_WEEK, *ranks])
    missing = [rank for rank in range(1, expected + 1) if rank not in ranks]
    if missing:
        yield Finding(
            sighting.sighting_id,
            "ranks",
            "error",
            f"{sighting.week} as {sighting.source} shows it lacks rank {', '.join(map(str, missing))} of {expected}.",
        )
    for rank, count in ranks.items():
        if count > 1:
            yield Finding(
                sighting.sighting_id,
                "ranks",
                "error",
                f"{sighting.week} lists rank {rank} {count} times.",
            )
    for entry in sighting.entries:
        if entry.names_no_paper:
            yield Finding(
                entry.entry_id,
                "links",
                "warning",
                f"Entry {entry.rank}, {entry.title!r}, has no link to a paper.",
            )
    ids = Counter(
        i.base
        for e in sighting.entries
        for i in {find_arxiv_id(link.canonical) for link in e.links}
        if i
    )
    for base, count in ids.items():
        if count > 1:
            yield Finding(
                sighting.sighting_id,
                "identifiers",
                "warning",
                f"arXiv {base} stands at {count} entries of {sighting.week}.",
            )


_SNOWFLAKE_EPOCH_MS = 1_288_834_974_657
_MUCH_OLDER = timedelta(days=14)
_SAME_NAME = 75.0


def posted_on(post_id: str) -> date | None:
    """The day a post's id was made; None for the ids of the early days, which carry no time."""
    milliseconds = int(post_id) >> 22
    if milliseconds < 1:
        return None
    return datetime.fromtimestamp(
        (milliseconds + _SNOWFLAKE_EPOCH_MS) / 1000, UTC
    ).date()


def check_age(sighting: Sighting) -> Iterable[Finding]:
    """Links to posts that are much older than the week: the source has mixed something up."""
    for entry in sighting.entries:
        for link in entry.links:
            match = _STATUS_ID.search(link.canonical) if link.role == "post" else None
            day = posted_on(match[1]) if match else None
            if day is not None and day < sighting.starts_on - _MUCH_OLDER:
                message = (
                    f"Entry {entry.rank} links a post of {day}, long before the week."
                )
                yield Finding(entry.entry_id, "old post", "note", message)


def compare(
    sighting: Sighting, other: Sighting
) -> tuple[list[Finding], list[tuple[Entry, Entry]]]:
    """Where two sources differ on a week, and which entries of theirs are the same.

    Entries are paired by a shared arXiv id, then by name, then by rank.
    """
    pairs = _pairs(sighting.entries, other.entries)
    mine, theirs = {a.entry_id for a, _ in pairs}, {b.entry_id for _, b in pairs}
    findings = [
        Finding(entry.entry_id, "difference", "note", message)
        for entry, match in pairs
        for message in _differences(entry, match, other.source)
    ]
    findings += [
        Finding(
            e.entry_id,
            "difference",
            "note",
            f"Entry {e.rank}, {e.title!r}, is not in {other.source}.",
        )
        for e in sighting.entries
        if e.entry_id not in mine
    ]
    findings += [
        Finding(
            sighting.sighting_id,
            "difference",
            "note",
            f"{other.source} lists {e.title!r} at rank {e.rank}; {sighting.source} does not.",
        )
        for e in other.entries
        if e.entry_id not in theirs
    ]
    return findings, pairs


def _pairs(
    entries: Sequence[Entry], others: Sequence[Entry]
) -> list[tuple[Entry, Entry]]:
    """Entries that are the same, the surest pairs first, each entry once; in the order of `entries`."""
    ranked = sorted(
        ((_likeness(a, b), a, b) for a in entries for b in others), key=lambda t: -t[0]
    )
    taken: set[str] = set()
    pairs = []
    for likeness, entry, other in ranked:
        if likeness >= _SAME_NAME and not {entry.entry_id, other.entry_id} & taken:
            taken |= {entry.entry_id, other.entry_id}
            pairs.append((entry, other))
    return sorted(pairs, key=lambda pair: pair[0].rank)


def _likeness(entry: Entry, other: Entry) -> float:
    """From 0 to 100 by name, 200 for a shared arXiv id, and a little more for the same rank."""
    same_rank = 1.0 if entry.rank == other.rank else 0.0
    if _arxiv_ids(entry) & _arxiv_ids(other):
        return 200.0 + same_rank
    short, long = sorted(
        (set(re.findall(r"\w+", e.title.lower())) for e in (entry, other)), key=len
    )
    if short and short <= long:
        return 100.0 + same_rank
    return (
        float(fuzz.token_sort_ratio(entry.title.lower(), other.title.lower()))
        + same_rank
    )


def _differences(entry: Entry, other: Entry, source: str) -> Iterable[str]:
    if entry.rank != other.rank:
        yield f"Entry {entry.rank} is at rank {other.rank} in {source}."
    if entry.title.lower() != other.title.lower():
        yield f"Entry {entry.rank} is called {other.title!r} in {source}."
    papers, others = (
        sorted(link.canonical for link in e.links if link.role == "paper")
        for e in (entry, other)
    )
    if papers and others and papers != others:
        yield f"Entry {entry.rank} links {', '.join(papers)}; in {source} it is {', '.join(others)}."


def _arxiv_ids(entry: Entry) -> set[str]:
    return {i.base for link in entry.links if (i := find_arxiv_id(link.canonical))}
