"""What the entries of digests said when weeks were listed.

An entry may be changed or removed; articles and reports of past weeks stay the same.
"""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rindoku.archive.rows import (
    Connection,
    digest_of,
    fetch_rows,
    insert,
    set_digest,
)
from rindoku.archive.statements import query
from rindoku.digests import Listing, find_own_digest


def save_listing(con: Connection, week: str, listing: Listing, run_id: str) -> None:
    """Saves what the entry says, unless that is what it said before."""
    if find_listing(con, week) == listing:
        return
    row = {
        "digest": digest_of(con),
        "week": week,
        **asdict(listing),
        "titles": json.dumps(listing.titles, ensure_ascii=False),
        "listed_at": datetime.now(UTC),
        "run_id": run_id,
    }
    insert(con, "listings", [row])


def find_listing(con: Connection, week: str) -> Listing | None:
    """What the entry said when a week was listed last.

    None for a week that was not listed, and for one that was before this was kept, if
    its digest had no entry when the archive was upgraded.
    """
    rows = fetch_rows(con, query("listings/current"), week=week)
    if not rows:
        return None
    [row] = rows
    return Listing(**row | {"titles": json.loads(row["titles"])})


def keep_own_entries(con: Connection, home: Path) -> None:
    """Keeps what the home's own entries say now with all weeks of their digests.

    This is for archives that were made before it was kept. Raises BadInput for an
    entry that is invalid.
    """
    weeks = fetch_rows(con, query("listings/listed_weeks"))
    for name in sorted({row["digest"] for row in weeks}):
        digest = find_own_digest(name, home)
        if digest is None:
            continue
        set_digest(con, name)
        for row in weeks:
            if row["digest"] == name:
                save_listing(con, row["week"], digest.listing, row["run_id"])
