"""Payloads: every answer from outside, byte for byte, and each address's newest one."""

from dataclasses import dataclass
from datetime import datetime

from rindoku import __version__
from rindoku.archive.rows import Connection, execute, find_one, get_row, insert
from rindoku.models import Payload


@dataclass(frozen=True)
class FetchRecord:
    """The newest payload of an address, with its validators for the next request."""

    payload_id: str
    etag: str | None
    last_modified: str | None
    moved: bool
    fetched_at: datetime


def save_payload(con: Connection, payload: Payload) -> None:
    """Saves an answer from outside."""
    row = {
        "payload_id": payload.payload_id,
        "source": payload.source,
        "url": payload.url,
        "status": payload.status,
        "content_type": payload.content_type,
        "body": payload.body,
        "tool": f"rindoku/{__version__}",
        "retrieved_at": payload.retrieved_at,
    }
    insert(con, "raw.payloads", [row])


def get_payload(con: Connection, payload_id: str) -> Payload:
    """A payload by its id. Raises NotFound."""
    return Payload(**get_row(con, "payloads/get", payload_id=payload_id))


def save_fetch(con: Connection, url: str, record: FetchRecord) -> None:
    """Records the newest payload of an address, in place of the one before."""
    execute(
        con,
        "payloads/save_fetch",
        url=url,
        payload_id=record.payload_id,
        etag=record.etag,
        last_modified=record.last_modified,
        moved=record.moved,
        fetched_at=record.fetched_at,
    )


def find_fetch(con: Connection, url: str) -> FetchRecord | None:
    """The newest payload of an address; None when it was never fetched."""
    return find_one(con, "payloads/fetch", FetchRecord, url=url)
