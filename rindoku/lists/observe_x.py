"""X as a source: posts around a week are bought once, then read from the archive."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from rindoku.archive.findings import save_findings
from rindoku.archive.payloads import get_payload, save_payload
from rindoku.archive.posts import (
    find_account_payload,
    find_high_water_mark,
    find_payloads_in_window,
    find_unbooked,
    save_high_water_mark,
    save_posts,
    save_x_read,
)
from rindoku.archive.run_log import spent_usd
from rindoku.errors import RindokuError
from rindoku.lists.posts import Page, join_revisions, parse_page, parse_posts
from rindoku.lists.resume import find_reading
from rindoku.lists.threads import find_announced_weeks
from rindoku.lists.watch import (
    naming_the_watch,
    read_posts,
    read_profile,
    watch_of,
)
from rindoku.lists.x import Window, XClient, account_id, count_read, is_profile
from rindoku.models import Finding, Payload, Post, Sighting
from rindoku.prices import x_cost_usd
from rindoku.run import Run
from rindoku.weeks import span

_DAY = timedelta(days=1)
# Posts that a run without a ceiling may ask for at once.
_PLENTY = 100


def observe_x(run: Run, week: str, as_of: datetime) -> list[str]:
    """Buys the unread posts around a week; returns the ids of the payloads.

    Raises what the X client raises, and CeilingReached.
    """
    with naming_the_watch(run):
        return _observe(run, week, as_of)


def _observe(run: Run, week: str, as_of: datetime) -> list[str]:
    _book_left_over(run)
    client = XClient(run.settings, lambda: _affordable_posts(run))
    payload_ids: list[str] = []
    profile = _find_profile(run)
    if profile is None:
        profile = read_profile(run, client)
        if profile is not None:
            _save(run, profile)
    if profile is not None:
        payload_ids.append(profile.payload_id)

    def known() -> list[Post]:
        return _posts(run, week, payload_ids)

    def read(window: Window) -> None:
        bought = read_posts(run, client, profile, window, as_of=as_of, known=known)
        for payload in bought:
            payload_ids.append(payload.payload_id)
            _save(run, payload)

    window = _unread_window(run, week, as_of)
    while (earlier := find_reading(run, profile, window)) is not None:
        if not earlier.complete:
            read(replace(window, until_id=earlier.oldest))
        window = replace(window, since_id=earlier.newest)
    read(window)
    _record_newest(run, week, known())
    return payload_ids


def parse_x(run: Run, payloads: Sequence[Payload], week: str) -> list[Sighting]:
    """The weeks announced by the posts around a week, whichever run bought them."""
    profile = next(filter(is_profile, payloads), None)
    posts = _posts(run, week, [payload.payload_id for payload in payloads])
    with naming_the_watch(run):
        account = account_id(profile) if profile else None
    return find_announced_weeks(posts, run.digest, account)


def _find_profile(run: Run) -> Payload | None:
    watch = watch_of(run)
    if watch.kind != "account":
        return None
    with run.archive.read_latest() as con:
        profile = find_account_payload(con, watch.name)
    # An account that X did not have is asked for again: it may be there by now.
    return profile if profile and count_read(profile).users else None


def _unread_window(run: Run, week: str, as_of: datetime) -> Window:
    """The days on which the list may appear, after the newest post that was read."""
    first, last = _window(run, week)
    with run.archive.read_latest() as con:
        since = find_high_water_mark(con, watch_of(run).name, week)
    return Window.of_days(first.date(), (last - _DAY).date(), as_of, since)


def _window(run: Run, week: str) -> tuple[datetime, datetime]:
    """The time in which the list may appear: first instant, and end (exclusive)."""
    sunday = datetime.combine(span(week)[1], time(), UTC)
    days = run.digest.days
    return sunday + days.first * _DAY, sunday + (days.last + 1) * _DAY


def _book_left_over(run: Run) -> None:
    """Records the responses of killed runs that are in the private file only."""
    with run.archive.read_latest() as con:
        left_over = [get_payload(con, name) for name in find_unbooked(con)]
    for payload in left_over:
        _save(run, payload)


def _save(run: Run, payload: Payload) -> None:
    """Saves a response, what it cost, and its posts.

    Raises what reading its posts raises, when the rest is saved.
    """
    posts, users = count_read(payload)
    page, error = _parse(payload)
    with run.archive.write() as con:
        save_payload(con, payload)
        save_x_read(
            con,
            payload,
            posts=posts,
            users=users,
            cost_usd=x_cost_usd(posts, users, run.settings.home_path),
            run_id=run.run_id,
        )
        save_posts(con, page.posts, payload.payload_id)
        findings = [
            Finding(payload.payload_id, "post", "warning", reason)
            for reason in page.skipped
        ]
        save_findings(con, findings, run.run_id)
    if error is not None:
        raise error


def _parse(payload: Payload) -> tuple[Page, RindokuError | None]:
    if is_profile(payload):
        return Page((), ()), None
    try:
        return parse_page(payload.body), None
    except RindokuError as error:
        return Page((), ()), error


def _record_newest(run: Run, week: str, posts: Sequence[Post]) -> None:
    """Records how far X was read, after the last page only.

    X returns the newest posts first, so a reading that is cut short between pages has a
    gap below its newest post.
    """
    newest = max((int(post.revision or post.post_id) for post in posts), default=0)
    if not newest:
        return
    with run.archive.write() as con:
        save_high_water_mark(con, watch_of(run).name, week, str(newest))


def _affordable_posts(run: Run) -> int:
    """The number of posts that fit under the run's ceiling.

    A post may bring along its author and a post that it refers to.
    """
    if run.max_usd is None:
        return _PLENTY
    with run.archive.read_latest() as con:
        remaining = run.max_usd - spent_usd(con, run.run_id)
    return int(remaining / x_cost_usd(2, 1, run.settings.home_path) + 1e-9)


def _posts(run: Run, week: str, payload_ids: Sequence[str]) -> list[Post]:
    """All posts read around a week, in this run or an earlier one."""
    first, last = _window(run, week)
    with run.archive.read_latest() as con:
        ids = dict.fromkeys([*find_payloads_in_window(con, first, last), *payload_ids])
        payloads = [get_payload(con, payload_id) for payload_id in ids]
    posts: list[Post] = []
    for payload in payloads:
        if payload.source == "x" and not is_profile(payload):
            posts += parse_posts(payload.body)
    return join_revisions(posts)
