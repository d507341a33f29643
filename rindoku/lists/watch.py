"""Reads on X what a run watches."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from rindoku.errors import BadInput, NotFound
from rindoku.lists.threads import announcing_posts, find_posts_to_follow
from rindoku.lists.x import Window, XClient, account_id
from rindoku.models import Payload, Post
from rindoku.run import Run
from rindoku.targets import Watch, parse_watch

# A timeline reaches back 3,200 posts; for older weeks the full archive is searched.
_TIMELINE_REACH = timedelta(days=180)
_RECENT_SEARCH_REACH = timedelta(days=6)
_MOST_FOLLOWED = 100

KnownPosts = Callable[[], Sequence[Post]]


def watch_of(run: Run) -> Watch:
    """What a run watches: RINDOKU_WATCH, else what its digest names."""
    return parse_watch(run.settings.watch) or run.digest.watch


@contextmanager
def naming_the_watch(run: Run) -> Iterator[None]:
    """Errors that name RINDOKU_WATCH name the digest's entry where it is not set."""
    try:
        yield
    except (BadInput, NotFound) as error:
        if run.settings.watch or "RINDOKU_WATCH" not in error.remedy:
            raise
        raise type(error)(
            error.message,
            f"Check account and watch of the digest {run.digest.name!r} in "
            "digests.toml.",
        ) from None


def account_query(watch: Watch) -> str:
    """The search that finds the posts of a watched account."""
    return f"from:{watch.value} -is:retweet"


def read_profile(run: Run, client: XClient) -> Payload | None:
    """The profile of a watched account, which has its id; None for other watches."""
    watch = watch_of(run)
    return client.fetch_account(watch.value) if watch.kind == "account" else None


def read_posts(
    run: Run,
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
    watch = watch_of(run)
    age = as_of - window.start
    if watch.kind == "account" and profile is not None:
        yield from _read_account(watch, client, profile, window, age)
    elif watch.kind == "list":
        yield from client.fetch_list(watch.value, window)
    else:
        everything = age > _RECENT_SEARCH_REACH
        yield from client.search(watch.value, window, everything=everything)
        # A search finds announcements, but not the posts below them.
        posts = known()
        roots = announcing_posts(posts, run.digest)
        yield from _read_threads(client, roots, posts, window, everything=everything)
    account = account_id(profile) if profile else None
    pointed_at = find_posts_to_follow(known(), run.digest, account)
    yield from _read_unknown(client, pointed_at, known())


def _read_account(
    watch: Watch, client: XClient, profile: Payload, window: Window, age: timedelta
) -> Iterator[Payload]:
    if age <= _TIMELINE_REACH:
        return client.fetch_timeline(account_id(profile), window)
    return client.search(account_query(watch), window, everything=True)


def _read_threads(
    client: XClient,
    roots: Sequence[Post],
    posts: Sequence[Post],
    window: Window,
    *,
    everything: bool,
) -> Iterator[Payload]:
    """X's responses with the threads below announcements.

    If only the root is known, the complete thread is read, else only newer posts.
    """
    for root in roots:
        thread = [p for p in posts if p.conversation_id == root.conversation_id]
        only_root = len(thread) == 1
        if only_root or window.since_id:
            query = f"conversation_id:{root.conversation_id} from:{root.author_id}"
            unread = replace(window, since_id=None) if only_root else window
            yield from client.search(query, unread, everything=everything)


def _read_unknown(
    client: XClient, pointed_at: Sequence[str], posts: Sequence[Post]
) -> Iterator[Payload]:
    """X's response with unknown posts that entries point to instead of a paper."""
    known_ids = {post.post_id for post in posts} | {post.revision for post in posts}
    unknown = [post_id for post_id in pointed_at if post_id not in known_ids]
    if unknown:
        yield client.fetch_posts(unknown[:_MOST_FOLLOWED])
