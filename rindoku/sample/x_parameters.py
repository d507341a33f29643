"""The parameters that X's API v2 takes, as its OpenAPI document lists them.

tests/lists/x_openapi.json is a reduced copy of that document; a test compares the two.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
_ID = re.compile(r"[0-9]{1,19}")
_MOST_IDS = 100
# Values of expansions and of post.fields, for endpoints that return posts.
POST_EXPANSIONS = {
    "article.cover_media",
    "article.media_entities",
    "attachments.media_keys",
    "attachments.media_source_tweet",
    "attachments.poll_ids",
    "author_id",
    "edit_history_post_ids",
    "entities.mentions.username",
    "geo.place_id",
    "in_reply_to_user_id",
    "referenced_posts",
    "username",
}
POST_FIELDS = {
    "article",
    "article_title",
    "attachments",
    "card_uri",
    "community_id",
    "context_annotations",
    "conversation_id",
    "created_at",
    "display_text_range",
    "edit_controls",
    "entities",
    "geo",
    "id",
    "lang",
    "matched_media_notes",
    "media_metadata",
    "non_public_metrics",
    "note_post",
    "note_request_suggestions",
    "organic_metrics",
    "paid_partnership",
    "possibly_sensitive",
    "promoted_metrics",
    "public_metrics",
    "reply_settings",
    "scopes",
    "source",
    "suggested_source_links",
    "suggested_source_links_with_counts",
    "text",
    "withheld",
}
_ONE_OF = {
    "exclude": {"replies", "retweets"},
    "sort_order": {"recency", "relevancy"},
    "post.fields": POST_FIELDS,
    "expansions": POST_EXPANSIONS,
}
_SPAN = {"start_time", "end_time", "since_id", "until_id"}
_ASKED = {"post.fields", "expansions"}


@dataclass(frozen=True)
class Endpoint:
    """The parameters of an endpoint, and the limits of its pages."""

    path: str
    optional: frozenset[str]
    required: frozenset[str] = frozenset()
    page: range = range(0)


def _endpoint(
    path: str, *optional: str, required: str = "", page: range = range(0)
) -> Endpoint:
    return Endpoint(
        path, frozenset({*optional, *_ASKED}), frozenset(required.split()), page
    )


_SEARCHED = (*_SPAN, "max_results", "next_token", "pagination_token", "sort_order")
ENDPOINTS = (
    Endpoint("/2/users/by/username/{username}", frozenset()),
    _endpoint(
        "/2/users/{id}/tweets",
        *_SPAN,
        "max_results",
        "pagination_token",
        "exclude",
        page=range(5, 101),
    ),
    _endpoint("/2/tweets", required="ids"),
    _endpoint(
        "/2/tweets/search/recent", *_SEARCHED, required="query", page=range(10, 101)
    ),
    _endpoint(
        "/2/tweets/search/all", *_SEARCHED, required="query", page=range(10, 501)
    ),
    _endpoint(
        "/2/lists/{id}/tweets", "max_results", "pagination_token", page=range(1, 101)
    ),
)


def wanted(query: Mapping[str, str], name: str) -> set[str]:
    """The values of a parameter that lists several."""
    return set(filter(None, query.get(name, "").split(",")))


def check_query(path: str, query: Mapping[str, str]) -> dict[str, Any] | None:
    """X's problem with a request; None when it is as documented."""
    endpoint = next((e for e in ENDPOINTS if _matches(e, path)), None)
    if endpoint is None:
        return None
    for name in sorted(endpoint.required - query.keys()):
        return _problem(name, "", "is required")
    for name, value in query.items():
        if name not in endpoint.optional | endpoint.required:
            return _problem(name, value, "is not one of the parameters")
        if not _is_valid(endpoint, name, value):
            return _problem(name, value, f"has the value [{value}], which is not valid")
    return None


def _matches(endpoint: Endpoint, path: str) -> bool:
    expected, parts = endpoint.path.split("/"), path.split("/")
    return len(expected) == len(parts) and all(
        wanted == part or wanted.startswith("{")
        for wanted, part in zip(expected, parts, strict=True)
    )


def _is_valid(endpoint: Endpoint, name: str, value: str) -> bool:
    listed = value.split(",")
    match name:
        case "start_time" | "end_time":
            return bool(_INSTANT.fullmatch(value))
        case "since_id" | "until_id":
            return bool(_ID.fullmatch(value))
        case "ids":
            return len(listed) <= _MOST_IDS and all(map(_ID.fullmatch, listed))
        case "max_results":
            return value.isdecimal() and int(value) in endpoint.page
        case "exclude" | "sort_order" | "post.fields" | "expansions":
            return len(listed) == len(set(listed)) and set(listed) <= _ONE_OF[name]
        case _:
            return bool(value)


def _problem(name: str, value: str, why: str) -> dict[str, Any]:
    return {
        "title": "Invalid Request",
        "type": "https://api.x.com/2/problems/invalid-request",
        "detail": f"The query parameter [{name}] {why}.",
        "parameter": name,
        "value": value,
        "status": 400,
    }
