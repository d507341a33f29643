"""Every shape in which the account has posted a week on X.

Each function posts a week, for `StandIn(post_week=...)`.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from rindoku.sample import SampleWeek
from rindoku.sample.content import ACCOUNT
from rindoku.sample.x_posts import (
    entry_text,
    make_post,
    paper_urls,
    post_heading,
    post_thread,
    with_surroundings,
)

Json = dict[str, Any]
PostWeek = Callable[[SampleWeek], list[Json]]
# The author of posts with the links that entries in quotes only point to.
FELLOW_ID = "4400000002"


def post_bursts(week: SampleWeek) -> list[Json]:
    """The second half of the entries are posts outside of the thread, much later."""
    root = post_heading(week)
    posts = [root]
    for entry in week.entries:
        at = week.posted_at + timedelta(milliseconds=500 * entry.rank)
        text = "\n\n".join([entry_text(entry), *paper_urls(entry)])
        if entry.rank > len(week.entries) // 2:
            posts.append(make_post(at + timedelta(minutes=12), text))
        else:
            posts.append(make_post(at, text, root=root, parent=posts[-1]))
    return _with_repost(week, with_surroundings(week, posts))


def post_quotes(week: SampleWeek) -> list[Json]:
    """Each entry quotes a post of another account, which has the links."""
    root = last = post_heading(week)
    posts, quoted = [root], []
    for entry in week.entries:
        at = week.posted_at + timedelta(milliseconds=500 * entry.rank)
        quote = make_post(
            at - timedelta(days=2),
            "\n".join(["A thread on this.", *paper_urls(entry)]),
            author=FELLOW_ID,
        )
        quoted.append(quote)
        text = f"{entry_text(entry)}\n\nhttps://x.com/fellow/status/{quote['id']}"
        last = make_post(at, text, root=root, parent=last)
        last["referenced_posts"].append({"type": "quoted", "id": quote["id"]})
        posts.append(last)
    surrounded = with_surroundings(week, posts)
    return _with_repost(week, [*surrounded, *quoted])


def post_long(week: SampleWeek) -> list[Json]:
    """Each entry is a long post, the end of which is in its note only."""
    root = post_heading(week)
    posts = [root]
    for entry in week.entries:
        at = week.posted_at + timedelta(milliseconds=500 * entry.rank)
        blurb = entry_text(entry) + " And so on." * 30
        text = "\n\n".join([blurb, *paper_urls(entry)])
        posts.append(make_post(at, text, root=root, parent=posts[-1]))
    return _with_repost(week, with_surroundings(week, posts))


def post_edited(week: SampleWeek) -> list[Json]:
    """The second entry was edited: both versions are given, and the third follows the
    new one.
    """
    title = week.entries[1].title
    root, first, second, third, *others = post_thread(week)
    edited_id = str(int(second["id"]) + (60_000 << 22))
    edited = second | {
        "id": edited_id,
        "edit_history_post_ids": [second["id"], edited_id],
    }
    slip = second | {"text": second["text"].replace(title, "A slip of the pen")}
    third["referenced_posts"] = [{"type": "replied_to", "id": edited_id}]
    return _with_repost(week, [root, first, slip, edited, third, *others])


def post_edited_root(week: SampleWeek) -> list[Json]:
    """The root was edited; what follows replies to its newest version."""
    root, *others = post_thread(week)
    edited_id = str(int(root["id"]) + (200 << 22))
    edited = root | {
        "id": edited_id,
        "conversation_id": edited_id,
        "edit_history_post_ids": [root["id"], edited_id],
    }
    replies = [
        post | {"conversation_id": edited_id}
        if post["conversation_id"] == root["id"]
        else post
        for post in others
    ]
    replies[0]["referenced_posts"] = [{"type": "replied_to", "id": edited_id}]
    slip = root | {"text": "A slip of the pen"}
    return _with_repost(week, [slip, edited, *replies])


def post_undated(week: SampleWeek) -> list[Json]:
    """The heading does not give the days."""
    undated = re.sub(r"\s*\(.*?\)", "", week.heading)
    posts = post_thread(week)
    posts[0] = post_heading(week, undated)
    return _with_repost(week, posts)


def post_article(week: SampleWeek) -> list[Json]:
    """An article whose links have lost their places, and a teaser."""
    return _with_teaser(week, links=False)


def post_article_with_links(week: SampleWeek) -> list[Json]:
    """An article with links, and a teaser."""
    return _with_teaser(week, links=True)


def post_article_written_out(week: SampleWeek) -> list[Json]:
    """An article whose links are addresses in its text, as X gives them."""
    posts = _with_teaser(week, links=True)
    article = next(post["article"] for post in posts if "article" in post)
    urls = article["entities"]["urls"]
    for url in reversed(urls):
        text = article["plain_text"]
        start, end = url["start"], url["end"]
        article["plain_text"] = text[:start] + url["url"] + text[end:]
    article["entities"] = {"urls": [{"text": url["url"]} for url in urls]}
    return posts


def post_bare_article(week: SampleWeek) -> list[Json]:
    """An article without a teaser: its own title has the heading."""
    article = _make_article(week, week.heading.rstrip(":"), links=True)
    thanks = make_post(week.posted_at + timedelta(hours=2), "Thanks for reading.")
    return _with_repost(week, with_surroundings(week, [article, thanks]))


SHAPES: dict[str, PostWeek] = {
    "thread": post_thread,
    "bursts": post_bursts,
    "article": post_article,
    "article with links": post_article_with_links,
    "article with addresses": post_article_written_out,
    "bare article": post_bare_article,
    "quotes": post_quotes,
    "long": post_long,
    "edited": post_edited,
    "edited root": post_edited_root,
    "undated": post_undated,
}


def _with_teaser(week: SampleWeek, *, links: bool) -> list[Json]:
    article = _make_article(week, "AI Papers of the Week", links=links)
    bullets = "\n".join(f"- {entry.title}" for entry in week.entries[:7])
    teaser = make_post(
        week.posted_at + timedelta(seconds=25),
        f"{week.heading}\n\n{bullets}\n\nRead on for more:",
    )
    return _with_repost(week, with_surroundings(week, [article, teaser]))


def _make_article(week: SampleWeek, title: str, *, links: bool) -> Json:
    body, urls = "Here is what stood out.\n", []
    for entry in week.entries:
        body += f"\n{entry.rank}. {entry.title}\n{entry.blurb}\n"
        for label, url in entry.links:
            place = {"start": len(body), "end": len(body) + len(label)}
            urls.append(place | {"url": url, "expanded_url": url})
            body += f"{label} | "
        body += "\n"
    address = f"https://x.com/i/article/{17 * 10**17 + week.posted_at.day}"
    post = make_post(week.posted_at, address)
    post["article"] = {
        "title": title,
        "plain_text": body,
        "entities": {"urls": urls if links else []},
    }
    return post


def _with_repost(week: SampleWeek, posts: list[Json]) -> list[Json]:
    """The posts and a repost of the first one, which is not a list by itself."""
    repost = make_post(
        week.posted_at + timedelta(hours=3), f"RT @{ACCOUNT}: {week.heading}"
    )
    referenced = [{"type": "retweeted", "id": posts[0]["id"]}]
    return [*posts, repost | {"referenced_posts": referenced}]
