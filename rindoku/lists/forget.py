"""Forgetting a post: X asks for it within a day once a post is deleted."""

import json
from datetime import datetime

from rindoku.archive import Archive
from rindoku.archive.rows import fetch_rows
from rindoku.archive.saving import forget_post as forget_in_archive
from rindoku.archive.statements import query
from rindoku.errors import BadInput, NotFound
from rindoku.prices import x_cost_usd
from rindoku.settings import Settings, load_settings

_BATCH = 100


def deleted_posts() -> tuple[list[str], int, float]:
    """Stored posts that X no longer has, how many were asked for, and what the asking cost in dollars.

    Raises what the X client raises.
    """
    from rindoku.lists.x import XClient, count_read

    settings = load_settings()
    ids = stored_posts(settings)
    client, gone, cost = XClient(settings), [], 0.0
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        payload = client.fetch_posts(batch)
        there = {
            i
            for p in json.loads(payload.body).get("data") or []
            for i in (p["id"], *(p.get("edit_history_tweet_ids") or []))
        }
        gone += [i for i in batch if i not in there]
        cost += x_cost_usd(*count_read(payload), settings.home_path)
    return gone, len(ids), cost


def stored_posts(settings: Settings) -> list[str]:
    """Ids of all posts whose text is still stored."""
    with Archive(settings.home_path).read() as con:
        return [r["post_id"] for r in fetch_rows(con, query("stored_posts"))]


def forget_post(post_id: str, at: datetime) -> str:
    """Removes a post's text and every stored answer that holds it, here and in the published copy.

    Raises BadInput for what is no id, NotFound for a post that was never read. Returns what was done.
    """
    if not post_id.isdecimal():
        raise BadInput(
            f"{post_id!r} is no id of a post.",
            "It is the number at the end of the post's address.",
        )
    archive = Archive(load_settings().home_path)
    with archive.write() as con:
        rows = fetch_rows(con, query("post"), post_id=post_id)
        if not rows:
            raise NotFound(
                f"The archive has no post {post_id}.", "There is nothing to forget."
            )
        if rows[0]["forgotten_at"] is not None:
            return f"Post {post_id} was forgotten on {rows[0]['forgotten_at']:%Y-%m-%d} already."
        holding = fetch_rows(con, query("payloads_with_post"), needle=f'"{post_id}"')
        forget_in_archive(con, post_id, [r["payload_id"] for r in holding], at)
    # Deleted rows leave their bytes behind in the file; a new file has none of them.
    archive.compact()
    archive.publish()
    return f"Post {post_id} is forgotten: its text and {len(holding)} stored answers with it are gone, its id stays."
