"""The stand-in's X API v2: users, timelines, look-ups, searches, lists, pages.

As the real one, it returns what was asked for and no more (x_parameters.py).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from rindoku.sample.content import ACCOUNT, ACCOUNT_ID
from rindoku.sample.x_parameters import wanted

Json = dict[str, Any]
LIST_ID = "1700000000000000001"
_RECENT = timedelta(days=7)
_MOST_A_PAGE = 100
_DEFAULT_FIELDS = {"id", "text"}
_EXPANDED_POSTS = {"referenced_posts", "edit_history_post_ids"}
_QUERY_PART = re.compile(
    r'"(?P<phrase>[^"]+)"|(?P<operator>\w+):(?P<value>\S+)|(?!-)(?P<word>\S+)'
)


class XApi:
    """The API; `posts` are all existing posts, kept with the oldest first."""

    def __init__(self, posts: Iterable[Json], now: datetime) -> None:
        self.now = now
        self.posts: list[Json] = []
        # Ids of accounts by their lower-case names.
        self.accounts = {ACCOUNT: ACCOUNT_ID}
        self.post(posts)

    def post(self, posts: Iterable[Json]) -> None:
        """Adds posts."""
        self.posts = sorted([*self.posts, *posts], key=lambda post: int(post["id"]))

    def user(self, username: str) -> Json | None:
        """GET /2/users/by/username/:username."""
        user_id = self.accounts.get(username.lower())
        if user_id is None:
            return None
        return {"data": _user(user_id, username)}

    def timeline(self, user_id: str, query: Mapping[str, str]) -> Json:
        """GET /2/users/:id/tweets."""
        posts = [p for p in self.posts if p["author_id"] == user_id]
        if "replies" in query.get("exclude", "").split(","):
            posts = [p for p in posts if "referenced_posts" not in p]
        return self._page(_within(posts, query), query, least=5)

    def look_up(self, query: Mapping[str, str]) -> Json:
        """GET /2/tweets?ids=."""
        known = {post["id"]: post for post in self.posts}
        posts, errors = [], []
        for post_id in query.get("ids", "").split(","):
            if post_id in known:
                posts.append(known[post_id])
            else:
                errors.append(_not_found(post_id))
        response = self._select(posts, query)
        if errors:
            response["errors"] = errors
        return response

    def search(self, query: Mapping[str, str], *, everything: bool) -> Json:
        """GET /2/tweets/search/recent and /all.

        Words, "phrases", from:, conversation_id: and list: are supported.
        """
        posts = [p for p in self.posts if self._matches(p, query.get("query", ""))]
        if not everything:
            oldest = self.now - _RECENT
            posts = [p for p in posts if _instant(p["created_at"]) >= oldest]
        return self._page(_within(posts, query), query, least=10)

    def list_posts(self, list_id: str, query: Mapping[str, str]) -> Json | None:
        """GET /2/lists/:id/tweets."""
        if list_id != LIST_ID:
            return None
        posts = [p for p in self.posts if p["author_id"] == ACCOUNT_ID]
        return self._page(posts, query, least=1)

    def _page(self, posts: list[Json], query: Mapping[str, str], *, least: int) -> Json:
        """A page, newest first; the token is the number of posts before it."""
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
        return {"meta": meta, **self._select(shown, query)}

    def _select(self, posts: Sequence[Json], query: Mapping[str, str]) -> Json:
        """Posts with the fields that were asked for, and what they bring along."""
        fields, expansions = wanted(query, "post.fields"), wanted(query, "expansions")
        shown = _DEFAULT_FIELDS | fields | expansions
        data = [_only(post, shown) for post in posts]
        included: Json = {}
        if "author_id" in expansions:
            authors = dict.fromkeys(post["author_id"] for post in posts)
            names = {number: name for name, number in self.accounts.items()}
            included["users"] = [_user(a, names.get(a, f"user{a}")) for a in authors]
        by_id = {post["id"]: post for post in self.posts}
        linked = _linked_ids(posts, expansions & _EXPANDED_POSTS)
        if others := [_only(by_id[i], shown) for i in linked if i in by_id]:
            included["posts"] = others
        return {"data": data, "includes": included} if included else {"data": data}

    def _matches(self, post: Json, query: str) -> bool:
        text = (post.get("note_post") or post)["text"].lower()
        for part in _QUERY_PART.finditer(query.replace("-is:retweet", "")):
            if part["operator"]:
                if not self._matches_operator(post, part["operator"], part["value"]):
                    return False
            elif (part["phrase"] or part["word"]).lower() not in text:
                return False
        return True

    def _matches_operator(self, post: Json, operator: str, value: str) -> bool:
        match operator:
            case "conversation_id":
                return bool(post["conversation_id"] == value)
            case "from":
                author = self.accounts.get(value.lower(), value)
                return bool(post["author_id"] == author)
            case "list":
                return value == LIST_ID and post["author_id"] == ACCOUNT_ID
            case _:
                return True


def _user(user_id: str, name: str) -> Json:
    return {"id": user_id, "name": name, "username": name}


def _only(post: Json, fields: set[str]) -> Json:
    return {name: value for name, value in post.items() if name in fields}


def _linked_ids(posts: Iterable[Json], expansions: set[str]) -> list[str]:
    """Ids of the posts that expansions bring along, in the order of their posts."""
    ids: list[str] = []
    for post in posts:
        if "referenced_posts" in expansions:
            ids += [reference["id"] for reference in post.get("referenced_posts", [])]
        if "edit_history_post_ids" in expansions:
            ids += post["edit_history_post_ids"]
    return list(dict.fromkeys(ids))


def _not_found(post_id: str) -> Json:
    return {
        "resource_id": post_id,
        "resource_type": "tweet",
        "title": "Not Found Error",
        "value": post_id,
    }


def _within(posts: Iterable[Json], query: Mapping[str, str]) -> list[Json]:
    """The posts between start_time and end_time, and between since_id and until_id."""
    return [post for post in posts if _is_within(post, query)]


def _is_within(post: Json, query: Mapping[str, str]) -> bool:
    created_at = _instant(post["created_at"])
    start_time, end_time = query.get("start_time"), query.get("end_time")
    if start_time and created_at < _instant(start_time):
        return False
    if end_time and created_at >= _instant(end_time):
        return False
    post_id = int(post["id"])
    since_id, until_id = query.get("since_id"), query.get("until_id")
    if since_id and post_id <= int(since_id):
        return False
    return not until_id or post_id < int(until_id)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
