"""Posts to weeks, in every shape the list has had on X.

- A thread: a root post that announces the week, and numbered posts below it or beside it.
- The same with bullets in the root, which name some of the entries and never all.
- An X Article: a bare post that is nothing but the article, and a teaser with heading and bullets.
- Any entry may point to another post that carries the link: that post, if it was looked up, is followed
  for one hop.

Only the announcing account's own posts count; retweets and strangers' replies do not.
"""

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from rindoku.errors import EmptyThread
from rindoku.lists.contract import assemble, make_link
from rindoku.models import Entry, Finding, Link, Post, PostArticle, Sighting
from rindoku.weeks import Heading, parse_heading, span, week_due

NUMBERED = re.compile(
    r"\s*(?P<rank>\d{1,2})\s*(?:\)\.|[).:/])\s*(?P<rest>\S.*)", re.DOTALL
)
_TITLE_END = re.compile(r"\s+[-\u2010-\u2015]\s*|\s*\n|(?<=\w):\s")
_SHORT_LINK = re.compile(r"https?://t\.co/\w+")
_STATUS = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/\w+/status/(?P<id>\d+)"
)
_BULLET = re.compile(r"^\s*[-\u2022\u25cf*]\s+(?P<name>\S.*)$", re.MULTILINE)
_ARTICLE_ENTRY = re.compile(
    r"^\s*(?:#{1,4}\s*)?(?P<rank>\d{1,2})\s*[.)]\s+(?P<title>\S.*?)\s*$", re.MULTILINE
)
# Posts beside the root: the account has split a list over twelve minutes.
_TOGETHER = timedelta(minutes=30)
_TEASER_WITHIN = timedelta(minutes=30)
_SAME_NAME = 80.0


def parse_posts(body: bytes) -> list[Post]:
    """The posts of one answer of the X API v2 (a page, a search or a look-up), in the order given.

    Understands both spellings of the fields renamed in 2026 (`note_tweet`/`note_post`, ...).
    """
    answer = json.loads(body)
    data = answer.get("data") or []
    posts = data if isinstance(data, list) else [data]
    return [_post(p) for p in posts if isinstance(p, dict) and "author_id" in p]


def _post(post: Mapping[str, Any]) -> Post:
    note = post.get("note_tweet") or post.get("note_post") or {}
    history = (
        post.get("edit_history_tweet_ids")
        or post.get("edit_history_post_ids")
        or [post["id"]]
    )
    references = {
        r["type"]: r["id"]
        for r in post.get("referenced_tweets") or post.get("referenced_posts") or []
    }
    expanded = _expanded(note, post)
    text = html.unescape(note.get("text") or post["text"])
    for short, long in expanded.items():
        text = text.replace(short, long)
    return Post(
        post_id=history[0],
        conversation_id=post.get("conversation_id", post["id"]),
        author_id=post["author_id"],
        replied_to=references.get("replied_to"),
        posted_at=datetime.fromisoformat(post["created_at"]).astimezone(UTC),
        text=_SHORT_LINK.sub("", text),
        links=tuple(dict.fromkeys(expanded.values())),
        revision=post["id"],
        is_repost="retweeted" in references,
        quoted=references.get("quoted"),
        article=_article(post.get("article")),
    )


def _expanded(*holders: Mapping[str, Any]) -> dict[str, str]:
    urls = [
        url
        for holder in holders
        for url in (holder.get("entities") or {}).get("urls") or []
        # A media link leads to the post's own picture.
        if not url.get("media_key") and "/photo/" not in url.get("expanded_url", "")
    ]
    return {
        url["url"]: url.get("unwound_url") or url.get("expanded_url") or url["url"]
        for url in urls
    }


def _article(article: Mapping[str, Any] | None) -> PostArticle | None:
    if not article or not (article.get("plain_text") or article.get("title")):
        return None
    urls = (article.get("entities") or {}).get("urls") or []
    placed = tuple(
        (u["start"], u.get("expanded_url") or u["url"])
        for u in urls
        if isinstance(u.get("start"), int)
    )
    return PostArticle(
        article.get("title") or "", article.get("plain_text") or "", placed
    )


def find_weeks(posts: Iterable[Post], account_id: str | None = None) -> list[Sighting]:
    """The weeks announced in `posts`, one sighting each, the newest first.

    `account_id` names the account whose posts count; None takes any author's own announcement. Posts of
    others are looked into only where an entry points to them. Raises EmptyThread when a week is
    announced and no entry can be read.
    """
    known = _newest_revisions(posts)
    announced = [
        (p, h)
        for p, h in _announced(known.values())
        if account_id in {None, p.author_id}
    ]
    sightings = []
    taken: set[str] = set()
    for root, heading in sorted(announced, key=lambda pair: int(pair[0].post_id)):
        if root.post_id in taken:
            continue
        parts = [p for p in known.values() if _is_part(p, root)]
        headings = [h for p, h in announced if p in parts]
        taken |= {p.post_id for p in parts}
        best = next((h for h in [heading, *headings] if h.starts_on), heading)
        sightings.append(_read_week(root, best, parts, known))
    return sightings[::-1]


def _is_part(post: Post, root: Post) -> bool:
    """Whether a post announces the same week: root, teaser and article stand minutes apart."""
    near = abs(post.posted_at - root.posted_at) <= _TEASER_WITHIN
    own = (
        post.author_id == root.author_id
        and post.replied_to is None
        and not post.is_repost
    )
    listing = post.article is not None and len(_article_entries(post.article)) > 1
    return near and own and (listing or _heading(post) is not None)


def announcing(posts: Iterable[Post]) -> list[Post]:
    """Posts that announce a week, by whomever."""
    return [post for post, _ in _announced(posts)]


def _announced(posts: Iterable[Post]) -> list[tuple[Post, Heading]]:
    return [
        (post, heading)
        for post in posts
        if post.replied_to is None and not post.is_repost
        if (heading := _heading(post)) is not None
    ]


def find_posts_to_follow(
    posts: Iterable[Post], account_id: str | None = None
) -> list[str]:
    """Ids of posts that entries without a link of their own point to; none while a week has no entries."""
    try:
        sightings = find_weeks(posts, account_id)
    except EmptyThread:
        return []
    return list(
        dict.fromkeys(
            match["id"]
            for sighting in sightings
            for entry in sighting.entries
            if entry.names_no_paper
            for link in entry.links
            if (match := _STATUS.match(link.canonical))
        )
    )


def _newest_revisions(posts: Iterable[Post]) -> dict[str, Post]:
    """Posts by their first id, each with its last text."""
    newest: dict[str, Post] = {}
    for post in posts:
        seen = newest.get(post.post_id)
        if seen is None or int(post.revision or post.post_id) > int(
            seen.revision or seen.post_id
        ):
            newest[post.post_id] = post
    return newest


def _heading(post: Post) -> Heading | None:
    day = post.posted_at.date()
    found = parse_heading(post.text, day)
    if post.article is not None:
        in_article = parse_heading(post.article.title, day) or parse_heading(
            post.article.text[:400], day
        )
        found = found if found and found.starts_on else in_article or found
    return found


def _read_week(
    root: Post, heading: Heading, parts: Sequence[Post], known: Mapping[str, Post]
) -> Sighting:
    if heading.starts_on is None:
        # A heading without a date is the week that was due when it was posted.
        heading = Heading(heading.text, *span(week_due(root.posted_at)))
    own = [
        p for p in known.values() if p.author_id == root.author_id and not p.is_repost
    ]
    numbered = [
        e
        for e in (_entry(p, known) for p in _thread(root, parts, own))
        if e is not None
    ]
    in_articles = [
        e for p in parts if p.article is not None for e in _article_entries(p.article)
    ]
    entries = _merged(in_articles, numbered)
    if not entries:
        raise EmptyThread(
            f"Post {root.post_id} announces {heading.text!r}, and no numbered entry follows it.",
            "Run again later, when the thread is complete, or use the twin: RINDOKU_SOURCE=twin.",
        )
    sighting = assemble("x", heading, root.post_id, entries)
    return replace(
        sighting, findings=sighting.findings + tuple(_bullet_findings(sighting, parts))
    )


def _thread(root: Post, parts: Sequence[Post], own: Sequence[Post]) -> list[Post]:
    """The account's posts that belong to the week: below its posts, in its conversations, or right after."""
    reached = {p.post_id for p in parts}
    conversations = {p.conversation_id for p in parts}
    thread = []
    for post in sorted(own, key=lambda p: int(p.post_id)):
        beside = (
            post.replied_to is None
            and timedelta(0) < post.posted_at - root.posted_at <= _TOGETHER
        )
        if post.post_id not in reached and (
            post.replied_to in reached
            or post.conversation_id in conversations
            or beside
        ):
            if not beside:
                reached.add(post.post_id)
            thread.append(post)
    return thread


def _entry(post: Post, known: Mapping[str, Post]) -> Entry | None:
    match = NUMBERED.match(post.text)
    if match is None:
        return None
    title, blurb = split_title(match["rest"])
    links = tuple(make_link(url) for url in post.links)
    if post.quoted and not any(post.quoted in link.url for link in links):
        links += (make_link(f"https://x.com/i/status/{post.quoted}"),)
    return Entry("", int(match["rank"]), title, blurb, links + _followed(links, known))


def _followed(links: Sequence[Link], known: Mapping[str, Post]) -> tuple[Link, ...]:
    """The links of the posts an entry points to, one hop, when it has none of its own."""
    if any(link.role != "post" for link in links):
        return ()
    ids = [match["id"] for link in links if (match := _STATUS.match(link.canonical))]
    return tuple(
        link
        for post_id in ids
        if post_id in known
        for link in (make_link(url) for url in known[post_id].links)
        if link.role != "post"
    )


def _article_entries(article: PostArticle) -> list[Entry]:
    heads = list(_ARTICLE_ENTRY.finditer(article.text))
    entries = []
    for number, head in enumerate(heads):
        end = (
            heads[number + 1].start() if number + 1 < len(heads) else len(article.text)
        )
        links = tuple(
            make_link(url)
            for start, url in article.links
            if head.start() <= start < end
        )
        blurb = article.text[head.end() : end].strip()
        entries.append(
            Entry("", int(head["rank"]), head["title"].strip("*# "), blurb, links)
        )
    return entries


def _merged(first: Sequence[Entry], second: Sequence[Entry]) -> list[Entry]:
    """Both lists by rank; where both have an entry, the first's title and the links of both."""
    merged = {e.rank: e for e in first}
    doubles = []
    for entry in second:
        other = merged.get(entry.rank)
        if other is None:
            merged[entry.rank] = entry
        elif first and other in first:
            merged[entry.rank] = replace(other, links=other.links + entry.links)
        else:
            doubles.append(entry)
    return sorted([*merged.values(), *doubles], key=lambda e: e.rank)


def _bullet_findings(sighting: Sighting, parts: Sequence[Post]) -> Iterable[Finding]:
    for part in parts:
        for bullet in _BULLET.finditer(part.text):
            name = bullet["name"].strip()
            if not any(
                fuzz.token_set_ratio(name, e.title, processor=default_process)
                >= _SAME_NAME
                for e in sighting.entries
            ):
                yield Finding(
                    sighting.sighting_id,
                    "bullets",
                    "warning",
                    f"The bullet {name!r} matches no entry.",
                )


def split_title(text: str) -> tuple[str, str]:
    """Title and text of an entry as posts write them: apart by a dash, a colon or a new line."""
    text = text.strip()
    end = _TITLE_END.search(text)
    return (
        (text[: end.start()].strip(), text[end.end() :].strip()) if end else (text, "")
    )
