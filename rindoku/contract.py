"""The week contract: what makes a week whole, and the findings where it is not."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rindoku.identifiers import canonical, find_arxiv_id, role_of
from rindoku.keys import content_key
from rindoku.models import Entry, Finding, Link, Sighting, Source
from rindoku.weeks import Heading, week_of

ENTRIES_A_WEEK = 10


def make_link(url: str, label: str = "") -> Link:
    """A link of an entry, with its canonical form and role."""
    clean = canonical(url)
    return Link(label, url, clean, role_of(clean, label))


def assemble(source: Source, heading: Heading, reference: str, entries: Sequence[Entry]) -> Sighting:
    """A sighting from what a source listed: ids by content, findings of the contract attached.

    `heading` must carry its dates.
    """
    if heading.starts_on is None or heading.ends_on is None:
        raise ValueError(f"heading without dates: {heading.text!r}")
    week = week_of(heading.starts_on, heading.ends_on)
    listed = [(e.rank, e.title, e.blurb, [(link.label, link.url) for link in e.links]) for e in entries]
    sighting_id = content_key("sighting", week, source, heading.text, listed)
    kept = tuple(
        replace(entry, entry_id=content_key("entry", sighting_id, position))
        for position, entry in enumerate(entries, 1)
    )
    bare = Sighting(sighting_id, week, source, heading.text, heading.starts_on, heading.ends_on, reference, kept)
    return replace(bare, findings=tuple(check(bare)))


def check(sighting: Sighting) -> Iterable[Finding]:
    """Gaps and doubles among the ranks, entries without a link, one paper listed twice."""
    ranks = Counter(e.rank for e in sighting.entries)
    expected = max([ENTRIES_A_WEEK, *ranks])
    missing = [rank for rank in range(1, expected + 1) if rank not in ranks]
    if missing:
        yield Finding(
            sighting.sighting_id, "ranks", "error",
            f"{sighting.week} as {sighting.source} shows it lacks rank {', '.join(map(str, missing))} of {expected}.",
        )  # fmt: skip
    for rank, count in ranks.items():
        if count > 1:
            yield Finding(sighting.sighting_id, "ranks", "error", f"{sighting.week} lists rank {rank} {count} times.")
    for entry in sighting.entries:
        if not any(link.role != "post" for link in entry.links):
            yield Finding(
                entry.entry_id, "links", "warning", f"Entry {entry.rank}, {entry.title!r}, has no link to a paper."
            )
    ids = Counter(i.base for e in sighting.entries for i in {find_arxiv_id(link.canonical) for link in e.links} if i)
    for base, count in ids.items():
        if count > 1:
            yield Finding(
                sighting.sighting_id,
                "identifiers",
                "warning",
                f"arXiv {base} stands at {count} entries of {sighting.week}.",
            )
