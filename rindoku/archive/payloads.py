"""Payloads: all responses, byte for byte, and the newest one of each address."""

from dataclasses import asdict, dataclass
from datetime import datetime

from rindoku import __version__
from rindoku.archive.rows import Connection, find_one, get_row, insert_private
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
    """Saves a response, at once."""
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
    insert_private(con, "payloads", [row])


def get_payload(con: Connection, payload_id: str) -> Payload:
    """A payload by its id. Raises NotFound."""
    return Payload(**get_row(con, "payloads/get", payload_id=payload_id))


def find_payload(con: Connection, payload_id: str) -> Payload | None:
    """A payload by its id; None when it is gone."""
    return find_one(con, "payloads/get", Payload, payload_id=payload_id)


def save_fetch(con: Connection, url: str, record: FetchRecord) -> None:
    """Records the newest payload of an address, at once."""
    insert_private(con, "fetches", [{"url": url} | asdict(record)])


def find_fetch(con: Connection, url: str) -> FetchRecord | None:
    """The newest payload of an address; None when it was never fetched."""
    return find_one(con, "payloads/fetch", FetchRecord, url=url)
