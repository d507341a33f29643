"""Posts on X: what was read, what it cost, high-water marks, and forgetting."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from rindoku.archive.payloads import (
    delete_payloads,
    find_urls,
    get_payload,
)
from rindoku.archive.rows import (
    Connection,
    digest_of,
    execute_private,
    fetch_rows,
    find_one,
    insert,
    insert_private,
)
from rindoku.archive.statements import query
from rindoku.models import Payload, Post


@dataclass(frozen=True)
class StoredPost:
    """A post as the archive lists it, without its text."""

    post_id: str
    payload_id: str
    posted_at: datetime
    forgotten_at: datetime | None


def save_posts(con: Connection, posts: Iterable[Post], payload_id: str) -> None:
    """Saves posts, and their texts per response; an edited post keeps its id."""
    posts = list(posts)
    rows = [
        {
            "post_id": post.post_id,
            "conversation_id": post.conversation_id,
            "author_id": post.author_id,
            "replied_to": post.replied_to,
            "posted_at": post.posted_at,
            "payload_id": payload_id,
        }
        for post in posts
    ]
    texts = [
        {"post_id": post.post_id, "payload_id": payload_id, "text": post.text}
        for post in posts
    ]
    insert_private(con, "post_texts", texts)
    insert(con, "posts", rows)


def save_x_read(
    con: Connection,
    payload: Payload,
    *,
    posts: int,
    users: int,
    cost_usd: float,
    run_id: str,
) -> None:
    """Records what a response of X cost, by the posts and users it contains."""
    row = {
        "payload_id": payload.payload_id,
        "endpoint": re.sub(r"\d{5,}", ":id", urlsplit(payload.url).path),
        "posts": posts,
        "users": users,
        "cost_usd": cost_usd,
        "read_at": payload.retrieved_at,
        "run_id": run_id,
    }
    insert(con, "x_reads", [row])


def find_unbooked(con: Connection) -> list[str]:
    """Ids of X's responses whose cost, and posts, a killed run did not record."""
    return [row["payload_id"] for row in fetch_rows(con, query("posts/unbooked"))]


def save_high_water_mark(con: Connection, watch: str, week: str, post_id: str) -> None:
    """Records how far a week was read without a gap."""
    row = {
        "digest": digest_of(con),
        "watch": watch,
        "week": week,
        "post_id": post_id,
        "noted_at": datetime.now(UTC),
    }
    insert(con, "high_water_marks", [row])


def find_high_water_mark(con: Connection, watch: str, week: str) -> str | None:
    """The newest post of a week that was read without a gap."""
    rows = fetch_rows(con, query("posts/high_water_mark"), watch=watch, week=week)
    return str(rows[0]["post_id"]) if rows else None


def find_account_payload(con: Connection, account: str) -> Payload | None:
    """The response in which X gave the id of an account."""
    rows = fetch_rows(con, query("posts/account_payload"), account=account)
    return get_payload(con, rows[0]["payload_id"]) if rows else None


def find_payloads_in_window(
    con: Connection, first: datetime, last: datetime
) -> list[str]:
    """Ids of payloads with posts in `[first, last)`, without forgotten ones."""
    rows = fetch_rows(con, query("posts/payloads_in_window"), first=first, last=last)
    return [row["payload_id"] for row in rows]


def find_stored_posts(con: Connection) -> list[str]:
    """Ids of all posts whose text is still stored, oldest first."""
    return [row["post_id"] for row in fetch_rows(con, query("posts/stored"))]


def find_post(con: Connection, post_id: str) -> StoredPost | None:
    """A post by its id."""
    return find_one(con, "posts/get", StoredPost, post_id=post_id)


def find_payloads_with_post(con: Connection, post_id: str) -> list[str]:
    """Ids of the responses of X that contain a post."""
    needle = f'"{post_id}"'.encode()
    ids = find_urls(con, "x")
    return [name for name in ids if needle in get_payload(con, name).body]


def delete_post_text(
    con: Connection, post_id: str, payload_ids: Sequence[str], at: datetime
) -> None:
    """Removes a post's text and the responses of X that contain it.

    The post's id stays, with the time of its removal.
    """
    # The blurb of an entry is part of the post's text.
    execute_private(con, "posts/delete_blurbs", post_id=post_id)
    execute_private(con, "posts/delete_text", post_id=post_id)
    delete_payloads(con, payload_ids)
    insert(con, "forgotten_posts", [{"post_id": post_id, "forgotten_at": at}])
