"""X API v2 through tweepy's synchronous client; the raw answers are kept, parsing is in threads.py.

tweepy logs its headers, bearer token included, at DEBUG: its logger is held at INFO here.
"""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self

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
from rindoku.models import Payload
from rindoku.settings import Settings
from rindoku.web.fetch import make_payload
from rindoku.web.session import Session

API = "https://api.twitter.com"
_AGAIN = "It is tried again; if it stays like this, read the twin: RINDOKU_SOURCE=twin."
_TOKEN_REMEDY = "Check X_BEARER_TOKEN in the developer portal, or read the twin: RINDOKU_SOURCE=twin."  # noqa: S105
_FIELDS = {
    "tweet_fields": [
        "id",
        "text",
        "author_id",
        "conversation_id",
        "created_at",
        "entities",
        "note_tweet",
        "referenced_tweets",
        "edit_history_tweet_ids",
        "article",
    ],
}
# X's names for the same since August 2026; tweepy sends the old ones.
_NEW_NAMES = {
    "tweet_fields": "post.fields",
    "note_tweet": "note_post",
    "referenced_tweets": "referenced_posts",
    "edit_history_tweet_ids": "edit_history_post_ids",
}
_PAGE = 100
_MAX_PAGES = 10
# X refuses an end_time less than ten seconds before its own clock.
_CLOCK_MARGIN = timedelta(seconds=30)
_RECENT_REACH = timedelta(days=7)


@dataclass(frozen=True)
class Window:
    """The stretch of time that is asked for; `since_id` is the newest post of it that was read before."""

    start: datetime
    end: datetime
    since_id: str | None = None

    @classmethod
    def of_days(
        cls, first: date, last: date, as_of: datetime, since_id: str | None = None
    ) -> Self:
        """From the beginning of `first` to the end of `last`, and not beyond `as_of`."""
        midnight = datetime.combine(last, time(), UTC) + timedelta(days=1)
        return cls(
            datetime.combine(first, time(), UTC),
            min(midnight, as_of - _CLOCK_MARGIN),
            since_id,
        )


class XClient:
    """Reads posts of an account. One instance per task; not shared between threads."""

    def __init__(
        self, settings: Settings, affordable: Callable[[], int] = lambda: _PAGE
    ) -> None:
        """`affordable` tells how many posts may still be bought, asked before each request."""
        if not settings.x_bearer_token:
            raise AccessDenied(
                "There is no X_BEARER_TOKEN.",
                "Set it, or read the twin: RINDOKU_SOURCE=twin.",
            )
        self._affordable = affordable
        logging.getLogger("tweepy").setLevel(logging.INFO)
        self._client = tweepy.Client(
            settings.x_bearer_token, return_type=requests.Response
        )
        self._client.session = Session(settings.user_agent, settings.loopback_url)

    def fetch_account(self, name: str) -> Payload:
        """The account's profile, which carries its id."""
        return self._get(self._client.get_user, username=name)

    def fetch_timeline(self, account_id: str, window: Window) -> Iterator[Payload]:
        """Pages of the account's posts in a window. Replies stay in: the entries of a thread are replies."""
        return self._pages(
            self._client.get_users_tweets, window, least=5, id=account_id
        )

    def search(
        self, query: str, window: Window, *, everything: bool
    ) -> Iterator[Payload]:
        """Pages of a search in a window: over the last seven days, or over the full archive."""
        if everything:
            return self._pages(
                self._client.search_all_tweets, window, least=10, query=query
            )
        reach = replace(window, start=max(window.start, window.end - _RECENT_REACH))
        return self._pages(
            self._client.search_recent_tweets, reach, least=10, query=query
        )

    def fetch_list(self, list_id: str, window: Window) -> Iterator[Payload]:
        """Pages of a List, until they are older than the window: this endpoint knows no times."""
        token: str | None = None
        for _ in range(_MAX_PAGES):
            payload = self._get(
                self._client.get_list_tweets,
                id=list_id,
                max_results=self._page_size(5),
                pagination_token=token,
                **_FIELDS,
            )
            yield payload
            answer = _answer(payload)
            posts = answer.get("data") or []
            token = answer.get("meta", {}).get("next_token")
            if (
                not token
                or not posts
                or datetime.fromisoformat(posts[-1]["created_at"]) < window.start
            ):
                return

    def fetch_posts(self, ids: Sequence[str]) -> Payload:
        """Posts by their ids, up to a hundred."""
        self._page_size(len(ids))
        return self._get(self._client.get_tweets, ids=list(ids[:_PAGE]), **_FIELDS)

    def _pages(
        self, method: Any, window: Window, *, least: int, **arguments: Any
    ) -> Iterator[Payload]:
        if window.end <= window.start:
            return
        # since_id takes the place of start_time: what is older was read, and paid for, before.
        after = (
            {"since_id": window.since_id}
            if window.since_id
            else {"start_time": window.start}
        )
        token: str | None = None
        name = (
            "pagination_token"
            if method == self._client.get_users_tweets
            else "next_token"
        )
        for _ in range(_MAX_PAGES):
            page = {name: token} if token else {}
            payload = self._get(
                method,
                end_time=window.end,
                max_results=self._page_size(least),
                **after,
                **arguments,
                **page,
                **_FIELDS,
            )
            yield payload
            token = _answer(payload).get("meta", {}).get("next_token")
            if not token:
                return

    def _page_size(self, least: int) -> int:
        """As many posts as a page holds and the money left pays for."""
        affordable = self._affordable()
        if affordable < least:
            raise CeilingReached(
                f"The next page of X (at least {least} posts) could pass the run's ceiling.",
                "Run again with a higher --max-usd, or read the twin: RINDOKU_SOURCE=twin.",
            )
        return min(_PAGE, affordable)

    def _ask(self, method: Any, arguments: dict[str, Any]) -> requests.Response:
        try:
            response: requests.Response = method(**arguments)
        except tweepy.BadRequest as error:
            if (
                "tweet.fields" not in error.response.text
                or "tweet_fields" not in arguments
            ):
                raise
            # The old names are gone: once more with the new ones, which tweepy passes through.
            fields = [_renamed(f) for f in arguments["tweet_fields"]]
            rest = {k: v for k, v in arguments.items() if k != "tweet_fields"}
            response = method(**rest, **{_renamed("tweet_fields"): fields})
        return response

    def _get(self, method: Any, **arguments: Any) -> Payload:
        try:
            response = self._ask(method, arguments)
        except tweepy.HTTPException as error:
            raise _typed(error) from None
        except requests.RequestException as error:
            raise SourceUnavailable(
                f"X did not answer properly ({type(error).__name__}).", _AGAIN
            ) from error
        payload = make_payload(
            "x", _public_url(response.url), response.status_code, response.content
        )
        if payload.content_type != "json":
            raise SourceUnavailable(
                "X answered 200 with something that is no JSON.", _AGAIN
            )
        _answer(payload)
        return payload


def _renamed(name: str) -> str:
    return _NEW_NAMES.get(name, name)


def is_profile(payload: Payload) -> bool:
    """Whether an answer is one of `fetch_account`."""
    return payload.source == "x" and "/users/by/" in payload.url


def account_id(payload: Payload) -> str:
    """The id in an answer of `fetch_account`."""
    data = _answer(payload).get("data")
    if not data:
        raise BadInput("X knows no such account.", "Check RINDOKU_WATCH.")
    return str(data["id"])


def count_read(payload: Payload) -> tuple[int, int]:
    """Posts and users an answer returned, which is what X bills."""
    data = _answer(payload).get("data") or []
    found = len(data) if isinstance(data, list) else 1
    return (0, found) if is_profile(payload) else (found, 0)


def _answer(payload: Payload) -> dict[str, Any]:
    try:
        answer = json.loads(payload.body)
    except ValueError as error:
        raise SourceUnavailable("X sent JSON that breaks off.", _AGAIN) from error
    if not isinstance(answer, dict):
        raise SourceUnavailable("X sent JSON of another shape than documented.", _AGAIN)
    return answer


def _typed(error: tweepy.HTTPException) -> RindokuError:
    response = error.response
    status, problem = response.status_code, response.text[:2000]
    if status == 402:
        return OutOfCredit(
            "The X account has no credit left (402).",
            "Top it up in the developer portal.",
        )
    if status == 401:
        return AccessDenied("X does not accept the token (401).", _TOKEN_REMEDY)
    if status == 403:
        what = (
            "the app is not enrolled"
            if "client-not-enrolled" in problem
            else "access is refused"
        )
        return AccessDenied(f"X says that {what} (403).", _TOKEN_REMEDY)
    if status == 404:
        return NotFound("X knows no such thing (404).", "Check RINDOKU_WATCH.")
    if status == 429:
        if "usage-capped" in problem:
            return OutOfCredit(
                "X's monthly cap on posts is used up (429).",
                "Raise it, or wait for next month.",
            )
        return RateLimited(
            "X asks for patience (429).", _AGAIN, retry_after=_until_reset(response)
        )
    if status >= 500:
        return SourceUnavailable(f"X answers {status}.", _AGAIN)
    return BadInput(
        f"X refuses the request ({status}): {problem[:300]}",
        "Report this as a bug of rindoku.",
    )


def _until_reset(response: requests.Response) -> float | None:
    reset = response.headers.get("x-rate-limit-reset", "")
    return (
        max(1.0, float(reset) - datetime.now(UTC).timestamp() + 1)
        if reset.isdecimal()
        else None
    )


def _public_url(url: str) -> str:
    """The address as X documents it, whatever base served it."""
    return API + url[url.index("/2/") :] if "/2/" in url else url
