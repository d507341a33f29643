"""A client for the X API v2, through tweepy; responses are returned raw.

tweepy 4.17 is older than the API's names of August 2026, asks the former host, and
fails on error bodies and headers that it does not expect. `_XSession` stands between
it and X; the parameters of posts are passed on as X documents them.
"""

import logging
import math
import time as clock
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

import requests
import tweepy

from rindoku.errors import (
    AccessDenied,
    BadInput,
    CeilingReached,
    NotFound,
    OutOfCredit,
    RateLimited,
    RindokuError,
    SourceUnavailable,
)
from rindoku.lists.posts import parse_posts
from rindoku.models import Payload
from rindoku.settings import Settings
from rindoku.untrusted import parse_json
from rindoku.web import make_payload
from rindoku.web.session import Session

API = "https://api.x.com"
_TWEEPYS_HOST = "https://api.twitter.com"
_USE_TWIN = "read the twin: RINDOKU_SOURCE=twin."
_RETRIED = f"It is retried; if it persists, {_USE_TWIN}"
_CHECK_ACCESS = f"Check X_BEARER_TOKEN in the developer portal, or {_USE_TWIN}"
# What is asked of posts (https://docs.x.com, OpenAPI 2.167). An author, the posts that
# a post refers to, and its earlier ids come as expansions only.
_ASKED_OF_POSTS = {
    "post.fields": [
        "id",
        "text",
        "conversation_id",
        "created_at",
        "entities",
        "note_post",
        "article",
    ],
    "expansions": ["author_id", "referenced_posts", "edit_history_post_ids"],
}
_PAGE = 100
_MAX_PAGES = 10
# The smallest pages that X allows.
_LEAST_OF_TIMELINE = 5
_LEAST_OF_LIST = 5
_LEAST_OF_SEARCH = 10
# X refuses an end_time less than ten seconds before now.
_CLOCK_MARGIN = timedelta(seconds=30)
_RECENT_REACH = timedelta(days=7)
# The full archive may be searched once a second.
_FULL_ARCHIVE_S = 1.0

# A method of tweepy's client, whose parameters differ by endpoint.
_Method = Callable[..., Any]


@dataclass(frozen=True)
class Window:
    """The time span to read.

    `since_id` is the newest post that was read before, `until_id` the oldest one of a
    reading that ended early.
    """

    start: datetime
    end: datetime
    since_id: str | None = None
    until_id: str | None = None

    @classmethod
    def of_days(
        cls, first: date, last: date, as_of: datetime, since_id: str | None = None
    ) -> Self:
        """From the beginning of `first` to the end of `last`, but not after `as_of`."""
        midnight = datetime.combine(last, time(), UTC) + timedelta(days=1)
        return cls(
            start=datetime.combine(first, time(), UTC),
            end=min(midnight, as_of - _CLOCK_MARGIN),
            since_id=since_id,
        )


class ReadCount(NamedTuple):
    """What X bills for a response."""

    posts: int
    users: int


class XClient:
    """Reads posts. One instance per task; not shared between threads."""

    def __init__(
        self, settings: Settings, affordable: Callable[[], int] = lambda: _PAGE
    ) -> None:
        """`affordable` returns how many posts the next request may buy."""
        if not settings.x_bearer_token:
            raise AccessDenied("X_BEARER_TOKEN is not set.", f"Set it, or {_USE_TWIN}")
        self._affordable = affordable
        self._searched_at = -math.inf
        # At DEBUG it logs the token, at WARNING every parameter that is new to it.
        logging.getLogger("tweepy").setLevel(logging.ERROR)
        self._client = tweepy.Client(
            settings.x_bearer_token, return_type=requests.Response
        )
        self._client.session = _XSession(settings.user_agent, settings.loopback_url)

    def fetch_account(self, name: str) -> Payload:
        """The profile of an account, which has its id."""
        return self._get(self._client.get_user, username=name)

    def fetch_timeline(self, account_id: str, window: Window) -> Iterator[Payload]:
        """Pages of the account's posts in a window.

        Replies are included: the entries of a thread are replies.
        """
        return self._fetch_pages(
            self._client.get_users_tweets,
            window,
            least=_LEAST_OF_TIMELINE,
            token_name="pagination_token",  # noqa: S106
            id=account_id,
        )

    def search(
        self, query: str, window: Window, *, everything: bool
    ) -> Iterator[Payload]:
        """Pages of a search in a window.

        With `everything` all posts are searched, else those of the last seven days.
        """
        method = self._search_everything
        if not everything:
            method = self._client.search_recent_tweets
            earliest = window.end - _RECENT_REACH
            window = replace(window, start=max(window.start, earliest))
        return self._fetch_pages(
            method,
            window,
            least=_LEAST_OF_SEARCH,
            token_name="next_token",  # noqa: S106
            query=query,
        )

    def fetch_list(self, list_id: str, window: Window) -> Iterator[Payload]:
        """Pages of a List until they are older than the window.

        This endpoint has no parameters for times.
        """
        token: str | None = None
        for _ in range(_MAX_PAGES):
            payload = self._get(
                self._client.get_list_tweets,
                id=list_id,
                max_results=self._page_size(_LEAST_OF_LIST),
                pagination_token=token,
                **_ASKED_OF_POSTS,
            )
            yield payload
            token = _next_token(payload)
            posts = parse_posts(payload.body)
            if not token or not posts or posts[-1].posted_at < window.start:
                return

    def fetch_posts(self, ids: Sequence[str]) -> Payload:
        """Posts by their ids, up to a hundred."""
        self._page_size(len(ids))
        return self._get(
            self._client.get_tweets, ids=list(ids[:_PAGE]), **_ASKED_OF_POSTS
        )

    def _search_everything(self, **arguments: Any) -> Any:
        """Searches the full archive, not sooner than X allows."""
        wait = self._searched_at + _FULL_ARCHIVE_S - clock.monotonic()
        clock.sleep(max(0.0, wait))
        self._searched_at = clock.monotonic()
        return self._client.search_all_tweets(**arguments)

    def _fetch_pages(
        self,
        method: _Method,
        window: Window,
        *,
        least: int,
        token_name: str,
        **arguments: Any,
    ) -> Iterator[Payload]:
        if window.end <= window.start:
            return
        arguments |= _ASKED_OF_POSTS
        # Instead of times where posts beyond them were read, and paid for, before.
        if window.since_id:
            arguments["since_id"] = window.since_id
        else:
            arguments["start_time"] = window.start
        if window.until_id:
            arguments["until_id"] = window.until_id
        else:
            arguments["end_time"] = window.end
        for _ in range(_MAX_PAGES):
            max_results = self._page_size(least)
            payload = self._get(method, max_results=max_results, **arguments)
            yield payload
            token = _next_token(payload)
            if not token:
                return
            arguments[token_name] = token

    def _page_size(self, least: int) -> int:
        """The number of posts to request: a full page, or what can be paid for."""
        affordable = self._affordable()
        if affordable < least:
            raise CeilingReached(
                f"X counts in --max-usd, and its next answer (at least {least} posts, "
                "with their authors and the posts they refer to) could exceed it.",
                f"Run again with a higher --max-usd, or {_USE_TWIN}",
            )
        return min(_PAGE, affordable)

    def _get(self, method: _Method, **arguments: Any) -> Payload:
        try:
            response: requests.Response = method(**arguments)
        except requests.RequestException as error:
            raise SourceUnavailable(
                f"X did not respond ({type(error).__name__}).", _RETRIED
            ) from error
        url = _documented_url(response.url)
        payload = make_payload("x", url, response.status_code, response.content)
        if payload.content_type != "json":
            raise SourceUnavailable("X returned 200, but no JSON.", _RETRIED)
        if not _parse_response(payload):
            raise SourceUnavailable("X returned 200, but an empty object.", _RETRIED)
        return payload


class _XSession(Session):
    """Asks X's documented host, and raises our errors where tweepy would fail.

    tweepy expects an object in every error body, and an integer in every header that
    tells when a rate limit ends.
    """

    def request(
        self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any
    ) -> requests.Response:
        asked = str(url).replace(_TWEEPYS_HOST, API)
        response = super().request(method, asked, *args, **kwargs)
        if response.status_code != 200:
            raise _error_for(response)
        return response


def is_profile(payload: Payload) -> bool:
    """Whether a response is one of `fetch_account`."""
    return payload.source == "x" and "/users/by/" in payload.url


def own_ids(payload: Payload) -> set[int]:
    """Ids of the posts of a response, without those that came along with them."""
    return {int(i) for i in _ids_of(_parse_response(payload).get("data"))}


def is_last_page(payload: Payload) -> bool:
    """Whether X has no more posts after a response."""
    return _next_token(payload) is None


def account_id(payload: Payload) -> str:
    """The id in a response of `fetch_account`. Raises BadInput when there is none."""
    profile = _parse_response(payload).get("data")
    if not isinstance(profile, dict) or "id" not in profile:
        name = urlsplit(payload.url).path.rpartition("/")[2]
        raise BadInput(f"X has no account @{name}.", "Check RINDOKU_WATCH.")
    return str(profile["id"])


def count_read(payload: Payload) -> ReadCount:
    """Posts and users that a response contains.

    X bills what it returns, also the authors and posts that posts bring along; what a
    response contains twice is billed once.
    """
    response = _parse_response(payload)
    included = response.get("includes")
    if not isinstance(included, dict):
        included = {}
    own = _ids_of(response.get("data"))
    if is_profile(payload):
        return ReadCount(posts=0, users=len(own))
    posts = own | _ids_of(included.get("posts")) | _ids_of(included.get("tweets"))
    return ReadCount(posts=len(posts), users=len(_ids_of(included.get("users"))))


def _ids_of(objects: Any) -> set[str]:
    """The ids of one object of a response, or of a list of them."""
    listed = objects if isinstance(objects, list) else [objects]
    return {str(item.get("id")) for item in listed if isinstance(item, dict)}


def _next_token(payload: Payload) -> str | None:
    meta = _parse_response(payload).get("meta")
    token = meta.get("next_token") if isinstance(meta, dict) else None
    return token if isinstance(token, str) else None


def _parse_response(payload: Payload) -> dict[str, Any]:
    try:
        parsed = parse_json(payload.body)
    except ValueError as error:
        raise SourceUnavailable("X's JSON is truncated.", _RETRIED) from error
    if not isinstance(parsed, dict):
        raise SourceUnavailable("X's JSON is not as documented.", _RETRIED)
    return parsed


def _error_for(response: requests.Response) -> RindokuError:
    """The error for an HTTP error status of X."""
    status = response.status_code
    problem = response.text[:2000]
    if "SpendCapReached" in problem:
        return OutOfCredit(
            f"The spend cap of the X account is reached ({status}).",
            "Raise it in the developer portal, or wait for the next billing cycle; "
            f"until then {_USE_TWIN}",
        )
    if status == 402:
        return OutOfCredit(
            "The X account has no credit left (402).",
            f"Top it up in the developer portal, or {_USE_TWIN}",
        )
    if status == 401:
        return AccessDenied("X does not accept the token (401).", _CHECK_ACCESS)
    if status == 403:
        reason = "access is refused"
        if "client-not-enrolled" in problem:
            reason = "the app is not enrolled"
        return AccessDenied(f"X reports that {reason} (403).", _CHECK_ACCESS)
    if status == 404:
        path = urlsplit(_documented_url(response.url)).path
        return NotFound(f"X has nothing at {path} (404).", "Check RINDOKU_WATCH.")
    if status == 429:
        return _rate_limit_error(response, problem)
    if status >= 500:
        return SourceUnavailable(f"X returned {status}.", _RETRIED)
    return BadInput(
        f"X rejected the request ({status}): {problem[:300]}",
        "Report this as a bug in rindoku.",
    )


def _rate_limit_error(response: requests.Response, problem: str) -> RindokuError:
    if "usage-capped" in problem:
        return OutOfCredit(
            "X's monthly cap on posts is used up (429).",
            "Raise it, or wait for next month.",
        )
    return RateLimited(
        "X is rate-limited (429).",
        _RETRIED,
        retry_after=_seconds_until_reset(response),
    )


def _seconds_until_reset(response: requests.Response) -> float | None:
    """The time until a rate limit ends; None if no number tells it."""
    try:
        reset = float(response.headers.get("x-rate-limit-reset", ""))
    except ValueError:
        return None
    if not math.isfinite(reset):
        return None
    return max(1.0, reset - datetime.now(UTC).timestamp() + 1)


def _documented_url(url: str) -> str:
    """The address with X's documented host, which the stand-in replaces."""
    return API + url[url.index("/2/") :] if "/2/" in url else url
