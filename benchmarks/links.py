"""Every link of a list of weeks, from the twin's file to the paper or the reason why there is none.

python benchmarks/links.py ENTRIES.jsonl [--weeks N]   # JSON lines as of `rindoku entries --json`

Runs the steps of the weekly flow up to the text, against the stand-in, whose made-up web has aged: a share of it is dead,
paywalled or empty. No model is asked.
"""

import argparse
import os
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from steps import read_week

from rindoku.run import Run
from rindoku.sample.content import read_weeks
from rindoku.sample.standin import StandIn


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("entries", type=Path)
    parser.add_argument("--weeks", type=int)
    options = parser.parse_args()
    weeks = read_weeks(options.entries)[: options.weeks]
    with tempfile.TemporaryDirectory() as home, StandIn(weeks, ageing=True) as standin:
        os.environ.update(standin.environment() | {"RINDOKU_HOME": home})
        began = time.perf_counter()
        unread = sum(work(week.week) for week in weeks)
        took = time.perf_counter() - began
        report(took, len(standin.log), unread)
        asked = len(standin.log)
        for week in weeks:
            work(week.week)
        again = Counter(a.target.partition("/")[2][:40] for a in standin.log[asked:])
        print(
            f"a second run asks {len(standin.log) - asked} times: {dict(again.most_common(3))}"
        )


def work(week: str) -> int:
    """How many papers of a week had no text at all."""
    return read_week(Run(f"links-{week}"), week, "twin", datetime.now(UTC))[1]


def report(took: float, requests: int, unread: int) -> None:
    queries = {
        "rows": "SELECT count(*), count(paper_id), count(document_id) FROM week_entries",
        "method": "SELECT method, count(*) FROM week_entries GROUP BY ALL ORDER BY 2 DESC",
        "scheme": "SELECT split_part(paper_id, ':', 1), count(*) FROM week_entries GROUP BY ALL ORDER BY 2 DESC",
        "grounding": "SELECT grounding, format, count(*) FROM week_entries GROUP BY ALL ORDER BY 3 DESC",
        "links opened": "SELECT state, count(*) FROM link_checks GROUP BY ALL ORDER BY 2 DESC",
        "no paper and no reason": "SELECT count(*) FROM week_entries WHERE paper_id IS NULL AND coalesce(resolved_by, '') = ''",
        "why no paper": "SELECT regexp_replace(resolved_by, 'https?://[^ ]+', 'URL', 'g'), count(*) FROM week_entries WHERE paper_id IS NULL GROUP BY ALL ORDER BY 2 DESC LIMIT 8",
    }
    print(f"{took:.0f} s, {requests} requests, {unread} papers without any text")
    with Run("report").archive.write() as con:
        for name, sql in queries.items():
            print(f"{name:<24} {con.execute(sql).fetchall()}")


if __name__ == "__main__":
    main()
