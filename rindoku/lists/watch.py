"""What is watched on X: an account, a List, or a search."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from rindoku.errors import BadInput
from rindoku.lists.threads import announcing_posts, find_posts_to_follow
from rindoku.lists.x import Window, XClient, account_id
from rindoku.models import Payload, Post
from rindoku.settings import Settings

# A timeline reaches back 3,200 posts; for older weeks the full archive is searched.
_TIMELINE_REACH = timedelta(days=180)
_RECENT_SEARCH_REACH = timedelta(days=6)
_MOST_FOLLOWED = 100
_ACCOUNT = re.compile(r"@?\w{1,15}")

KnownPosts = Callable[[], Sequence[Post]]


@dataclass(frozen=True)
class Watch:
    """What RINDOKU_WATCH names: `dair_ai`, `list:ID` or `search:QUERY`."""

    kind: Literal["account", "list", "search"]
    value: str

    @property
    def name(self) -> str:
        """The same for all ways to write it, as X ignores case in accounts."""
        if self.kind == "account":
            return self.value.lower()
        return f"{self.kind}:{self.value}"


def parse_watch(text: str) -> Watch:
    """The account, List or search that RINDOKU_WATCH names, else raises BadInput."""
    kind, colon, value = text.partition(":")
    if not colon and _ACCOUNT.fullmatch(text):
        return Watch("account", text.removeprefix("@"))
    if kind == "list" and value.isdecimal():
        return Watch("list", value)
    if kind == "search" and value.strip():
        return Watch("search", value.strip())
    raise BadInput(
        f"RINDOKU_WATCH is {text!r}.",
        "Write an account (dair_ai), list:ID with the List's number, or search:QUERY.",
    )


def read_profile(settings: Settings, client: XClient) -> Payload | None:
    """The profile of a watched account, which has its id; None for other watches."""
    watch = parse_watch(settings.watch)
    return client.fetch_account(watch.value) if watch.kind == "account" else None


def read_posts(
    settings: Settings,
    client: XClient,
    profile: Payload | None,
    window: Window,
    *,
    as_of: datetime,
    known: KnownPosts,
) -> Iterator[Payload]:
    """X's responses with the posts of a window, then with posts that entries point to.

    `known` returns all posts of the window read so far, including those of earlier
    runs; the caller saves each response before it requests the next.
    """
    watch = parse_watch(settings.watch)
    age = as_of - window.start
    if watch.kind == "account" and profile is not None:
        yield from _read_account(watch, client, profile, window, age)
    elif watch.kind == "list":
        yield from client.fetch_list(watch.value, window)
    else:
        everything = age > _RECENT_SEARCH_REACH
        yield from client.search(watch.value, window, everything=everything)
        # A search finds announcements, but not the posts below them.
        yield from _read_conversations(client, known(), window, everything=everything)
    yield from _read_followed(client, profile, known())


def _read_account(
    watch: Watch, client: XClient, profile: Payload, window: Window, age: timedelta
) -> Iterator[Payload]:
    if age <= _TIMELINE_REACH:
        return client.fetch_timeline(account_id(profile), window)
    query = f"from:{watch.value} -is:retweet"
    return client.search(query, window, everything=True)


def _read_conversations(
    client: XClient, posts: Sequence[Post], window: Window, *, everything: bool
) -> Iterator[Payload]:
    """X's responses with the threads below announcements.

    If only the root is known, the complete thread is read, else only newer posts.
    """
    for root in announcing_posts(posts):
        thread = [p for p in posts if p.conversation_id == root.conversation_id]
        only_root = len(thread) == 1
        if only_root or window.since_id:
            query = f"conversation_id:{root.conversation_id} from:{root.author_id}"
            unread = replace(window, since_id=None) if only_root else window
            yield from client.search(query, unread, everything=everything)


def _read_followed(
    client: XClient, profile: Payload | None, posts: Sequence[Post]
) -> Iterator[Payload]:
    """X's response with unknown posts that entries point to instead of a paper."""
    account = account_id(profile) if profile else None
    known_ids = {post.post_id for post in posts} | {post.revision for post in posts}
    pointed_at = find_posts_to_follow(posts, account)
    unknown = [post_id for post_id in pointed_at if post_id not in known_ids]
    if unknown:
        yield client.fetch_posts(unknown[:_MOST_FOLLOWED])
