"""Parses responses of the X API v2 into posts."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from rindoku.errors import NotAsDocumented
from rindoku.models import Post, PostArticle
from rindoku.untrusted import parse_json

_SHORT_LINK = re.compile(r"https?://t\.co/\w+")
_ADDRESS = re.compile(r"https?://[^\s<>\"|\]]+")
# Marks that end a sentence, not an address.
_MARKS = ".,;:!?*'"
_ID = re.compile(r"[0-9]{1,19}")
_SUCCESS = range(200, 300)
# Where X ended when it followed a link for itself, and was asked to sign in or to
# accept cookies.
_WALL = re.compile(
    r"[/._](?:log-?in|sign-?in|auth-?wall|authorize|servicelogin|consent)\b"
    r"|cookies_not_supported|cookieabsent",
    re.IGNORECASE,
)

# A JSON object of the API.
_Json = Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """The posts of a response in its order, and why others in it were skipped."""

    posts: tuple[Post, ...]
    skipped: tuple[str, ...]


def parse_posts(body: bytes) -> list[Post]:
    """The posts of one response. Raises what `parse_page` raises."""
    return list(parse_page(body).posts)


def parse_page(body: bytes) -> Page:
    """The posts of one response: a page, a search or a look-up.

    Fields that X renamed in August 2026 are read under both names (`note_tweet` and
    `note_post`, and so on). Posts that others refer to, if X sent them along, come
    last. Raises NotAsDocumented when X returned posts and none of them can be read.
    """
    response = _parse_response(body)
    data = response.get("data") or []
    posts: list[Post] = []
    skipped: list[str] = []
    for item in data if isinstance(data, list) else [data]:
        try:
            posts.append(_parse_post(item))
        except _NOT_A_POST as error:
            skipped.append(_why_skipped(item, error))
    if skipped and not posts:
        raise NotAsDocumented(
            f"X returned {len(skipped)} posts, none of which can be read. {skipped[0]}",
            _READ_TWIN,
        )
    found = {post.revision for post in posts}
    posts += [post for post in _included(response) if post.revision not in found]
    return Page(tuple(join_revisions(posts)), tuple(skipped))


# What a field of a wrong type or a missing one raises, wherever it is used.
_NOT_A_POST = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
_READ_TWIN = (
    "Read the twin: RINDOKU_SOURCE=twin. Report it: the answer is kept in raw.payloads."
)


def _why_skipped(item: object, error: Exception) -> str:
    post_id = item.get("id") if isinstance(item, dict) else None
    reason = f"{error.args[0]} is missing" if isinstance(error, KeyError) else error
    return f"Post {post_id or 'without id'} was skipped: {reason}."


def _included(response: _Json) -> Iterator[Post]:
    """The readable posts that X sent along because others refer to them."""
    included = response.get("includes")
    if not isinstance(included, dict):
        return
    for item in _renamed(included, "posts", "tweets") or []:
        try:
            yield _parse_post(item)
        except _NOT_A_POST:
            # Only what was asked for has to be whole; these come on top of it.
            continue


def existing_ids(body: bytes) -> set[str]:
    """Ids of the posts in a response, those of earlier revisions included.

    Raises NotAsDocumented when it is no response with posts.
    """
    ids: set[str] = set()
    for post in _parse_response(body).get("data") or []:
        names = "edit_history_tweet_ids", "edit_history_post_ids"
        ids |= {post["id"], *(_renamed(post, *names) or [])}
    return ids


def _parse_response(body: bytes) -> _Json:
    try:
        response = parse_json(body)
    except ValueError as error:
        raise NotAsDocumented(
            f"X's response is not JSON: {error}.", _READ_TWIN
        ) from None
    if not isinstance(response, dict):
        raise NotAsDocumented("X's response is no JSON object.", _READ_TWIN)
    return response


def join_revisions(posts: Sequence[Post]) -> list[Post]:
    """Posts whose references to a revision of a post name that post.

    A reply to an edited post names the revision that it replied to.
    """
    first = {post.revision: post.post_id for post in posts}
    return [
        replace(
            post,
            conversation_id=first.get(post.conversation_id, post.conversation_id),
            replied_to=first.get(post.replied_to or "", post.replied_to),
            quoted=first.get(post.quoted or "", post.quoted),
        )
        for post in posts
    ]


def _parse_post(post: Any) -> Post:
    """The post of a JSON object. Raises one of `_NOT_A_POST` when it is none."""
    note = _renamed(post, "note_tweet", "note_post") or {}
    history = _renamed(post, "edit_history_tweet_ids", "edit_history_post_ids")
    references = {
        reference["type"]: _number(reference["id"])
        for reference in _renamed(post, "referenced_tweets", "referenced_posts") or []
    }
    # The note has the complete text and all links of a long post.
    expanded = _expanded_links(note) | _expanded_links(post)
    return Post(
        post_id=_number((history or [post["id"]])[0]),
        conversation_id=_number(post.get("conversation_id", post["id"])),
        author_id=_number(post["author_id"]),
        replied_to=references.get("replied_to"),
        posted_at=datetime.fromisoformat(post["created_at"]).astimezone(UTC),
        text=_expand_text(_string(note.get("text") or post["text"]), expanded),
        links=tuple(dict.fromkeys(expanded.values())),
        revision=_number(post["id"]),
        is_repost="retweeted" in references,
        quoted=references.get("quoted"),
        article=_parse_article(post.get("article"), expanded),
    )


def _number(value: Any) -> str:
    """An id, which X writes as a string of digits."""
    if not _ID.fullmatch(_string(value)):
        raise ValueError(f"{value!r} is not an id")
    return str(value)


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a string")
    return value


def _renamed(holder: _Json, *names: str) -> Any:
    """The value of the first name that has one."""
    return next((holder[name] for name in names if holder.get(name)), None)


def _expand_text(text: str, expanded: Mapping[str, str]) -> str:
    text = html.unescape(text)
    for short, address in expanded.items():
        text = text.replace(short, address)
    # The remaining short links lead to pictures.
    return _SHORT_LINK.sub("", text)


def _expanded_links(holder: _Json) -> dict[str, str]:
    """The expanded links of a post or a note, by short link."""
    urls = (holder.get("entities") or {}).get("urls") or []
    return {url["url"]: _target(url) for url in urls if not _is_picture(url)}


def _target(url: _Json) -> str:
    """The address of a link, behind shorteners but not behind a wall."""
    expanded: str = url.get("expanded_url") or url["url"]
    unwound = url.get("unwound_url")
    if not isinstance(unwound, str) or url.get("status", 200) not in _SUCCESS:
        return expanded
    if _WALL.search(unwound) and not _WALL.search(expanded):
        return expanded
    return unwound


def _is_picture(url: _Json) -> bool:
    """Whether a link leads to a picture or video of the post itself."""
    return bool(url.get("media_key")) or "/photo/" in (url.get("expanded_url") or "")


def _parse_article(
    article: _Json | None, expanded: Mapping[str, str]
) -> PostArticle | None:
    if not article or not (article.get("plain_text") or article.get("title")):
        return None
    title, text = article.get("title") or "", article.get("plain_text") or ""
    urls = (article.get("entities") or {}).get("urls") or []
    places = dict(_named(urls, text)) | dict(_written_out(text)) | dict(_placed(urls))
    links = [(start, expanded.get(url, url)) for start, url in sorted(places.items())]
    return PostArticle(_string(title), _string(text), tuple(links))


def _placed(urls: Iterable[_Json]) -> Iterator[tuple[int, str]]:
    """The links of an article's entities that have their place in its text."""
    for url in urls:
        if isinstance(url.get("start"), int):
            yield url["start"], _string(url.get("expanded_url") or url["url"])


def _named(urls: Iterable[_Json], text: str) -> Iterator[tuple[int, str]]:
    """The links of an article's entities that are nothing but a text, by its places."""
    named = (_string(u["text"]) for u in urls if "start" not in u and u.get("text"))
    for name in dict.fromkeys(named):
        for place in re.finditer(re.escape(name), text):
            yield place.start(), name


def _written_out(text: str) -> Iterator[tuple[int, str]]:
    """The addresses that stand in a text, by their place."""
    for match in _ADDRESS.finditer(text):
        yield match.start(), _without_punctuation(match[0])


def _without_punctuation(address: str) -> str:
    """An address without the marks that follow it; its own parentheses stay."""
    unopened = address.count(")") - address.count("(")
    end = len(address)
    for mark in reversed(address):
        if mark == ")" and unopened > 0:
            unopened -= 1
        elif mark not in _MARKS:
            break
        end -= 1
    return address[:end]
