"""The posts of the stand-in's X: a week as the account lists it, and other posts."""

import base64
import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from rindoku.sample.content import ACCOUNT_ID, SampleEntry, SampleWeek

Json = dict[str, Any]
# X counts the milliseconds of its ids from this instant.
_EPOCH_MS = 1_288_834_974_657
_LONGEST_SHORT_POST = 280
_SOMEONE_ELSE_ID = "4400000001"
_URL = re.compile(r"(https?://\S+)")


def post_thread(week: SampleWeek) -> list[Json]:
    """A week as the account posts it: a root post, and one reply for each entry."""
    root = post_heading(week)
    posts = [root]
    for entry in week.entries:
        at = week.posted_at + timedelta(milliseconds=500 * entry.rank)
        text = "\n\n".join([entry_text(entry), *paper_urls(entry)])
        posts.append(make_post(at, text, root=root, parent=posts[-1]))
    return with_surroundings(week, posts)


def post_heading(week: SampleWeek, heading: str | None = None) -> Json:
    """The root post of a week, with the names of the first papers."""
    names = week.bullets or [entry.title for entry in week.entries[:6]]
    bullets = "\n".join(f"- {name}" for name in names)
    text = f"{heading or week.heading}\n\n{bullets}\n\nAll ten with links below."
    return make_post(week.posted_at, text)


def with_surroundings(week: SampleWeek, posts: Sequence[Json]) -> list[Json]:
    """The posts of a week, a promotion, someone else's reply and an unrelated post."""
    root, last = posts[0], posts[-1]
    around = []
    if week.promo:
        at = week.posted_at + timedelta(seconds=7)
        around.append(make_post(at, week.promo, root=root, parent=last))
    around.append(
        make_post(
            week.posted_at + timedelta(minutes=9),
            "11). My own paper - please read it. https://example.org/mine",
            root=root,
            parent=root,
            author=_SOMEONE_ELSE_ID,
        )
    )
    around.append(
        make_post(
            week.posted_at - timedelta(hours=20),
            "A course on prompting starts next month.",
        )
    )
    return [*posts, *around]


def entry_text(entry: SampleEntry) -> str:
    """An entry as the account writes it, without links."""
    return f"{entry.rank}). {entry.title} - {entry.blurb}"


def paper_urls(entry: SampleEntry) -> list[str]:
    """The links of an entry, without those to posts."""
    return [url for label, url in entry.links if label.lower() != "tweet"]


def make_post(
    at: datetime,
    text: str,
    root: Json | None = None,
    parent: Json | None = None,
    author: str = ACCOUNT_ID,
) -> Json:
    """A post with all that X's API v2 may return of it.

    Its id is made of the time and the author.
    """
    shown, urls = _shorten(text)
    post_id = _post_id(at, author)
    post: Json = {
        "id": post_id,
        "edit_history_post_ids": [post_id],
        "author_id": author,
        "conversation_id": root["id"] if root else post_id,
        "created_at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "text": shown,
    }
    if len(shown) > _LONGEST_SHORT_POST:
        # Only note_post has the rest of a long post, and its links.
        post["text"] = shown[: _LONGEST_SHORT_POST - 1] + "…"
        post["note_post"] = {"text": shown, "entities": {"urls": urls}}
    elif urls:
        post["entities"] = {"urls": urls}
    if parent:
        post["referenced_posts"] = [{"type": "replied_to", "id": parent["id"]}]
    return post


def _post_id(at: datetime, author: str) -> str:
    milliseconds = int(at.timestamp() * 1000) - _EPOCH_MS
    # Posts of the same time by several authors differ in the last digits.
    author_digit = 0 if author == ACCOUNT_ID else int(author) % 10
    return str((milliseconds << 22) + author_digit)


def _shorten(text: str) -> tuple[str, list[Json]]:
    """Text as X stores it, HTML-escaped with links behind t.co, and their entities."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    shown = ""
    urls: list[Json] = []
    # Splitting at a group makes every second part a URL.
    for number, part in enumerate(_URL.split(escaped)):
        if number % 2 == 0:
            shown += part
            continue
        full = part.replace("&amp;", "&")
        short = _short_url(full)
        urls.append(
            {
                "start": len(shown),
                "end": len(shown) + len(short),
                "url": short,
                "expanded_url": full,
                "display_url": full.split("://", 1)[1][:27],
            }
        )
        shown += short
    return shown, urls


def _short_url(url: str) -> str:
    digest = hashlib.blake2b(url.encode(), digest_size=8).digest()
    return "https://t.co/" + base64.b32encode(digest).decode()[:10]
