"""Every link of a list of weeks, to the paper or the reason why there is none.

python benchmarks/links.py ENTRIES.jsonl [--weeks N]

ENTRIES.jsonl is the output of `rindoku entries --json`. Runs the steps of the weekly
flow up to the texts, against the stand-in, whose made-up web has aged: a share of it is
dead, paywalled or empty. No model is asked.
"""

import argparse
import os
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from steps import read_week

from rindoku.run import Run
from rindoku.sample import SampleWeek, StandIn, read_weeks

QUERIES = {
    "rows": """
        SELECT count(*), count(paper_id), count(document_id) FROM week_entries""",
    "method": """
        SELECT method, count(*) FROM week_entries GROUP BY ALL ORDER BY 2 DESC""",
    "scheme": """
        SELECT split_part(paper_id, ':', 1), count(*)
        FROM week_entries GROUP BY ALL ORDER BY 2 DESC""",
    "grounding": """
        SELECT grounding, format, count(*)
        FROM week_entries GROUP BY ALL ORDER BY 3 DESC""",
    "links opened": """
        SELECT state, count(*) FROM link_checks GROUP BY ALL ORDER BY 2 DESC""",
    "no paper and no reason": """
        SELECT count(*) FROM week_entries
        WHERE paper_id IS NULL AND coalesce(resolved_by, '') = ''""",
    "why no paper": """
        SELECT regexp_replace(resolved_by, 'https?://[^ ]+', 'URL', 'g'), count(*)
        FROM week_entries WHERE paper_id IS NULL
        GROUP BY ALL ORDER BY 2 DESC LIMIT 8""",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("entries", type=Path)
    parser.add_argument("--weeks", type=int)
    options = parser.parse_args()
    weeks = read_weeks(options.entries)[: options.weeks]
    with tempfile.TemporaryDirectory() as home, StandIn(weeks, ageing=True) as standin:
        os.environ.update(standin.environment() | {"RINDOKU_HOME": home})
        began = time.perf_counter()
        unread = read_all(weeks)
        seconds = time.perf_counter() - began
        requests = len(standin.log)
        print(f"{seconds:.0f} s, {requests} requests, {unread} papers without any text")
        print_report()
        read_all(weeks)
        again = Counter(
            request.target.partition("/")[2][:40] for request in standin.log[requests:]
        )
        print(f"second run: {again.total()} requests, {dict(again.most_common(3))}")


def read_all(weeks: Sequence[SampleWeek]) -> int:
    """Reads the weeks; returns the number of papers without any text."""
    now = datetime.now(UTC)
    runs = ((Run(f"links-{week.week}"), week.week) for week in weeks)
    return sum(read_week(run, week, "twin", now)[1] for run, week in runs)


def print_report() -> None:
    with Run("report").archive.write() as con:
        for name, sql in QUERIES.items():
            print(f"{name:<24} {con.execute(sql).fetchall()}")


if __name__ == "__main__":
    main()
