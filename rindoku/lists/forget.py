"""Forgetting posts, which X requires within a day after they were deleted."""

from dataclasses import dataclass
from datetime import datetime

from rindoku.archive import open_archive
from rindoku.archive.posts import (
    delete_post_text,
    find_payloads_with_post,
    find_post,
    find_stored_posts,
)
from rindoku.errors import BadInput, NotFound
from rindoku.lists.posts import existing_ids
from rindoku.prices import x_cost_usd
from rindoku.settings import Settings, load_settings

_POSTS_A_REQUEST = 100


@dataclass(frozen=True)
class DeletedPosts:
    """Stored posts that X no longer has, how many were checked, and the cost."""

    post_ids: list[str]
    checked: int
    cost_usd: float


def find_deleted_posts() -> DeletedPosts:
    """Asks X which of the stored posts were deleted. Raises what the client raises."""
    from rindoku.lists.x import XClient, count_read

    settings = load_settings()
    ids = stored_posts(settings)
    client = XClient(settings)
    deleted: list[str] = []
    cost_usd = 0.0
    for start in range(0, len(ids), _POSTS_A_REQUEST):
        batch = ids[start : start + _POSTS_A_REQUEST]
        payload = client.fetch_posts(batch)
        existing = existing_ids(payload.body)
        deleted += [post_id for post_id in batch if post_id not in existing]
        posts, users = count_read(payload)
        cost_usd += x_cost_usd(posts, users, settings.home_path)
    return DeletedPosts(deleted, len(ids), cost_usd)


def stored_posts(settings: Settings) -> list[str]:
    """Ids of all posts whose text is still stored."""
    with open_archive(settings).read() as con:
        return find_stored_posts(con)


def forget_post(post_id: str, at: datetime) -> str:
    """Removes a post's text and the responses that contain it.

    Returns a message that says what was done. Raises BadInput for something that is not
    an id, NotFound for a post that was never read.
    """
    if not post_id.isdecimal():
        raise BadInput(
            f"{post_id!r} is not the id of a post.",
            "The id is the number at the end of the post's address.",
        )
    archive = open_archive(load_settings())
    with archive.write() as con:
        post = find_post(con, post_id)
        if post is None:
            raise NotFound(
                f"The archive has no post {post_id}.", "There is nothing to forget."
            )
        if post.forgotten_at is not None:
            return (
                f"Post {post_id} was already forgotten on {post.forgotten_at:%Y-%m-%d}."
            )
        payload_ids = find_payloads_with_post(con, post_id)
        delete_post_text(con, post_id, payload_ids, at)
    archive.erase_deleted()
    archive.publish()
    return (
        f"Post {post_id} is forgotten: its text and {len(payload_ids)} stored "
        "responses with it are deleted; its id stays."
    )
