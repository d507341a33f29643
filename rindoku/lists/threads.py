"""Posts to weeks, in every shape that the list has had on X.

- A thread: a root post that announces the week, and numbered posts in its conversation
  or posted beside it.
- The same with bullets in the root, which name some of the entries and never all.
- An X Article: a bare post with nothing but the article, and a teaser with heading and
  bullets.
- Any entry may point to another post that has the link. If that post is known, its
  links are taken, for one hop.

Only posts of the announcing account count, neither reposts nor replies of others.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from rindoku.errors import EmptyThread
from rindoku.lists.contract import assemble, make_link
from rindoku.lists.numbered import parse_numbered, split_title
from rindoku.models import Entry, Finding, Link, Post, PostArticle, Sighting
from rindoku.weeks import Heading, parse_heading, span, week_due

_STATUS = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/\w+/status/(?P<id>\d+)"
)
_BULLET = re.compile(r"^\s*[-\u2022\u25cf*]\s+(?P<name>\S.*)$", re.MULTILINE)
_ARTICLE_ENTRY = re.compile(
    r"^\s*(?:#{1,4}\s*)?(?P<rank>\d{1,2})\s*[.)]\s+(?P<title>\S.*?)\s*$", re.MULTILINE
)
_HEADING_OF_ARTICLE = 400
# The account has posted a list beside its root over twelve minutes.
_BESIDE_ROOT = timedelta(minutes=30)
_PARTS_WITHIN = timedelta(minutes=30)
_SAME_NAME = 80.0


class _Announcement(NamedTuple):
    post: Post
    heading: Heading


def find_weeks(posts: Iterable[Post], account_id: str | None = None) -> list[Sighting]:
    """The weeks announced in `posts`, one sighting each, the newest first.

    `account_id` is the account whose announcements count; with None those of any
    author. Other posts are read only where an entry points to them. Raises EmptyThread
    when a week is announced and no entry can be read.
    """
    known = _newest_revisions(posts)
    announcements = [
        announcement
        for announcement in _find_announcements(known.values())
        if account_id in {None, announcement.post.author_id}
    ]
    sightings = []
    used: set[str] = set()
    for root, heading in sorted(announcements, key=_post_number):
        if root.post_id in used:
            continue
        parts = [post for post in known.values() if _is_part(post, root)]
        used |= {post.post_id for post in parts}
        headings = [found for post, found in announcements if post in parts]
        dated = (found for found in [heading, *headings] if found.starts_on)
        sightings.append(_read_week(root, next(dated, heading), parts, known))
    return sightings[::-1]


def _post_number(announcement: _Announcement) -> int:
    return int(announcement.post.post_id)


def announcing_posts(posts: Iterable[Post]) -> list[Post]:
    """The posts that announce a week, of any author."""
    return [announcement.post for announcement in _find_announcements(posts)]


def find_posts_to_follow(
    posts: Iterable[Post], account_id: str | None = None
) -> list[str]:
    """Ids of the posts that entries without other links point to.

    None while an announced week has no entries.
    """
    try:
        sightings = find_weeks(posts, account_id)
    except EmptyThread:
        return []
    entries = [entry for sighting in sightings for entry in sighting.entries]
    ids: list[str] = []
    for entry in entries:
        if entry.names_no_paper:
            ids += _linked_posts(entry.links)
    return list(dict.fromkeys(ids))


def _newest_revisions(posts: Iterable[Post]) -> dict[str, Post]:
    """Posts by their first id, each with its last text."""
    newest: dict[str, Post] = {}
    for post in posts:
        seen = newest.get(post.post_id)
        if seen is None or _revision_number(post) > _revision_number(seen):
            newest[post.post_id] = post
    return newest


def _revision_number(post: Post) -> int:
    return int(post.revision or post.post_id)


def _find_announcements(posts: Iterable[Post]) -> Iterator[_Announcement]:
    for post in posts:
        if post.replied_to is None and not post.is_repost:
            heading = _find_heading(post)
            if heading is not None:
                yield _Announcement(post, heading)


def _find_heading(post: Post) -> Heading | None:
    """The heading in the post's text; one with a date in its article counts more."""
    day = post.posted_at.date()
    heading = parse_heading(post.text, day)
    if post.article is None or (heading and heading.starts_on):
        return heading
    top = post.article.text[:_HEADING_OF_ARTICLE]
    in_article = parse_heading(post.article.title, day) or parse_heading(top, day)
    return in_article or heading


def _is_part(post: Post, root: Post) -> bool:
    """Whether a post announces the same week: teaser and article are minutes apart."""
    if post.author_id != root.author_id or post.is_repost:
        return False
    if post.replied_to is not None:
        return False
    if abs(post.posted_at - root.posted_at) > _PARTS_WITHIN:
        return False
    has_list = post.article is not None and len(_article_entries(post.article)) > 1
    return has_list or _find_heading(post) is not None


def _read_week(
    root: Post, heading: Heading, parts: Sequence[Post], known: Mapping[str, Post]
) -> Sighting:
    """The week that `parts` announce, with the entries in and around them."""
    if heading.starts_on is None:
        # A heading without a date announces the week due when it was posted.
        heading = Heading(heading.text, *span(week_due(root.posted_at)))
    in_articles: list[Entry] = []
    for part in parts:
        if part.article is not None:
            in_articles += _article_entries(part.article)
    thread = _thread_posts(root, parts, known.values())
    in_posts = (_numbered_entry(post, known) for post in thread)
    entries = _merge(in_articles, [entry for entry in in_posts if entry is not None])
    if not entries:
        raise EmptyThread(
            f"Post {root.post_id} announces {heading.text!r}, "
            "and no numbered entry follows it.",
            "Run again when the thread is complete, or read the twin: "
            "RINDOKU_SOURCE=twin.",
        )
    sighting = assemble("x", heading, root.post_id, entries)
    bullet_findings = tuple(_check_bullets(sighting, parts))
    return replace(sighting, findings=sighting.findings + bullet_findings)


def _thread_posts(
    root: Post, parts: Sequence[Post], posts: Iterable[Post]
) -> list[Post]:
    """The account's posts of the week: replies to it, in its conversations, or beside.

    In order of their ids; `parts` themselves are left out.
    """
    own = [p for p in posts if p.author_id == root.author_id and not p.is_repost]
    reached = {part.post_id for part in parts}
    conversations = {part.conversation_id for part in parts}
    thread = []
    for post in sorted(own, key=lambda post: int(post.post_id)):
        if post.post_id in reached:
            continue
        if _is_beside(post, root):
            # Its own replies are not part of the list.
            thread.append(post)
        elif post.replied_to in reached or post.conversation_id in conversations:
            reached.add(post.post_id)
            thread.append(post)
    return thread


def _is_beside(post: Post, root: Post) -> bool:
    """Whether a post that is no reply follows the root closely."""
    delay = post.posted_at - root.posted_at
    return post.replied_to is None and timedelta(0) < delay <= _BESIDE_ROOT


def _numbered_entry(post: Post, known: Mapping[str, Post]) -> Entry | None:
    numbered = parse_numbered(post.text)
    if numbered is None:
        return None
    title, blurb = split_title(numbered.text)
    links = [make_link(url) for url in post.links]
    if post.quoted and not any(post.quoted in link.url for link in links):
        links.append(make_link(f"https://x.com/i/status/{post.quoted}"))
    links += _followed_links(links, known)
    return Entry("", numbered.rank, title, blurb, tuple(links))


def _followed_links(links: Sequence[Link], known: Mapping[str, Post]) -> list[Link]:
    """Links of the posts that `links` point to, when those are all to posts."""
    if any(link.role != "post" for link in links):
        return []
    followed: list[Link] = []
    for post_id in _linked_posts(links):
        if post_id in known:
            followed += [make_link(url) for url in known[post_id].links]
    return [link for link in followed if link.role != "post"]


def _linked_posts(links: Iterable[Link]) -> list[str]:
    matches = (_STATUS.match(link.canonical) for link in links)
    return [match["id"] for match in matches if match]


def _article_entries(article: PostArticle) -> list[Entry]:
    """The numbered headings of an article, each with the text and links below it."""
    headings = list(_ARTICLE_ENTRY.finditer(article.text))
    ends = [*(heading.start() for heading in headings[1:]), len(article.text)]
    entries = []
    for heading, end in zip(headings, ends, strict=False):
        start = heading.start()
        urls = [url for offset, url in article.links if start <= offset < end]
        entries.append(
            Entry(
                entry_id="",
                rank=int(heading["rank"]),
                title=heading["title"].strip("*# "),
                blurb=article.text[heading.end() : end].strip(),
                links=tuple(make_link(url) for url in urls),
            )
        )
    return entries


def _merge(in_articles: Sequence[Entry], in_posts: Sequence[Entry]) -> list[Entry]:
    """Entries of articles and posts by rank.

    Where both have an entry it has the title of the article and the links of both. A
    rank that occurs twice in the posts stays twice: the contract finds that.
    """
    merged = {entry.rank: entry for entry in in_articles}
    repeated = []
    for entry in in_posts:
        same_rank = merged.get(entry.rank)
        if same_rank is None:
            merged[entry.rank] = entry
        elif same_rank in in_articles:
            links = same_rank.links + entry.links
            merged[entry.rank] = replace(same_rank, links=links)
        else:
            repeated.append(entry)
    return sorted([*merged.values(), *repeated], key=lambda entry: entry.rank)


def _check_bullets(sighting: Sighting, parts: Sequence[Post]) -> Iterator[Finding]:
    titles = [entry.title for entry in sighting.entries]
    for part in parts:
        for bullet in _BULLET.finditer(part.text):
            name = bullet["name"].strip()
            if not any(_is_same_name(name, title) for title in titles):
                yield Finding(
                    sighting.sighting_id,
                    "bullets",
                    "warning",
                    f"The bullet {name!r} matches no entry.",
                )


def _is_same_name(name: str, title: str) -> bool:
    score = fuzz.token_set_ratio(name, title, processor=default_process)
    return score >= _SAME_NAME
