"""Made-up entries, as `rindoku entries --json` prints them, and made-up weeks."""

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import rindoku
from rindoku.sample import SampleWeek, sample_week

_PACKAGE = Path(rindoku.__file__).parent


def write_entries(path: Path) -> Path:
    """Two made-up weeks, one JSON line an entry."""
    rows = [entry_row(first_day=13, week=20, rank=rank) for rank in range(1, 11)] + [
        entry_row(first_day=20, week=21, rank=rank) for rank in range(1, 11)
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def entry_row(first_day: int, week: int, rank: int) -> dict[str, object]:
    url = f"https://arxiv.org/abs/2405.{week - 19:02d}{rank:03d}"
    if rank % 5 == 0:
        url = f"https://project{week}{rank}.example/"
    last_day = first_day + 6
    days = f"May {first_day} - May {last_day}"
    return {
        "week": f"2024-W{week}",
        "starts_on": f"2024-05-{first_day}",
        "ends_on": f"2024-05-{last_day}",
        "heading": f"Top AI Papers of the Week ({days}) - 2024",
        "rank": rank,
        "title": f"Paper {week}.{rank}",
        "links": [
            {"label": "Paper", "url": url},
            {"label": "Tweet", "url": f"https://x.com/a/status/{rank}"},
        ],
    }


def later_week(week: str, ranks: Collection[int]) -> SampleWeek:
    """The week after the sample's, which lists only these entries of it."""
    sample = sample_week()
    return SampleWeek(
        week,
        "Top ML Papers of the Week (April 8 - April 14):",
        sample.starts_on + timedelta(days=7),
        sample.ends_on + timedelta(days=7),
        sample.posted_at + timedelta(days=7),
        tuple(entry for entry in sample.entries if entry.rank in ranks),
    )


# SWE-agent has a page, Mixture-of-Depths arXiv's HTML, Eurus a PDF only.
_SHORT = ("SWE-Agent", "Mixture-of-Depths", "Advancing LLM Reasoning")


def short_week(home: Path, titles: Sequence[str] = _SHORT) -> SampleWeek:
    """The sample week with three of its ten entries; a home's digest expects as many.

    For tests of whole weeks that do not depend on the number of papers.
    """
    digests = (_PACKAGE / "digests.toml").read_text(encoding="utf-8")
    home.mkdir(mode=0o700, parents=True)
    (home / "digests.toml").write_text(
        digests.replace("entries = 10", f"entries = {len(titles)}"), encoding="utf-8"
    )
    sample = sample_week()
    entries = [entry for entry in sample.entries if entry.title in titles]
    return replace(
        sample,
        entries=tuple(replace(entry, rank=n) for n, entry in enumerate(entries, 1)),
    )
