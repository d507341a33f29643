"""Pairs of equal entries in two sources of a week, and differences between them."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from rindoku.identifiers import find_arxiv_id
from rindoku.models import Entry, Finding, Sighting

_SAME_NAME = 75.0
_SHARED_ID = 200.0
_CONTAINED_NAME = 100.0
_SAME_RANK_BONUS = 1.0


class EntryPair(NamedTuple):
    """An entry, and the same entry in the other source."""

    entry: Entry
    other: Entry


class Comparison(NamedTuple):
    """Findings on the differences, and the entries that both sources have."""

    findings: list[Finding]
    pairs: list[EntryPair]


def compare(sighting: Sighting, other: Sighting) -> Comparison:
    """Compares a week in two sources.

    Entries are paired by a shared arXiv id, else by name; rank decides between equals.
    """
    pairs = _pair_entries(sighting.entries, other.entries)
    findings = [*_differing(pairs, other), *_unpaired(sighting, other, pairs)]
    return Comparison(findings, pairs)


def _differing(pairs: Sequence[EntryPair], other: Sighting) -> Iterator[Finding]:
    for pair in pairs:
        for message in _differences(pair, other.source):
            yield _difference(pair.entry.entry_id, message)


def _unpaired(
    sighting: Sighting, other: Sighting, pairs: Sequence[EntryPair]
) -> Iterator[Finding]:
    paired = {pair.entry.entry_id for pair in pairs}
    paired_others = {pair.other.entry_id for pair in pairs}
    for entry in sighting.entries:
        if entry.entry_id not in paired:
            yield _difference(
                entry.entry_id,
                f"Entry {entry.rank}, {entry.title!r}, is not in {other.source}.",
            )
    for entry in other.entries:
        if entry.entry_id not in paired_others:
            yield _difference(
                sighting.sighting_id,
                f"{other.source} lists {entry.title!r} at rank {entry.rank}; "
                f"{sighting.source} does not.",
            )


def _difference(subject: str, message: str) -> Finding:
    return Finding(subject, "difference", "note", message)


def _pair_entries(entries: Sequence[Entry], others: Sequence[Entry]) -> list[EntryPair]:
    """Pairs of entries that are the same paper, in rank order.

    The most alike are paired first, and no entry is in two pairs.
    """
    likely = []
    for entry in entries:
        for other in others:
            likeness = _likeness(entry, other)
            if likeness >= _SAME_NAME:
                likely.append((likeness, EntryPair(entry, other)))
    # Sorting is stable: of equally likely pairs, the one listed first wins.
    likely.sort(key=lambda scored: -scored[0])
    paired: set[str] = set()
    pairs = []
    for _, pair in likely:
        ids = {pair.entry.entry_id, pair.other.entry_id}
        if not ids & paired:
            paired |= ids
            pairs.append(pair)
    return sorted(pairs, key=lambda pair: pair.entry.rank)


def _likeness(entry: Entry, other: Entry) -> float:
    """0 to 100 by name, 200 with a shared arXiv id, and 1 more for the same rank."""
    likeness = _likeness_of_names(entry.title, other.title)
    if _arxiv_ids(entry) & _arxiv_ids(other):
        likeness = _SHARED_ID
    if entry.rank == other.rank:
        likeness += _SAME_RANK_BONUS
    return likeness


def _likeness_of_names(name: str, other: str) -> float:
    words = _words(name)
    other_words = _words(other)
    is_contained = words <= other_words or other_words <= words
    if words and other_words and is_contained:
        return _CONTAINED_NAME
    return fuzz.token_sort_ratio(name.lower(), other.lower())


def _words(title: str) -> set[str]:
    return set(re.findall(r"\w+", title.lower()))


def _differences(pair: EntryPair, source: str) -> Iterator[str]:
    entry, other = pair
    if entry.rank != other.rank:
        yield f"Entry {entry.rank} is at rank {other.rank} in {source}."
    if entry.title.lower() != other.title.lower():
        yield f"Entry {entry.rank} is called {other.title!r} in {source}."
    papers = _papers(entry)
    other_papers = _papers(other)
    if papers and other_papers and papers != other_papers:
        yield (
            f"Entry {entry.rank} links {', '.join(papers)}; "
            f"in {source} it is {', '.join(other_papers)}."
        )


def _papers(entry: Entry) -> list[str]:
    return sorted(link.canonical for link in entry.links if link.role == "paper")


def _arxiv_ids(entry: Entry) -> set[str]:
    bases = set()
    for link in entry.links:
        arxiv_id = find_arxiv_id(link.canonical)
        if arxiv_id is not None:
            bases.add(arxiv_id.base)
    return bases
