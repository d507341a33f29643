"""Observing a week: what X or the twin shows of it, kept raw, then read by the week contract."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from rindoku.archive.finding import find_account_payload, get_payload
from rindoku.archive.saving import save_payload, save_posts, save_sighting
from rindoku.errors import NotFound, NothingPublishedYet
from rindoku.models import Payload, Post, Sighting
from rindoku.run import Run
from rindoku.settings import Settings
from rindoku.threads import find_weeks, parse_posts
from rindoku.twin import parse_year
from rindoku.weeks import span

# The list appears on its week's last day; sometimes a day early or up to two days late.
_EARLIEST = timedelta(days=-1)
_LATEST = timedelta(days=2)
# How long after its Sunday a week may still be on its way.
_PATIENCE = timedelta(days=9)


def choose_source(source: str, settings: Settings) -> str:
    """X or twin: as given, else as set, else X when there is a token for it."""
    chosen = settings.source if source == "auto" else source
    if chosen == "auto":
        return "x" if settings.x_bearer_token else "twin"
    return chosen


def observe_week(run: Run, week: str, source: str, as_of: datetime) -> list[str]:
    """Asks a source for what it shows around a week, saves the answers and returns their ids."""
    fetched = _observe_x(run, week, as_of) if source == "x" else _observe_twin(run, week)
    ids = []
    for payload in fetched:
        with run.archive.write() as con:
            save_payload(con, payload)
        ids.append(payload.payload_id)
    return ids


def _observe_x(run: Run, week: str, as_of: datetime) -> Iterable[Payload]:
    from rindoku.sources.x import XClient, account_id

    client = XClient(run.settings)
    with run.archive.write() as con:
        profile = find_account_payload(con, run.settings.account)
    if profile is None:
        profile = client.fetch_account(run.settings.account)
    yield profile
    sunday = span(week)[1]
    yield from client.fetch_timeline(account_id(profile), sunday + _EARLIEST, sunday + _LATEST, as_of)


def _observe_twin(run: Run, week: str) -> Iterable[Payload]:
    from rindoku.sources.github import fetch_year

    try:
        yield fetch_year(span(week)[1].year, run.settings)
    except NotFound:
        return  # no file for that year: nothing published yet


def list_week(run: Run, week: str, payload_ids: Sequence[str], as_of: datetime) -> Sighting:
    """Reads the week out of saved answers and saves it as a sighting.

    Raises EmptyThread when it is announced without entries, NothingPublishedYet when it is not
    announced and may still be, NotFound when it is too old for that.
    """
    with run.archive.write() as con:
        payloads = [get_payload(con, payload_id) for payload_id in payload_ids]
    sightings, posts = _read(payloads, week)
    sighting = next((s for s in sightings if s.week == week), None)
    with run.archive.write() as con:
        for payload_id, page in posts.items():
            save_posts(con, page, payload_id)
        if sighting is not None:
            save_sighting(con, sighting, run.run_id)
    if sighting is None:
        raise _absent(week, payloads, as_of)
    return sighting


def _read(payloads: Sequence[Payload], week: str) -> tuple[list[Sighting], dict[str, list[Post]]]:
    from rindoku.sources.x import account_id

    sightings: list[Sighting] = []
    posts: dict[str, list[Post]] = {}
    account = ""
    for payload in payloads:
        if payload.source == "twin":
            sightings += parse_year(payload.body.decode("utf-8", "replace"), payload.url, span(week)[1].year)
        elif "/users/by/username/" in payload.url:
            account = account_id(payload)
        else:
            posts[payload.payload_id] = parse_posts(payload.body)
    if posts:
        sightings += find_weeks((p for page in posts.values() for p in page), account)
    return sightings, posts


def _absent(week: str, payloads: Sequence[Payload], as_of: datetime) -> NothingPublishedYet | NotFound:
    sunday = span(week)[1]
    where = payloads[0].source if payloads else "the source"
    if as_of.date() - sunday <= _PATIENCE:
        return NothingPublishedYet(
            f"{where} shows no list for {week} yet (its Sunday is {sunday}).",
            "Run again later; nothing was spent on it.",
        )
    return NotFound(
        f"{where} shows no list for {week} ({span(week)[0]} to {sunday}).",
        "Lists begin in January 2023 and one week may be missing; try the other source with --source.",
    )
