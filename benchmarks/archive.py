"""Sizes of the archive's files, and the time of writing and publishing, as weeks grow.

python benchmarks/archive.py --weeks 1 181

Weeks are made up: ten papers each, of the sizes that were measured in real ones.
"""

import argparse
import itertools
import os
import random
import statistics
import tempfile
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rindoku.archive import Archive
from rindoku.archive.payloads import save_payload
from rindoku.archive.rows import Columns, insert, insert_private
from rindoku.keys import sha256_key
from rindoku.models import Payload

PAPERS_A_WEEK, QUESTIONS = 10, 10
# Characters of a paper's text, bytes of its page and of its model reply; a page is
# fetched for its text, a PDF for every fifth paper.
TEXT, PAGE, PDF, REPLY = 60_000, 400_000, 2_000_000, 12_000
SECTIONS, LINKS, CALLS = 15, 3, 2
START = datetime(2023, 1, 2, tzinfo=UTC)
# Random letters as frequent as in English, of which each text is another part.
CHANCE = random.Random(0)  # noqa: S311 - reproducible, not secret
LETTERS = "".join(CHANCE.choices("etaoinshrdlu cmfwypvb", k=4_000_000))
# How many weeks are made in one transaction.
AT_ONCE = 10


def make_text(key: str, characters: int) -> str:
    start = zlib.crc32(key.encode()) % (len(LETTERS) - characters)
    return LETTERS[start : start + characters]


def make_page(key: str, size: int) -> bytes:
    """A page: markup that compresses well around the paper's text."""
    text = make_text(key, TEXT)
    markup = '<span class="ltx_text" id="S1.p1.1">'
    return (text + markup * ((size - len(text)) // len(markup))).encode()


def make_pdf(key: str, size: int) -> bytes:
    """A PDF is compressed already."""
    return f"%PDF {key}".encode() + CHANCE.randbytes(size)


def save_weeks(archive: Archive, numbers: Sequence[int]) -> None:
    """Made-up weeks in one transaction, which is quicker than as they are made."""
    rows = defaultdict[str, list[Columns]](list)
    private = defaultdict[str, list[Columns]](list)
    payloads: list[Payload] = []
    for number in numbers:
        at = START + timedelta(weeks=number)
        sighting, head = f"s{number}", week_of(at)
        rows["weeks"].append(head)
        rows["sightings"].append(
            {"sighting_id": sighting, "source": "x", "precedence": 2, "heading": ""}
            | {"reference": "r", "observed_at": at, "run_id": sighting, **head}
        )
        for rank in range(1, PAPERS_A_WEEK + 1):
            key = f"{number}.{rank}"
            payloads += payloads_of(key, rank, at)
            for table, more in private_rows(key).items():
                private[table] += more
            for table, more in facts(sighting, key, rank, at).items():
                rows[table] += more
    with archive.write() as con:
        for payload in payloads:
            save_payload(con, payload)
        for table, more in private.items():
            insert_private(con, table, more)
        for table, more in rows.items():
            insert(con, table, more)


def week_of(at: datetime) -> Columns:
    days = {"starts_on": at.date(), "ends_on": at.date() + timedelta(days=6)}
    return {"digest": "dair_ai", "week": f"{at:%G-W%V}", **days}


def names_of(key: str) -> dict[str, str]:
    names = ("entry", "text", "page", "reply")
    return {name: sha256_key(key, name) for name in names}


def payloads_of(key: str, rank: int, at: datetime) -> list[Payload]:
    """What one paper is fetched from, and the model's reply about it."""
    names = names_of(key)
    bodies = {
        "page": make_pdf(key, PDF) if rank % 5 == 0 else make_page(key, PAGE),
        "reply": make_text(key, REPLY).encode(),
    }
    return [
        Payload(names[name], "arxiv", f"https://{key}", 200, "html", body, at)
        for name, body in bodies.items()
    ]


def private_rows(key: str) -> dict[str, list[Columns]]:
    """The texts of one paper by table."""
    names = names_of(key)
    return {
        "entry_texts": [{"entry_id": names["entry"], "blurb": make_text(key, 400)}],
        "document_texts": [
            {"document_id": names["text"], "text": make_text(key, TEXT)}
        ],
    }


def facts(sighting: str, key: str, rank: int, at: datetime) -> dict[str, list[Columns]]:
    """The facts of one paper by table."""
    names = names_of(key)
    paper, run = f"arxiv:{key}", {"run_id": key}
    generation = {"generation_id": f"b2:{names['reply']}"}
    title = make_text(key, 80)
    entry: Columns = {"entry_id": names["entry"], "sighting_id": sighting}
    questions = [(f"{names['reply']}.{n}", n) for n in range(1, QUESTIONS + 1)]
    return {
        "entries": [entry | {"rank": rank, "title": title[:30]}],
        "links": [
            {"entry_id": names["entry"], "position": n, "label": "Paper"}
            | {"url": f"https://x/{key}/{n}", "canonical": f"https://x/{key}/{n}"}
            | {"role": "paper"}
            for n in range(LINKS)
        ],
        "papers": [{"paper_id": paper, "kind": "arxiv", "first_seen_at": at}],
        "paper_versions": [
            {"paper_id": paper, "version": 1, "title": title, "retrieved_at": at}
            | {"abstract": make_text(key, 1300), "authors_complete": True}
            | {"url": f"https://arxiv.org/abs/{key}v1", "payload_id": names["page"]}
        ],
        "authors": [
            {"paper_id": paper, "version": 1, "position": n, "name": title[n : n + 15]}
            for n in range(1, 7)
        ],
        "documents": [
            {"document_id": names["text"], "paper_id": paper, "version": 1}
            | {"grounding": "full text", "format": "html", "url": "u", "note": ""}
            | {"characters": TEXT, "payload_id": names["page"], "read_at": at, **run}
        ],
        "sections": [
            {"document_id": names["text"], "position": n, "title": title[n : n + 20]}
            | {"start_char": n * 4000, "end_char": n * 4000 + 4000, "page": None}
            for n in range(SECTIONS)
        ],
        "generations": [
            {"kind": "explain", "language": "ja", "model": "m", "prompt_version": "1"}
            | {"prompt_hash": names["text"], "paper_id": paper, "label": "model"}
            | {"document_id": names["text"], "status": "good", "reason": "", **run}
            | {"payload_id": names["reply"], "generated_at": at, **generation}
        ],
        "summaries": [
            {"paper_id": paper, "tldr": make_text(key, 80), **generation}
            | {"summary": make_text(key, 400)}
        ],
        "questions": [
            {"question_id": question, "paper_id": paper, "position": n, **generation}
            | {"question": make_text(question, 40), "answer": make_text(question, 150)}
            | {"status": "verified", "repaired": False, "reason": ""}
            for question, n in questions
        ],
        "evidence": [
            {"question_id": question, "position": 1, "match": "exact"}
            | {"quote": make_text(question, 150), "section": "Results", "page": None}
            | {"start_char": n * 100, "end_char": n * 100 + 150}
            for question, n in questions
        ],
        "call_starts": [
            {"call_id": f"{key}.{n}", "kind": "explain", "model": "m", **run}
            | {"estimated_usd": 0.1, "asked_at": at, **generation}
            for n in range(CALLS)
        ],
        "call_ends": [
            {"call_id": f"{key}.{n}", "status": "answered", "cost_usd": 0.02}
            | {"input_tokens": 20_000, "output_tokens": 3_000, "answered_at": at}
            for n in range(CALLS)
        ],
    }


def median_ms(work: Callable[[], object], runs: int = 7) -> float:
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def megabytes(path: Path) -> float:
    return path.stat().st_size / 1e6


def copy_ms(path: Path) -> float:
    """Copying and syncing the file alone, for comparison."""

    def copy() -> None:
        target = path.with_suffix(".compared")
        target.write_bytes(path.read_bytes())
        with target.open("rb") as file:
            os.fsync(file.fileno())
        target.unlink()

    return median_ms(copy)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, nargs="+", default=[1, 181])
    weeks = parser.parse_args().weeks
    print(
        "weeks  facts MB  private MB  write ms  write of a page ms"
        "  publish ms  first publish ms  copy ms"
    )
    with tempfile.TemporaryDirectory() as folder:
        archive, done = Archive(Path(folder) / "home"), 0
        for count in sorted(weeks):
            for start in range(done, count, AT_ONCE):
                save_weeks(archive, range(start, min(start + AT_ONCE, count)))
            done = count
            archive.publish()
            report(archive, count)


def report(archive: Archive, weeks: int) -> None:
    from rindoku.archive import database

    def write() -> None:
        with archive.write():
            pass

    pages = itertools.count()

    def write_page() -> None:
        page, _ = payloads_of(f"{weeks}.{next(pages)}.more", 1, START)
        with archive.write() as con:
            save_payload(con, page)

    def publish_first() -> None:
        # As a process that has not seen the published copy yet.
        database.CHECKED.clear()
        archive.publish()

    print(
        f"{weeks:>5}  {megabytes(archive.writer_path):>8.1f}"
        f"  {megabytes(archive.private_path):>10.1f}  {median_ms(write):>8.0f}"
        f"  {median_ms(write_page, 3):>18.0f}"
        f"  {median_ms(archive.publish):>10.0f}  {median_ms(publish_first):>16.0f}"
        f"  {copy_ms(archive.writer_path):>7.0f}"
    )


if __name__ == "__main__":
    main()
