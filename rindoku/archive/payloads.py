"""Payloads: all responses, byte for byte, and the newest one of each address."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from rindoku import __version__
from rindoku.archive.rows import (
    Columns,
    Connection,
    add_private,
    execute,
    fetch_rows,
    find_one,
    get_row,
    insert_private,
    private_transaction,
)
from rindoku.archive.statements import query
from rindoku.errors import ArchiveCorrupt
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
    """Saves a response, at once; one that is there already is not changed."""
    with private_transaction(con) as private:
        if fetch_rows(private, query("payloads/get"), payload_id=payload.payload_id):
            return
        size = len(payload.body)
        parts = get_row(private, "payloads/next_parts", size=size)
        row = {
            "payload_id": payload.payload_id,
            "source": payload.source,
            "url": payload.url,
            "status": payload.status,
            "content_type": payload.content_type,
            "size": size,
            "tool": f"rindoku/{__version__}",
            "retrieved_at": payload.retrieved_at,
        }
        add_private(private, "payloads", [row | parts])
        execute(
            private,
            "payloads/save_parts",
            first_part=parts["first_part"],
            size=size,
            body=payload.body,
        )


def get_payload(con: Connection, payload_id: str) -> Payload:
    """A payload by its id. Raises NotFound, or ArchiveCorrupt if it is cut."""
    return _with_body(con, get_row(con, "payloads/get", payload_id=payload_id))


def find_payload(con: Connection, payload_id: str) -> Payload | None:
    """A payload by its id; None when it is gone. Raises ArchiveCorrupt as well."""
    rows = fetch_rows(con, query("payloads/get"), payload_id=payload_id)
    return _with_body(con, rows[0]) if rows else None


def find_urls(con: Connection, source: str) -> dict[str, str]:
    """The addresses of all payloads of a source by their ids, oldest first."""
    rows = fetch_rows(con, query("payloads/of_source"), source=source)
    return {row["payload_id"]: row["url"] for row in rows}


def delete_payloads(con: Connection, payload_ids: Sequence[str]) -> None:
    """Removes payloads with their bodies, at once."""
    with private_transaction(con) as private:
        for name in ("payloads/delete_parts", "payloads/delete"):
            execute(private, name, payload_ids=list(payload_ids))


def _with_body(con: Connection, head: Columns) -> Payload:
    size, first, last = (head.pop(n) for n in ("size", "first_part", "last_part"))
    parts = fetch_rows(con, query("payloads/parts"), first_part=first, last_part=last)
    body = b"".join(part["bytes"] for part in parts)
    if len(body) != size:
        raise ArchiveCorrupt(
            f"{len(body)} of {size} bytes of {head['url']} are in the private file.",
            "Put a backup in its place; the README's section on backups says how.",
        )
    return Payload(body=body, **head)


def save_fetch(con: Connection, url: str, record: FetchRecord) -> None:
    """Records the newest payload of an address, at once."""
    insert_private(con, "fetches", [{"url": url} | asdict(record)])


def find_fetch(con: Connection, url: str) -> FetchRecord | None:
    """The newest payload of an address; None when it was never fetched."""
    return find_one(con, "payloads/fetch", FetchRecord, url=url)
