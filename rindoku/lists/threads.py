"""Finds weeks in posts, in every form that the list has had on X.

- A thread: a root post that announces the week, and numbered posts in its conversation
  or shortly after it.
- A thread whose root also has bullets, which name some of the entries.
- An X Article: a post with nothing but the article, and a teaser with heading and
  bullets.
- Any entry may point to another post that has the link. If that post is known, its
  links are used, for one hop.

Only posts of the announcing account count, and no reposts.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from rindoku.digests import Digest
from rindoku.errors import EmptyThread
from rindoku.lists.contract import assemble, make_link
from rindoku.lists.numbered import parse_numbered, parse_rank, split_title
from rindoku.models import Entry, Finding, Link, Post, PostArticle, Sighting
from rindoku.weeks import Heading, parse_heading, span, week_due

_STATUS = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/\w+/status/(?P<id>\d{1,20})(?!\d)"
)
_BULLET = re.compile(r"^[^\S\n]*[-\u2022\u25cf*][^\S\n]+(?P<name>\S.*)$", re.MULTILINE)
# White space within a line.
_SPACES = r"[^\S\n]"
_ARTICLE_NUMBERING = r"(?P<rank>\d{1,2})\s*[.)]"
_HEADING_OF_ARTICLE = 400
# The account once posted a list over the twelve minutes after its root, not as replies.
_FOLLOWS_WITHIN = timedelta(minutes=30)
_PARTS_WITHIN = timedelta(minutes=30)
_SAME_NAME = 80.0


class _Announcement(NamedTuple):
    post: Post
    heading: Heading


def find_announced_weeks(
    posts: Iterable[Post], digest: Digest, account_id: str | None = None
) -> list[Sighting]:
    """The weeks of a digest announced in `posts`, a sighting each, the newest first.

    `account_id` is the account whose announcements count; with None, those of all
    authors do. Other posts are used only where an entry points to them. Raises
    EmptyThread when a week is announced and no entry can be parsed.
    """
    known = _newest_revisions(posts)
    announcements = [
        announcement
        for announcement in _find_announcements(known.values(), digest)
        if account_id in {None, announcement.post.author_id}
    ]
    sightings = []
    used: set[str] = set()
    for root, heading in sorted(announcements, key=_post_number):
        if root.post_id in used:
            continue
        parts = [post for post in known.values() if _is_part(post, root, digest)]
        used |= {post.post_id for post in parts}
        headings = [heading]
        headings += [
            part_heading for post, part_heading in announcements if post in parts
        ]
        dated = next((h for h in headings if h.starts_on), heading)
        sightings.append(_read_week(root, dated, parts, known, digest))
    return sightings[::-1]


def _post_number(announcement: _Announcement) -> int:
    return int(announcement.post.post_id)


def announcing_posts(posts: Iterable[Post], digest: Digest) -> list[Post]:
    """The posts that announce a week of a digest, of any author."""
    return [announcement.post for announcement in _find_announcements(posts, digest)]


def find_posts_to_follow(
    posts: Iterable[Post], digest: Digest, account_id: str | None = None
) -> list[str]:
    """Ids of the posts that entries point to instead of a paper.

    Empty while an announced week has no entries.
    """
    try:
        sightings = find_announced_weeks(posts, digest, account_id)
    except EmptyThread:
        return []
    entries = [entry for sighting in sightings for entry in sighting.entries]
    ids: list[str] = []
    for entry in entries:
        if entry.names_no_paper:
            ids += _linked_posts(entry.links)
    return list(dict.fromkeys(ids))


def _newest_revisions(posts: Iterable[Post]) -> dict[str, Post]:
    """The newest revision of each post, by first id."""
    newest: dict[str, Post] = {}
    for post in posts:
        seen = newest.get(post.post_id)
        if seen is None or _revision_number(post) > _revision_number(seen):
            newest[post.post_id] = post
    return newest


def _revision_number(post: Post) -> int:
    return int(post.revision or post.post_id)


def _find_announcements(
    posts: Iterable[Post], digest: Digest
) -> Iterator[_Announcement]:
    for post in posts:
        if post.replied_to is None and not post.is_repost:
            heading = _find_heading(post, digest.heading)
            if heading is not None:
                yield _Announcement(post, heading)


def _find_heading(post: Post, announcement: re.Pattern[str]) -> Heading | None:
    """The heading in the post's text; if it has no date, that of its article."""
    day = post.posted_at.date()
    heading = parse_heading(post.text, day, announcement)
    if post.article is None or (heading and heading.starts_on):
        return heading
    top = post.article.text[:_HEADING_OF_ARTICLE]
    for text in (post.article.title, top):
        in_article = parse_heading(text, day, announcement)
        if in_article is not None:
            return in_article
    return heading


def _is_part(post: Post, root: Post, digest: Digest) -> bool:
    """Whether a post announces the same week, as a teaser or article minutes apart."""
    if post.author_id != root.author_id or post.is_repost:
        return False
    if post.replied_to is not None:
        return False
    if abs(post.posted_at - root.posted_at) > _PARTS_WITHIN:
        return False
    if _find_heading(post, digest.heading) is not None:
        return True
    article = post.article
    return article is not None and len(_article_entries(article, digest.numbering)) > 1


def _read_week(
    root: Post,
    heading: Heading,
    parts: Sequence[Post],
    known: Mapping[str, Post],
    digest: Digest,
) -> Sighting:
    """The week that `parts` announce, with the entries in and around them."""
    if heading.starts_on is None:
        # A heading without a date announces the week due when it was posted.
        heading = Heading(
            heading.text, *span(week_due(root.posted_at, digest.days.due))
        )
    in_articles: list[Entry] = []
    for part in parts:
        if part.article is not None:
            in_articles += _article_entries(part.article, digest.numbering)
    thread = _thread_posts(root, parts, known.values())
    in_posts = (_numbered_entry(post, known, digest.numbering) for post in thread)
    entries = _merge(in_articles, [entry for entry in in_posts if entry is not None])
    if not entries:
        raise EmptyThread(
            f"Post {root.post_id} announces {heading.text!r}, "
            "but no numbered entry follows it.",
            "Run again when the thread is complete, or read the twin: "
            "RINDOKU_SOURCE=twin.",
        )
    sighting = assemble("x", heading, root.post_id, entries, digest)
    bullet_findings = tuple(_check_bullets(sighting, parts))
    return replace(sighting, findings=sighting.findings + bullet_findings)


def _thread_posts(
    root: Post, parts: Sequence[Post], posts: Iterable[Post]
) -> list[Post]:
    """The account's other posts of the week, in order of their ids.

    They are replies to `parts`, in their conversations, or follow the root closely.
    """
    by_account = [p for p in posts if p.author_id == root.author_id and not p.is_repost]
    reached = {part.post_id for part in parts}
    conversations = {part.conversation_id for part in parts}
    thread = []
    for post in sorted(by_account, key=lambda post: int(post.post_id)):
        if post.post_id in reached:
            continue
        if _follows_root(post, root):
            # Not added to `reached`: replies to it are not part of the list.
            thread.append(post)
        elif post.replied_to in reached or post.conversation_id in conversations:
            reached.add(post.post_id)
            thread.append(post)
    return thread


def _follows_root(post: Post, root: Post) -> bool:
    """Whether a post is not a reply and follows the root closely."""
    delay = post.posted_at - root.posted_at
    return post.replied_to is None and timedelta(0) < delay <= _FOLLOWS_WITHIN


def _numbered_entry(
    post: Post, known: Mapping[str, Post], numbering: str | None
) -> Entry | None:
    numbered = parse_numbered(post.text, numbering)
    if numbered is None:
        return None
    title, blurb = split_title(numbered.text)
    links = [make_link(url) for url in post.links]
    if post.quoted and not any(post.quoted in link.url for link in links):
        links.append(make_link(f"https://x.com/i/status/{post.quoted}"))
    links += _followed_links(links, known)
    return Entry("", numbered.rank, title, blurb, tuple(links))


def _followed_links(links: Sequence[Link], known: Mapping[str, Post]) -> list[Link]:
    """Links of the posts that `links` point to, if all of `links` are to posts."""
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


def _article_entries(article: PostArticle, numbering: str | None) -> list[Entry]:
    """The numbered headings of an article, each with the text and links below it."""
    entry_heading = _article_entry(numbering or _ARTICLE_NUMBERING)
    headings = list(entry_heading.finditer(article.text))
    ends = [*(heading.start() for heading in headings[1:]), len(article.text)]
    entries = []
    for heading, end in zip(headings, ends, strict=False):
        rank = parse_rank(heading["rank"])
        if rank is None:
            continue
        start = heading.start()
        urls = [url for offset, url in article.links if start <= offset < end]
        entries.append(
            Entry(
                entry_id="",
                rank=rank,
                title=heading["title"].strip("*#\t\r "),
                blurb=article.text[heading.end() : end].strip(),
                links=tuple(make_link(url) for url in urls),
            )
        )
    return entries


@cache
def _article_entry(numbering: str) -> re.Pattern[str]:
    return re.compile(
        rf"^{_SPACES}*+(?:#{{1,4}}{_SPACES}*+)?(?:{numbering}){_SPACES}+"
        r"(?P<title>\S.*)$",
        re.MULTILINE,
    )


def _merge(in_articles: Sequence[Entry], in_posts: Sequence[Entry]) -> list[Entry]:
    """Entries of articles and posts, in rank order.

    An entry that both have gets the title of the article and the links of both. A rank
    that occurs twice in the posts is kept twice: the week contract reports it.
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
