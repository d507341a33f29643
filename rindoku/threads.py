"""Posts to weeks: the classic thread, a root post that announces the week and numbered self-replies."""

import html
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from rindoku.contract import assemble, make_link
from rindoku.errors import EmptyThread
from rindoku.models import Entry, Post, Sighting
from rindoku.weeks import Heading, parse_heading

_NUMBERED = re.compile(r"\s*(?P<rank>\d{1,2})\s*(?:\)\.|[).:/])\s*(?P<rest>\S.*)", re.DOTALL)
_TITLE_END = re.compile(r"\s+[-\u2010-\u2015]\s*|\s*\n|(?<=\w):\s")
_SHORT_LINK = re.compile(r"https?://t\.co/\w+")


def parse_posts(body: bytes) -> list[Post]:
    """The posts of one answer of the X API v2 (a page, a search or a look-up), in the order given.

    Understands both spellings of the fields renamed in 2026 (`note_tweet`/`note_post`, ...).
    """
    answer = json.loads(body)
    data = answer.get("data") or []
    posts = data if isinstance(data, list) else [data]
    return [_post(p) for p in posts if isinstance(p, dict) and "author_id" in p]


def _post(post: Mapping[str, Any]) -> Post:
    note = post.get("note_tweet") or post.get("note_post") or {}
    history = post.get("edit_history_tweet_ids") or post.get("edit_history_post_ids") or [post["id"]]
    references = post.get("referenced_tweets") or post.get("referenced_posts") or []
    urls = [
        url
        for holder in (note, post)
        for url in (holder.get("entities") or {}).get("urls") or []
        # A media link leads to the post's own picture.
        if not url.get("media_key") and "/photo/" not in url.get("expanded_url", "")
    ]
    expanded = {url["url"]: url.get("unwound_url") or url.get("expanded_url") or url["url"] for url in urls}
    text = html.unescape(note.get("text") or post["text"])
    for short, long in expanded.items():
        text = text.replace(short, long)
    return Post(
        post_id=history[0],
        conversation_id=post.get("conversation_id", post["id"]),
        author_id=post["author_id"],
        replied_to=next((r["id"] for r in references if r["type"] == "replied_to"), None),
        posted_at=datetime.fromisoformat(post["created_at"]).astimezone(UTC),
        text=_SHORT_LINK.sub("", text),
        links=tuple(dict.fromkeys(expanded.values())),
    )


def find_weeks(posts: Iterable[Post], account_id: str) -> list[Sighting]:
    """The weeks announced in `posts` by the account, one sighting each, newest post first.

    Only the account's own posts count: strangers' replies share the conversation. Raises EmptyThread
    when a week is announced and no numbered entry follows it.
    """
    own = {p.post_id: p for p in posts if p.author_id == account_id}
    sightings = []
    for root in sorted(own.values(), key=lambda p: int(p.post_id), reverse=True):
        if root.replied_to is not None:
            continue
        heading = parse_heading(root.text, root.posted_at.date())
        if heading is not None and heading.starts_on is not None:
            sightings.append(_read_thread(root, heading, list(own.values())))
    return sightings


def _read_thread(root: Post, heading: Heading, posts: list[Post]) -> Sighting:
    entries = [e for e in map(_entry, _own_chain(root, posts)) if e is not None]
    if not entries:
        raise EmptyThread(
            f"Post {root.post_id} announces {heading.text!r}, and no numbered entry follows it.",
            "Run again later, when the thread is complete, or use the twin: RINDOKU_SOURCE=twin.",
        )
    return assemble("x", heading, root.post_id, sorted(entries, key=lambda e: e.rank))


def _own_chain(root: Post, posts: list[Post]) -> list[Post]:
    """The account's replies to itself below `root`, in order of their ids."""
    reached, chain = {root.post_id}, []
    for post in sorted(posts, key=lambda p: int(p.post_id)):
        if post.replied_to in reached:
            reached.add(post.post_id)
            chain.append(post)
    return chain


def _entry(post: Post) -> Entry | None:
    match = _NUMBERED.match(post.text)
    if match is None:
        return None
    rest = match["rest"].strip()
    end = _TITLE_END.search(rest)
    title = rest[: end.start()] if end else rest
    blurb = rest[end.end() :].strip() if end else ""
    return Entry("", int(match["rank"]), title.strip(), blurb, tuple(make_link(url) for url in post.links))
