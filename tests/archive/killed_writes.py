"""Writes that are killed anywhere, and what must hold of the archive afterwards."""

import json
import os
import random
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from rindoku.archive import Archive
from rindoku.archive.documents import save_document
from rindoku.archive.papers import save_paper
from rindoku.archive.payloads import FetchRecord, get_payload, save_fetch, save_payload
from rindoku.archive.rows import Connection, fetch_rows
from rindoku.keys import sha256_key
from rindoku.models import Document, Payload, Section
from tests.builders import make_document, make_paper
from tests.kill_points import KILLED, count_points, die_at

NOW = datetime(2024, 4, 8, tzinfo=UTC)
PAPERS = ("arxiv:1", "arxiv:2")
LONG_TEXT = "".join(map(chr, range(0x4E00, 0x4E00 + 9000)))
# Facts that name a private row which is not there.
DANGLING = {
    "texts": "SELECT document_id FROM documents ANTI JOIN raw.document_texts "
    "USING (document_id)",
    "documents' payloads": "SELECT document_id FROM documents "
    "ANTI JOIN raw.payloads USING (payload_id)",
    "papers' payloads": "SELECT paper_id FROM paper_versions "
    "ANTI JOIN raw.payloads USING (payload_id)",
    "fetches": "SELECT url FROM raw.fetches ANTI JOIN raw.payloads USING (payload_id)",
    "sections": "SELECT document_id FROM sections ANTI JOIN documents "
    "USING (document_id)",
}
# The rows of each paper by its key, which may use an index, and by a scan.
BY_KEY = {
    "documents": ("document_id", "documents"),
    "document_texts": ("document_id", "raw.document_texts"),
    "payloads": ("payload_id", "raw.payloads"),
}


def payload_of(paper_id: str) -> Payload:
    body = (paper_id + LONG_TEXT).encode()
    key = sha256_key(paper_id)
    return Payload(key, "arxiv", f"https://{key}", 200, "html", body, NOW)


def document_of(paper_id: str) -> Document:
    text = paper_id + LONG_TEXT
    sections = (Section("Results", 0, 100), Section("Limits", 100, len(text)))
    return make_document(
        text,
        document_id=sha256_key(text),
        paper_id=paper_id,
        payload_id=payload_of(paper_id).payload_id,
        sections=sections,
    )


def write_all(home: str, log: str) -> None:
    """Two papers, one in two transactions and one in one, published; then an erasure.

    What is acknowledged is noted in `log`.
    """
    archive, (first, second) = Archive(Path(home)), PAPERS
    with archive.write() as con:
        save_metadata(con, first)
    acknowledge(log, "payload", first)
    with archive.write() as con:
        save_document(con, document_of(first), "r")
    acknowledge(log, "document", first)
    archive.publish()
    acknowledge(log, "published", first)
    with archive.write() as con:
        save_metadata(con, second)
        save_document(con, document_of(second), "r")
    acknowledge(log, "payload", second)
    acknowledge(log, "document", second)
    archive.publish()
    acknowledge(log, "published", second)
    archive.erase_deleted()


def save_metadata(con: Connection, paper_id: str) -> None:
    """A payload, and a paper that names it."""
    payload = payload_of(paper_id)
    save_payload(con, payload)
    record = FetchRecord(payload.payload_id, None, None, moved=False, fetched_at=NOW)
    save_fetch(con, payload.url, record)
    paper = make_paper("", paper_id=paper_id, payload_id=payload.payload_id)
    save_paper(con, paper)


def acknowledge(log: str, step: str, paper_id: str) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(descriptor, f"{json.dumps([step, paper_id])}\n".encode())
    os.close(descriptor)


def acknowledged(log: Path) -> list[tuple[str, str]]:
    if not log.exists():
        return []
    return [tuple(json.loads(line)) for line in log.read_text().splitlines()]


@dataclass(frozen=True)
class Simulation:
    """Writes into copies of a home, killed at points that a seed chooses."""

    start: Path | None
    folder: Path
    points: int

    @classmethod
    def of(cls, start: Path | None, folder: Path) -> "Simulation":
        """Writes from a start, or without one into a new home; counts their points."""
        simulation = cls(start, folder, 0)
        home, log = simulation.prepare("counted")
        return cls(start, folder, count_points(write_all, str(home), str(log)))

    def prepare(self, name: str) -> tuple[Path, Path]:
        home = self.folder / name / "home"
        home.parent.mkdir()
        if self.start is not None:
            shutil.copytree(self.start, home)
        return home, home.with_suffix(".log")

    def run(self, seed: int) -> None:
        """One kill, sometimes more, a check after each, and a run that completes."""
        chance = random.Random(seed)
        home, log = self.prepare(str(seed))
        for _ in range(chance.choice((1, 1, 2))):
            point = chance.randint(1, self.points)
            code = die_at(point, write_all, str(home), str(log))
            # After a kill less may be left to do than there are points.
            assert code in {KILLED, 0}, f"point {point} of {self.points}: {code}"
            check(home, log)
        write_all(str(home), str(log))
        check(home, log)
        assert not list(home.rglob("*.part"))
        assert not list(home.rglob("*.fresh*"))
        shutil.rmtree(home.parent)


def check(home: Path, log: Path) -> None:
    """What holds after a kill, whatever the moment."""
    steps = acknowledged(log)
    check_published(home, {paper for step, paper in steps if step == "published"})
    if not home.exists():
        assert steps == []
        return
    with Archive(home).read_latest() as con:
        for name, sql in DANGLING.items():
            assert fetch_rows(con, sql) == [], name
        for step, paper_id in steps:
            payload, document = payload_of(paper_id), document_of(paper_id)
            if step == "payload":
                assert find(con, "payloads", payload.payload_id)
                assert get_payload(con, payload.payload_id).body == payload.body
            else:
                assert find(con, "document_texts", document.document_id)
                assert find(con, "documents", document.document_id)


def find(con: Connection, name: str, key: str) -> object:
    """A row's content by its key; the same must be found without an index."""
    column, table = BY_KEY[name]
    value = {"document_texts": "text"}.get(name, "url")
    query = f"SELECT {value} FROM {table} WHERE {column}"
    by_key = con.execute(f"{query} = ?", [key]).fetchall()
    by_scan = con.execute(f"{query} || '' = ?", [key]).fetchall()
    assert by_key == by_scan, (name, key)
    assert len(by_key) == 1, (name, key)
    return by_key[0][0]


def check_published(home: Path, paper_ids: set[str]) -> None:
    """The published copy is whole and has what was acknowledged as published."""
    path = home / "archive.duckdb"
    if not path.exists():
        assert paper_ids == set()
        return
    with duckdb.connect(path, read_only=True) as con:
        found = con.execute("SELECT paper_id FROM documents").fetchall()
        assert {paper_id for (paper_id,) in found} >= paper_ids
