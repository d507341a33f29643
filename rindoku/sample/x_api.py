"""The stand-in's X API v2: users, timelines, look-ups, searches, lists, pages."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from rindoku.sample.content import ACCOUNT, ACCOUNT_ID

Json = dict[str, Any]
LIST_ID = "1700000000000000001"
_RECENT = timedelta(days=7)
_MOST_A_PAGE = 100
_QUERY_PART = re.compile(
    r'"(?P<phrase>[^"]+)"|(?P<operator>\w+):(?P<value>\S+)|(?!-)(?P<word>\S+)'
)


class XApi:
    """The API. `posts` are all posts there are, the oldest first."""

    def __init__(self, posts: Iterable[Json], now: datetime) -> None:
        self.now = now
        self.posts = sorted(posts, key=lambda post: int(post["id"]))

    def user(self, username: str) -> Json | None:
        """GET /2/users/by/username/:username."""
        if username.lower() != ACCOUNT:
            return None
        return {"data": {"id": ACCOUNT_ID, "name": "DAIR.AI", "username": ACCOUNT}}

    def timeline(self, user_id: str, query: Mapping[str, str]) -> Json:
        """GET /2/users/:id/tweets."""
        found = [p for p in self.posts if p["author_id"] == user_id]
        if "replies" in query.get("exclude", "").split(","):
            found = [p for p in found if "referenced_tweets" not in p]
        return _page(_within(found, query), query, least=5)

    def look_up(self, ids: str) -> Json:
        """GET /2/tweets?ids=."""
        wanted = ids.split(",")
        known = {p["id"]: p for p in self.posts}
        answer: Json = {"data": [known[i] for i in wanted if i in known]}
        missing = [
            {
                "resource_id": post_id,
                "resource_type": "tweet",
                "title": "Not Found Error",
                "value": post_id,
            }
            for post_id in wanted
            if post_id not in known
        ]
        if missing:
            answer["errors"] = missing
        return answer

    def search(self, query: Mapping[str, str], *, everything: bool) -> Json:
        """GET /2/tweets/search/recent and /all.

        Words, "phrases", from:, conversation_id: and list: are supported.
        """
        found = [p for p in self.posts if _matches(p, query.get("query", ""))]
        if not everything:
            oldest = self.now - _RECENT
            found = [p for p in found if _instant(p["created_at"]) >= oldest]
        return _page(_within(found, query), query, least=10)

    def list_posts(self, list_id: str, query: Mapping[str, str]) -> Json | None:
        """GET /2/lists/:id/tweets."""
        if list_id != LIST_ID:
            return None
        found = [p for p in self.posts if p["author_id"] == ACCOUNT_ID]
        return _page(found, query, least=1)


def _matches(post: Json, query: str) -> bool:
    text = (post.get("note_tweet") or post)["text"].lower()
    for part in _QUERY_PART.finditer(query.replace("-is:retweet", "")):
        if part["operator"]:
            if not _matches_operator(post, part["operator"], part["value"]):
                return False
        elif (part["phrase"] or part["word"]).lower() not in text:
            return False
    return True


def _matches_operator(post: Json, operator: str, value: str) -> bool:
    match operator:
        case "conversation_id":
            return bool(post["conversation_id"] == value)
        case "from":
            author = ACCOUNT_ID if value.lower() == ACCOUNT else value
            return bool(post["author_id"] == author)
        case "list":
            return value == LIST_ID and post["author_id"] == ACCOUNT_ID
        case _:
            return True


def _within(posts: Iterable[Json], query: Mapping[str, str]) -> list[Json]:
    """The posts between start_time and end_time, and between since_id and until_id."""
    found = list(posts)
    if start := query.get("start_time"):
        found = [p for p in found if _instant(p["created_at"]) >= _instant(start)]
    if end := query.get("end_time"):
        found = [p for p in found if _instant(p["created_at"]) < _instant(end)]
    if since := query.get("since_id"):
        found = [p for p in found if int(p["id"]) > int(since)]
    if until := query.get("until_id"):
        found = [p for p in found if int(p["id"]) < int(until)]
    return found


def _page(posts: list[Json], query: Mapping[str, str], *, least: int) -> Json:
    """Newest first, in pages; the token is the number of posts already given."""
    newest = posts[::-1]
    size = max(least, min(_MOST_A_PAGE, int(query.get("max_results", "10"))))
    start = int(query.get("pagination_token") or query.get("next_token") or "0")
    shown = newest[start : start + size]
    meta: Json = {"result_count": len(shown)}
    if not shown:
        return {"meta": meta}
    meta |= {"newest_id": shown[0]["id"], "oldest_id": shown[-1]["id"]}
    if start + size < len(newest):
        meta["next_token"] = str(start + size)
    return {"meta": meta, "data": shown}


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
