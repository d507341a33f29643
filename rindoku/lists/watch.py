"""What is watched on X: an account, a List, or a search; one interface, three ways."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from rindoku.errors import BadInput
from rindoku.lists.threads import announcing, find_posts_to_follow
from rindoku.lists.x import Window, XClient, account_id
from rindoku.models import Payload, Post
from rindoku.settings import Settings

# Timelines reach 3,200 posts back; beyond some months the full archive is searched instead.
_TIMELINE_REACH = timedelta(days=180)
_RECENT = timedelta(days=6)
_LOOK_UP = 100
KnownPosts = Callable[[], Sequence[Post]]


@dataclass(frozen=True)
class Watch:
    """A watch target as set in RINDOKU_WATCH: `dair_ai`, `list:ID` or `search:QUERY`."""

    kind: Literal["account", "list", "search"]
    value: str


def parse_watch(text: str) -> Watch:
    """The target a setting names. Raises BadInput naming it."""
    kind, colon, value = text.partition(":")
    if not colon and re.fullmatch(r"@?\w{1,15}", text):
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
    """The profile of a watched account, which carries its id; None for the other targets."""
    watch = parse_watch(settings.watch)
    return client.fetch_account(watch.value) if watch.kind == "account" else None


def read_posts(
    settings: Settings,
    client: XClient,
    profile: Payload | None,
    window: Window,
    as_of: datetime,
    known: KnownPosts,
) -> Iterator[Payload]:
    """Answers with the posts of a window, then those that its entries only point to.

    `known` gives all posts of the window that were read by now, those of earlier runs included.
    """
    watch, age = parse_watch(settings.watch), as_of - window.start
    if watch.kind == "account" and profile is not None:
        if age > _TIMELINE_REACH:
            yield from client.search(
                f"from:{watch.value} -is:retweet", window, everything=True
            )
        else:
            yield from client.fetch_timeline(account_id(profile), window)
    elif watch.kind == "list":
        yield from client.fetch_list(watch.value, window)
    else:
        yield from client.search(watch.value, window, everything=age > _RECENT)
        yield from _conversations(client, known(), window, everything=age > _RECENT)
    pointed_at = _missing(
        find_posts_to_follow(known(), account_id(profile) if profile else None), known()
    )
    if pointed_at:
        yield client.fetch_posts(pointed_at)


def _conversations(
    client: XClient, posts: Iterable[Post], window: Window, *, everything: bool
) -> Iterator[Payload]:
    """The threads below announcements: whole where only the root is known, else what is new of them."""
    posts = list(posts)
    for root in announcing(posts):
        only_root = sum(p.conversation_id == root.conversation_id for p in posts) == 1
        if only_root or window.since_id:
            query = f"conversation_id:{root.conversation_id} from:{root.author_id}"
            stretch = Window(window.start, window.end) if only_root else window
            yield from client.search(query, stretch, everything=everything)


def _missing(ids: Iterable[str], posts: Iterable[Post]) -> list[str]:
    have = {p.post_id for p in posts} | {p.revision for p in posts}
    return [i for i in ids if i not in have][:_LOOK_UP]
