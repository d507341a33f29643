"""Parses responses of the X API v2 into posts."""

import html
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rindoku.models import Post, PostArticle

_SHORT_LINK = re.compile(r"https?://t\.co/\w+")

# A JSON object of the API.
_Json = Mapping[str, Any]


def parse_posts(body: bytes) -> list[Post]:
    """The posts of one response (a page, a search or a look-up), in its order.

    Fields that X renamed in August 2026 are read under both names (`note_tweet` and
    `note_post`, and so on).
    """
    data = json.loads(body).get("data") or []
    posts = data if isinstance(data, list) else [data]
    return [
        _parse_post(post)
        for post in posts
        if isinstance(post, dict) and "author_id" in post
    ]


def _parse_post(post: _Json) -> Post:
    note = _renamed(post, "note_tweet", "note_post") or {}
    history = _renamed(post, "edit_history_tweet_ids", "edit_history_post_ids")
    references = {
        reference["type"]: reference["id"]
        for reference in _renamed(post, "referenced_tweets", "referenced_posts") or []
    }
    # The note has the complete text and all links of a long post.
    expanded = _expanded_links(note) | _expanded_links(post)
    return Post(
        post_id=(history or [post["id"]])[0],
        conversation_id=post.get("conversation_id", post["id"]),
        author_id=post["author_id"],
        replied_to=references.get("replied_to"),
        posted_at=datetime.fromisoformat(post["created_at"]).astimezone(UTC),
        text=_expand_text(note.get("text") or post["text"], expanded),
        links=tuple(dict.fromkeys(expanded.values())),
        revision=post["id"],
        is_repost="retweeted" in references,
        quoted=references.get("quoted"),
        article=_parse_article(post.get("article")),
    )


def _renamed(post: _Json, *names: str) -> Any:
    """The value of the first name that has one."""
    return next((post[name] for name in names if post.get(name)), None)


def _expand_text(text: str, expanded: Mapping[str, str]) -> str:
    text = html.unescape(text)
    for short, address in expanded.items():
        text = text.replace(short, address)
    # The remaining short links lead to pictures.
    return _SHORT_LINK.sub("", text)


def _expanded_links(holder: _Json) -> dict[str, str]:
    """The expanded links of a post or a note, by short link."""
    urls = (holder.get("entities") or {}).get("urls") or []
    return {
        url["url"]: url.get("unwound_url") or url.get("expanded_url") or url["url"]
        for url in urls
        if not _is_picture(url)
    }


def _is_picture(url: _Json) -> bool:
    """Whether a link leads to a picture or video of the post itself."""
    return bool(url.get("media_key")) or "/photo/" in url.get("expanded_url", "")


def _parse_article(article: _Json | None) -> PostArticle | None:
    if not article or not (article.get("plain_text") or article.get("title")):
        return None
    urls = (article.get("entities") or {}).get("urls") or []
    return PostArticle(
        title=article.get("title") or "",
        text=article.get("plain_text") or "",
        links=tuple(
            (url["start"], url.get("expanded_url") or url["url"])
            for url in urls
            if isinstance(url.get("start"), int)
        ),
    )
