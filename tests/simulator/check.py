"""What must hold of a home after a kill, whatever the moment, and at the end.

Checks open copies of a home's files: what a kill has left is for the next run to find.
"""

import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from rindoku.archive import Archive
from rindoku.archive.rows import Connection, fetch_rows
from tests.archive.killed_writes import DANGLING
from tests.simulator.journal import Event

_CALLS = (
    "SELECT call_id, generation_id, run_id, batch_key, status, error, estimated_usd, "
    "cost_usd, asked_at FROM model_calls"
)
_SAMPLED = 30
_CENT = 1e-9


@dataclass(frozen=True)
class Billed:
    """A message that the stand-in's model wrote, and would bill."""

    key: str
    usd: float


@dataclass
class Seen:
    """What was seen at the checks before: rows by table, and replies in the inbox."""

    rows: dict[str, set[int]] = field(default_factory=dict)
    published: dict[str, set[int]] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)


class _Undo(Exception):
    """Ends a transaction of a check."""


@contextmanager
def opened_copy(home: Path) -> Iterator[Connection]:
    """A copy of the archive as a run would open it; nothing of it is kept."""
    copy = home.with_name("checked")
    shutil.copytree(home, copy, ignore=shutil.ignore_patterns("inbox", "articles"))
    try:
        with Archive(copy).write() as con:
            yield con
            raise _Undo  # noqa: TRY301 - what is checked is not saved
    except _Undo:
        pass
    finally:
        shutil.rmtree(copy)


def check(
    home: Path,
    events: list[Event],
    billed: list[Billed],
    seen: Seen,
    *,
    is_last: bool = False,
) -> None:
    """Checks all that holds at any moment, and what holds after the last run."""
    unexpected = [e["traceback"] for e in events if e["event"] == "unexpected"]
    assert not unexpected, unexpected[0]
    for path in (home / "inbox").glob("b2-*.json"):
        seen.kept.setdefault(path.stem.replace("-", ":", 1), len(events))
    if not (home / "writer" / "archive.duckdb").exists():
        committed = [e for e in events if e["event"] == "committed"]
        assert not committed, "rows were committed, and there is no archive"
        return
    with opened_copy(home) as con:
        for name, sql in DANGLING.items():
            assert fetch_rows(con, sql) == [], f"dangling {name}"
        _check_committed(con, events)
        _check_indexes(con)
        seen.rows = _check_growth(con, seen.rows)
        _check_money(con, events, billed, seen)
        if is_last:
            _check_calls(con, events, billed)
            _check_end(con, home)
    _check_published(home, seen)


def find_keys() -> dict[str, list[str]]:
    """The columns of each table's key."""
    folder = Path(tempfile.mkdtemp())
    with Archive(folder / "home").write() as con:
        keys = dict(_keys(con))
    shutil.rmtree(folder)
    return keys


def _keys(con: Connection) -> list[tuple[str, list[str]]]:
    rows = con.execute(
        "SELECT database_name, table_name, constraint_column_names "
        "FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY' ORDER BY ALL"
    ).fetchall()
    return [
        (f"{'raw.' if database == 'raw' else ''}{table}", columns)
        for database, table, columns in rows
    ]


def _check_committed(con: Connection, events: Iterable[Event]) -> None:
    """No row is lost of which a run was told that it is saved."""
    promised: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for event in events:
        for name, keys in event.get("keys", {}).items():
            promised[name] |= {tuple(key) for key in keys}
    for name, keys in promised.items():
        table, *columns = name.split()
        values = ", ".join(f"{column}::VARCHAR" for column in columns) or "'any'"
        found = set(con.execute(f"SELECT {values} FROM {table}").fetchall())
        lost = keys - found if columns else set()
        assert not lost, f"{len(lost)} acknowledged rows of {table} are lost: {lost}"


def _check_indexes(con: Connection) -> None:
    """A table's index has its rows: counted by it they are as many as in a scan."""
    tables = {
        table if "." in table else f"archive.main.{table}": columns
        for table, columns in _keys(con)
    }
    counts = " UNION ALL ".join(
        f"SELECT '{table}', count(*) FROM {table}" for table in tables
    )
    filled = {t: rows for t, rows in con.execute(counts).fetchall() if rows}
    for table, rows in filled.items():
        if len(tables[table]) == 1:
            _check_lookups(con, table, tables[table][0], rows)
    # A transaction writes to one file.
    for is_private in (False, True):
        with closing(con.cursor()) as cursor:
            cursor.begin()
            for table, rows in filled.items():
                if table.startswith("raw.") == is_private:
                    _check_index(cursor, table, rows)
            cursor.rollback()


def _check_lookups(con: Connection, table: str, column: str, rows: int) -> None:
    keys = con.execute(f"SELECT {column} FROM {table}").fetchall()
    some = [key for (key,) in keys[:: rows // _SAMPLED + 1]]
    marks = ", ".join("?" * len(some))
    [[by_key]] = con.execute(
        f"SELECT count(*) FROM {table} WHERE {column} IN ({marks})", some
    ).fetchall()
    assert by_key == len(some), f"{table}: {by_key} by key of {len(some)}"


def _check_index(con: Connection, table: str, rows: int) -> None:
    """Each row meets itself in the index; what is added was not in it."""
    added = con.execute(
        f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT DO NOTHING"
    ).fetchall()
    assert added == [(0,)], f"{table}: {added} of {rows} rows are in no index"


def _check_growth(con: Connection, before: dict[str, set[int]]) -> dict[str, set[int]]:
    """Rows are added and never changed, in every table."""
    now = _all_rows(con)
    for table, rows in before.items():
        gone = rows - now[table]
        assert not gone, f"{len(gone)} rows of {table} are gone or were changed"
    return now


def _all_rows(con: Connection) -> dict[str, set[int]]:
    tables = con.execute(
        "SELECT database_name || '.' || schema_name || '.' || table_name "
        "FROM duckdb_tables() WHERE database_name IN ('archive', 'raw', 'published')"
    ).fetchall()
    return {
        table: {
            h for (h,) in con.execute(f"SELECT hash(t) FROM {table} AS t").fetchall()
        }
        for (table,) in tables
    }


def _check_published(home: Path, seen: Seen) -> None:
    """The published copy can be read, and has at least what it had."""
    path = home / "archive.duckdb"
    if not path.exists():
        assert not seen.published, "the published copy is gone"
        return
    with duckdb.connect(":memory:") as con:
        con.execute(f"ATTACH '{path}' AS published (READ_ONLY)")
        seen.published = _check_growth(con, seen.published)


def _check_money(
    con: Connection, events: list[Event], billed: list[Billed], seen: Seen
) -> None:
    """What was paid for was recorded before, once, and below the ceiling."""
    calls = {call["call_id"]: call for call in fetch_rows(con, _CALLS)}
    sent = [e for e in events if e["event"] == "sending"]
    for event in sent:
        assert event["call_id"] in calls, "a call was sent and is not recorded"
    twice = [n for n in Counter(e["call_id"] for e in sent).values() if n > 1]
    assert not twice, "a call was sent twice under one id"
    _check_kept(events, seen)
    costs: dict[str, float] = defaultdict(float)
    for call in calls.values():
        costs[call["run_id"]] += _most(call)
    usd = sum(message.usd for message in billed)
    listed = sum(costs.values())
    assert usd <= listed + _CENT, f"{usd} was billed, costs list {listed}"
    for row in fetch_rows(con, "SELECT run_id, cost_usd FROM x_reads"):
        costs[row["run_id"]] += row["cost_usd"]
    ceilings = {e["run_id"]: e["max_usd"] for e in events if e["event"] == "started"}
    for run_id, spent in costs.items():
        ceiling = ceilings.get(run_id.split()[0])
        message = f"run {run_id} spent {spent} of {ceiling}"
        assert ceiling is None or spent <= ceiling + _CENT, message


def _most(call: dict[str, Any]) -> float:
    """What a call cost, or the most that it may have cost."""
    if call["status"] == "answered":
        assert call["cost_usd"] <= call["estimated_usd"] + _CENT, "cost above estimate"
        return float(call["cost_usd"])
    if call["status"] == "asked" or call["error"] == "ReplyLost":
        assert call["estimated_usd"] is not None, "an unknown call has no price"
        return float(call["estimated_usd"])
    return 0.0


def _check_kept(events: list[Event], seen: Seen) -> None:
    """What has arrived is not asked for again."""
    kept: dict[str, int] = dict(seen.kept)
    for number, event in enumerate(events):
        generation_id = str(event.get("generation_id"))
        if event["event"] == "kept":
            kept.setdefault(generation_id, number)
        if event["event"] == "sending":
            again = number >= kept.get(generation_id, len(events) + 1)
            assert not again, f"{generation_id} was kept, and bought again"


def _check_calls(con: Connection, events: list[Event], billed: list[Billed]) -> None:
    """Each message that was billed has a call: answered, or listed as unknown."""
    generations: dict[str, set[str]] = defaultdict(set)
    for event in events:
        for key, generation_id in event.get("requests", {}).items():
            generations[key].add(generation_id)
    accounted = Counter(
        call["generation_id"]
        for call in fetch_rows(con, _CALLS)
        if call["status"] in {"answered", "asked"} or call["error"] == "ReplyLost"
    )
    for key, times in Counter(message.key for message in billed).items():
        # A reply that could not be read is asked for again with the same words.
        listed = sum(accounted[name] for name in generations[key])
        assert times <= listed, f"{generations[key]}: {times} billed, {listed} listed"


def _check_end(con: Connection, home: Path) -> None:
    """Nothing half done is left."""
    rows = fetch_rows(con, "SELECT generation_id FROM generations")
    bought = {row["generation_id"] for row in rows}
    unended = fetch_rows(con, "FROM batches WHERE ended_at IS NULL")
    assert unended == [], "a batch is still awaited"
    left = [
        str(path.relative_to(home))
        for path in home.rglob("*")
        if path.suffix in {".part", ".requests", ".copy"}
        or ".fresh" in path.name
        or path.stem.replace("-", ":", 1) in bought
    ]
    assert left == [], f"left behind: {left}"
