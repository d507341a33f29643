"""The stand-in's X API v2: users, timelines, look-ups, searches, lists; t.co entities and pagination."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from rindoku.sample.content import ACCOUNT, ACCOUNT_ID, SampleWeek

Json = dict[str, Any]
_EPOCH_MS = 1_288_834_974_657
_LONG = 280
_STRANGER_ID = "4400000001"
# Posts of this author carry the links that entries of the shape "quotes" only point to.
_FELLOW_ID = "4400000002"
LIST_ID = "1700000000000000001"


class Posts:
    """Every post the stand-in has, oldest first."""

    def __init__(self, weeks: Iterable[SampleWeek], now: datetime) -> None:
        self.now = now
        self._posts = sorted(
            (p for week in weeks for p in _thread(week)), key=lambda p: int(p["id"])
        )

    def user(self, username: str) -> Json | None:
        """GET /2/users/by/username/:username."""
        if username.lower() != ACCOUNT:
            return None
        return {"data": {"id": ACCOUNT_ID, "name": "DAIR.AI", "username": ACCOUNT}}

    def timeline(self, user_id: str, query: Mapping[str, str]) -> Json:
        """GET /2/users/:id/tweets."""
        excluded = query.get("exclude", "").split(",")
        found = [
            p
            for p in self._posts
            if p["author_id"] == user_id
            and not ("replies" in excluded and "referenced_tweets" in p)
        ]
        return _page(_within(found, query), query, least=5)

    def look_up(self, ids: str) -> Json:
        """GET /2/tweets?ids=."""
        wanted = ids.split(",")
        known = {p["id"]: p for p in self._posts}
        answer: Json = {"data": [known[i] for i in wanted if i in known]}
        missing = [
            {
                "resource_id": i,
                "resource_type": "tweet",
                "title": "Not Found Error",
                "value": i,
            }
            for i in wanted
            if i not in known
        ]
        return answer | ({"errors": missing} if missing else {})

    def search(self, query: Mapping[str, str], *, everything: bool) -> Json:
        """GET /2/tweets/search/recent and /all: words, "phrases", from:, conversation_id:, list:."""
        found = [p for p in self._posts if _matches(p, query.get("query", ""))]
        if not everything:
            oldest = self.now - timedelta(days=7)
            found = [p for p in found if _instant(p["created_at"]) >= oldest]
        return _page(_within(found, query), query, least=10)

    def list_posts(self, list_id: str, query: Mapping[str, str]) -> Json | None:
        """GET /2/lists/:id/tweets."""
        if list_id != LIST_ID:
            return None
        return _page(
            [p for p in self._posts if p["author_id"] == ACCOUNT_ID], query, least=1
        )


SHAPES = (
    "thread",
    "bursts",
    "article",
    "article with links",
    "bare article",
    "quotes",
    "long",
    "edited",
    "undated",
)


def _thread(week: SampleWeek) -> list[Json]:
    """The week as posts in its shape, with what surrounds it: a promo, a stranger's reply, a retweet, another post."""
    root, *below = (
        _ARTICLES[week.shape](week) if week.shape in _ARTICLES else _replies(week)
    )
    if week.promo:
        below.append(
            _post(
                week.posted_at + timedelta(seconds=7),
                week.promo,
                root=root,
                parent=below[-1],
            )
        )
    own = "11). My own paper - please read it. https://example.org/mine"
    stranger = _post(
        week.posted_at + timedelta(minutes=9),
        own,
        root=root,
        parent=root,
        author=_STRANGER_ID,
    )
    course = _post(
        week.posted_at - timedelta(hours=20), "A course on prompting starts next month."
    )
    posts = [root, *below, stranger, course]
    if week.shape != "thread":
        repost = _post(
            week.posted_at + timedelta(hours=3), f"RT @{ACCOUNT}: {week.heading}"
        )
        posts.append(
            repost | {"referenced_tweets": [{"type": "retweeted", "id": root["id"]}]}
        )
    return posts


def _replies(week: SampleWeek) -> list[Json]:
    names = week.bullets or [e.title for e in week.entries[:6]]
    bullets = "\n".join(f"- {b}" for b in names)
    heading = (
        re.sub(r"\s*\(.*?\)", "", week.heading)
        if week.shape == "undated"
        else week.heading
    )
    last = root = _post(
        week.posted_at, f"{heading}\n\n{bullets}\n\nAll ten with links below."
    )
    posts, quoted = [root], []
    for entry in week.entries:
        at = week.posted_at + timedelta(milliseconds=500 * entry.rank)
        urls = [u for label, u in entry.links if label.lower() != "tweet"]
        blurb = entry.blurb + (" And so on." * 30 if week.shape == "long" else "")
        text = f"{entry.rank}). {entry.title} - {blurb}"
        if week.shape == "quotes":
            other = _post(
                at - timedelta(days=2),
                "\n".join(["A thread on this.", *urls]),
                author=_FELLOW_ID,
            )
            quoted.append(other)
            last = _post(
                at,
                f"{text}\n\nhttps://x.com/fellow/status/{other['id']}",
                root=root,
                parent=last,
            )
            last["referenced_tweets"].append({"type": "quoted", "id": other["id"]})
        elif week.shape == "bursts" and entry.rank > len(week.entries) // 2:
            last = _post(at + timedelta(minutes=12), "\n\n".join([text, *urls]))
        else:
            last = _post(at, "\n\n".join([text, *urls]), root=root, parent=last)
        if week.shape == "edited" and entry.rank == 2:
            first = last["id"]
            slip = last | {
                "text": last["text"].replace(entry.title, "A slip of the pen")
            }
            last = last | {
                "id": str(int(first) + (60_000 << 22)),
                "edit_history_tweet_ids": [first],
            }
            last["edit_history_tweet_ids"] = [first, last["id"]]
            posts.append(slip)
        posts.append(last)
    return posts + quoted


def _article(week: SampleWeek, *, teaser: bool, links: bool) -> list[Json]:
    title = week.heading.rstrip(":") if not teaser else "AI Papers of the Week"
    body, urls = "Here is what stood out.\n", []
    for entry in week.entries:
        body += f"\n{entry.rank}. {entry.title}\n{entry.blurb}\n"
        for label, url in entry.links:
            urls.append(
                {
                    "start": len(body),
                    "end": len(body) + len(label),
                    "url": url,
                    "expanded_url": url,
                }
            )
            body += f"{label} | "
        body += "\n"
    bare = _post(
        week.posted_at, f"https://x.com/i/article/{17 * 10**17 + week.posted_at.day}"
    )
    bare["article"] = {
        "title": title,
        "plain_text": body,
        "entities": {"urls": urls if links else []},
    }
    if not teaser:
        return [bare, _post(week.posted_at + timedelta(hours=2), "Thanks for reading.")]
    bullets = "\n".join(f"- {e.title}" for e in week.entries[:7])
    return [
        bare,
        _post(
            week.posted_at + timedelta(seconds=25),
            f"{week.heading}\n\n{bullets}\n\nRead on for more:",
        ),
    ]


_ARTICLES = {
    "article": lambda week: _article(week, teaser=True, links=False),
    "article with links": lambda week: _article(week, teaser=True, links=True),
    "bare article": lambda week: _article(week, teaser=False, links=True),
}


def _post(
    at: datetime,
    text: str,
    root: Json | None = None,
    parent: Json | None = None,
    author: str = ACCOUNT_ID,
) -> Json:
    shown, urls = _shorten(text)
    post_id = str(
        ((int(at.timestamp() * 1000) - _EPOCH_MS) << 22)
        + (0 if author == ACCOUNT_ID else int(author) % 10)
    )
    post: Json = {
        "id": post_id,
        "edit_history_tweet_ids": [post_id],
        "author_id": author,
        "conversation_id": root["id"] if root else post_id,
        "created_at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "text": shown,
    }
    if len(shown) > _LONG:
        # A long post carries the rest of its text, and the links in it, in note_tweet alone.
        post["text"] = shown[: _LONG - 1] + "…"
        post["note_tweet"] = {"text": shown, "entities": {"urls": urls}}
    elif urls:
        post["entities"] = {"urls": urls}
    if parent:
        post["referenced_tweets"] = [{"type": "replied_to", "id": parent["id"]}]
    return post


def _shorten(text: str) -> tuple[str, list[Json]]:
    """Text as X stores it: HTML-escaped, links behind t.co, and their entities."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    urls: list[Json] = []
    parts = re.split(r"(https?://\S+)", text)
    shown = ""
    for number, part in enumerate(parts):
        if number % 2:
            full = part.replace("&amp;", "&")
            digest = hashlib.blake2b(full.encode(), digest_size=8).digest()
            short = "https://t.co/" + base64.b32encode(digest).decode()[:10]
            urls.append(
                {
                    "start": len(shown),
                    "end": len(shown) + len(short),
                    "url": short,
                    "expanded_url": full,
                    "display_url": full.split("://", 1)[1][:27],
                }
            )
            part = short  # noqa: PLW2901
        shown += part
    return shown, urls


def _matches(post: Json, query: str) -> bool:
    text = (post.get("note_tweet") or post)["text"].lower()
    for phrase, operator, value, word in re.findall(
        r'"([^"]+)"|(\w+):(\S+)|(?!-)(\S+)', query.replace("-is:retweet", "")
    ):
        if phrase or word:
            if (phrase or word).lower() not in text:
                return False
        elif operator == "conversation_id":
            if post["conversation_id"] != value:
                return False
        elif operator == "from":
            if post["author_id"] != (ACCOUNT_ID if value.lower() == ACCOUNT else value):
                return False
        elif operator == "list" and (
            value != LIST_ID or post["author_id"] != ACCOUNT_ID
        ):
            return False
    return True


def _within(posts: list[Json], query: Mapping[str, str]) -> list[Json]:
    start, end = query.get("start_time"), query.get("end_time")
    since, until = query.get("since_id"), query.get("until_id")
    return [
        p
        for p in posts
        if (not start or _instant(p["created_at"]) >= _instant(start))
        and (not end or _instant(p["created_at"]) < _instant(end))
        and (not since or int(p["id"]) > int(since))
        and (not until or int(p["id"]) < int(until))
    ]


def _page(posts: list[Json], query: Mapping[str, str], *, least: int) -> Json:
    """Newest first, in pages; the token is the number of posts already given."""
    newest = posts[::-1]
    size = max(least, min(100, int(query.get("max_results", "10"))))
    start = int(query.get("pagination_token") or query.get("next_token") or "0")
    shown = newest[start : start + size]
    meta: Json = {"result_count": len(shown)}
    if shown:
        meta |= {"newest_id": shown[0]["id"], "oldest_id": shown[-1]["id"]}
    if start + size < len(newest):
        meta["next_token"] = str(start + size)
    return {"meta": meta} | ({"data": shown} if shown else {})


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
