"""Bodies are stored in parts and returned whole."""

import random
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from rindoku.archive import Archive
from rindoku.archive.payloads import delete_payloads, get_payload, save_payload
from rindoku.archive.rows import fetch_rows
from rindoku.archive.statements import private_migrations
from rindoku.errors import ArchiveCorrupt
from rindoku.web.fetch import make_payload

BODIES = [b"", b"a", b"b" * 8000, b"c" * 8001, bytes(range(256)) * 200]
NOW = datetime(2024, 4, 8, tzinfo=UTC)


def save_bodies(archive: Archive, bodies: list[bytes]) -> list[str]:
    payloads = [make_payload("web", "https://example.org", 200, b) for b in bodies]
    with archive.write() as con:
        for payload in payloads:
            save_payload(con, payload)
    return [payload.payload_id for payload in payloads]


def bodies_of(archive: Archive, ids: list[str]) -> list[bytes]:
    with archive.read_latest() as con:
        return [get_payload(con, payload_id).body for payload_id in ids]


def test_bodies_of_any_length_come_back(tmp_path: Path) -> None:
    chance = random.Random(0)
    lengths = [0, 1, 7999, 8000, 8001, 16_000, 16_001, 1_000_000]
    bodies = [chance.randbytes(length) for length in lengths]
    archive = Archive(tmp_path)
    assert bodies_of(archive, save_bodies(archive, bodies)) == bodies


def test_a_payload_is_stored_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    save_bodies(archive, BODIES + BODIES)
    ids = save_bodies(archive, BODIES)
    assert bodies_of(archive, ids) == BODIES
    with archive.read_latest() as con:
        [row] = fetch_rows(
            con, "SELECT sum(octet_length(bytes)) AS n FROM raw.payload_parts"
        )
    assert row["n"] == sum(map(len, BODIES))


def test_what_is_deleted_takes_its_own_body_only(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    first, *others = save_bodies(archive, BODIES)
    with archive.write() as con:
        delete_payloads(con, [others[1], others[3]])
    kept = [first, others[0], others[2]]
    more = save_bodies(archive, [b"d" * 20_000, b""])
    assert bodies_of(archive, kept + more)[:3] == [BODIES[0], BODIES[1], BODIES[3]]
    assert bodies_of(archive, more) == [b"d" * 20_000, b""]
    with archive.read_latest() as con:
        [row] = fetch_rows(con, "SELECT count(*) AS n FROM raw.payload_parts")
    assert row["n"] == 1 + 2 + 3


def test_a_body_that_lost_a_part_is_not_taken_for_whole(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    [payload_id] = save_bodies(archive, [b"e" * 9000])
    with archive.write() as con:
        con.cursor().execute("DELETE FROM raw.payload_parts WHERE part = 1")
    with (
        archive.read_latest() as con,
        pytest.raises(ArchiveCorrupt, match="8000 of 9000"),
    ):
        get_payload(con, payload_id)


def test_bodies_that_were_stored_whole_are_cut_into_parts() -> None:
    """Private files that were made before bodies had parts."""
    whole, parts = private_migrations()[:2]
    with duckdb.connect() as con:
        con.execute(whole.sql)
        for body in BODIES:
            name = str(len(body))
            con.execute(
                "INSERT INTO payloads VALUES (?, 'web', 'u', 200, 'html', ?, 'r', ?)",
                [name, body, NOW],
            )
        con.execute(parts.sql)
        con.execute(
            "ATTACH ':memory:' AS raw; CREATE TABLE raw.payloads AS FROM payloads"
        )
        con.execute("CREATE TABLE raw.payload_parts AS FROM payload_parts")
        for body in BODIES:
            assert get_payload(con, str(len(body))).body == body
