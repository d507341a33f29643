"""Observing a week: what X, the twin or a file shows of it, kept raw, then read by the week contract."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from rindoku.archive.finding import (
    find_account_payload,
    find_high_water_mark,
    get_payload,
    get_sighting,
    payloads_in_window,
    seen_before,
    spent_usd,
)
from rindoku.archive.saving import (
    complete_links,
    save_findings,
    save_high_water_mark,
    save_payload,
    save_posts,
    save_sighting,
    save_x_read,
)
from rindoku.errors import BadInput, NotFound, NothingPublishedYet
from rindoku.lists.contract import check_age
from rindoku.lists.differences import compare
from rindoku.lists.files import parse_file
from rindoku.lists.posts import parse_posts
from rindoku.lists.threads import find_weeks
from rindoku.lists.twin import parse_year
from rindoku.models import Entry, Finding, Payload, Post, Sighting
from rindoku.prices import x_cost_usd
from rindoku.run import Run
from rindoku.settings import Settings
from rindoku.web.fetch import make_payload
from rindoku.weeks import span

# The list appears on its week's last day; sometimes a day early or up to two days late.
_EARLIEST = timedelta(days=-1)
_LATEST = timedelta(days=2)
# How long after its Sunday a week may still be on its way.
_PATIENCE = timedelta(days=9)
_PLENTY = 100


def choose_source(source: str, settings: Settings) -> str:
    """x, twin or a file's path: as given, else as set, else X when there is a token for it."""
    chosen = settings.source if source == "auto" else source
    if chosen == "auto":
        return "x" if settings.x_bearer_token else "twin"
    return chosen


def observe_week(run: Run, week: str, source: str, as_of: datetime) -> list[str]:
    """Asks a source for what it shows around a week, saves the answers and returns their ids."""
    if source == "x":
        return _observe_x(run, week, as_of)
    payloads = (
        [*_observe_twin(run, week)]
        if source == "twin"
        else read_files(source, span(week)[1].year)
    )
    with run.archive.write() as con:
        for payload in payloads:
            save_payload(con, payload)
    return [p.payload_id for p in payloads]


def read_files(path: str, year: int | None = None) -> list[Payload]:
    """A list given by hand: a file, or a local clone of the twin, of which `year` (or every year) is read.

    Raises BadInput when there is no such thing.
    """
    place = Path(path)
    files = [place]
    if place.is_dir():
        folder = place / "years" if (place / "years").is_dir() else place
        files = sorted(folder.glob(f"{year or '20[0-9][0-9]'}.md"))
    try:
        payloads = [make_payload("file", str(f), 200, f.read_bytes()) for f in files]
    except OSError as error:
        raise BadInput(
            f"{path!r} can't be read: {error.strerror}.",
            "A source is x, twin, or the path of a file with the list.",
        ) from None
    if not payloads:
        raise BadInput(
            f"{path!r} has no year file{f' for {year}' if year else ''}.",
            "A clone of the twin has them in years/.",
        )
    return payloads


def _observe_twin(run: Run, week: str) -> Iterator[Payload]:
    from rindoku.lists.twin import fetch_year

    try:
        yield fetch_year(span(week)[1].year, run.settings)
    except NotFound:
        return  # no file for that year: nothing published yet


def _observe_x(run: Run, week: str, as_of: datetime) -> list[str]:
    from rindoku.lists.watch import read_posts, read_profile
    from rindoku.lists.x import Window, XClient

    client = XClient(run.settings, lambda: _affordable_posts(run))
    first, last = _window(week)
    ids: list[str] = []

    def keep(payload: Payload) -> None:
        ids.append(payload.payload_id)
        _save_x(run, payload)

    with run.archive.write() as con:
        profile = find_account_payload(con, run.settings.watch)
    if profile is None and (profile := read_profile(run.settings, client)) is not None:
        keep(profile)
    elif profile is not None:
        ids.append(profile.payload_id)
    with run.archive.write() as con:
        since = find_high_water_mark(con, run.settings.watch, week)
    window = Window.of_days(
        first.date(), (last - timedelta(days=1)).date(), as_of, since
    )
    for payload in read_posts(
        run.settings,
        client,
        profile,
        window,
        as_of=as_of,
        known=lambda: _posts(run, week, ids),
    ):
        keep(payload)
    # Only now: a reading that was cut short between pages, newest first, has a gap below its newest post.
    newest = max(
        (int(p.revision or p.post_id) for p in _posts(run, week, ids)), default=0
    )
    if newest:
        with run.archive.write() as con:
            save_high_water_mark(con, run.settings.watch, week, str(newest))
    return ids


def _save_x(run: Run, payload: Payload) -> None:
    from rindoku.lists.x import count_read

    posts, users = count_read(payload)
    with run.archive.write() as con:
        save_payload(con, payload)
        save_x_read(
            con,
            payload,
            posts,
            users,
            x_cost_usd(posts, users, run.settings.home_path),
            run.run_id,
        )
        if posts:
            save_posts(con, parse_posts(payload.body), payload.payload_id)


def _affordable_posts(run: Run) -> int:
    if run.max_usd is None:
        return _PLENTY
    with run.archive.write() as con:
        left = run.max_usd - spent_usd(con, run.run_id)
    return int(left / x_cost_usd(1, 0, run.settings.home_path) + 1e-9)


def _window(week: str) -> tuple[datetime, datetime]:
    """From the first instant at which the list may appear to past the last."""
    sunday = datetime.combine(span(week)[1], time(), UTC)
    return sunday + _EARLIEST, sunday + _LATEST + timedelta(days=1)


def _posts(run: Run, week: str, payload_ids: Sequence[str]) -> list[Post]:
    """All posts read by now around a week, in this run or an earlier one."""
    from rindoku.lists.x import is_profile

    with run.archive.write() as con:
        ids = dict.fromkeys([*payloads_in_window(con, *_window(week)), *payload_ids])
        payloads = [get_payload(con, i) for i in ids]
    return [
        post
        for p in payloads
        if p.source == "x" and not is_profile(p)
        for post in parse_posts(p.body)
    ]


def list_week(
    run: Run, week: str, payload_ids: Sequence[str], as_of: datetime
) -> Sighting:
    """Reads the week out of saved answers and saves it as a sighting, with its findings.

    Raises EmptyThread when it is announced without entries, NothingPublishedYet when it is not
    announced and may still be, NotFound when it is too old for that.
    """
    with run.archive.write() as con:
        payloads = [get_payload(con, payload_id) for payload_id in payload_ids]
    found = _read(run, payloads, week)
    sighting = next((s for s in found if s.week == week), None)
    if sighting is None:
        raise _absent(week, payloads, found, as_of)
    with run.archive.write() as con:
        save_sighting(con, sighting, run.run_id)
        repeats = [
            Finding(
                entry_id, "seen before", "note", f"{url} was listed in {other} as well."
            )
            for entry_id, url, other in seen_before(con, sighting.sighting_id)
        ]
        save_findings(con, [*repeats, *check_age(sighting)], run.run_id)
    return sighting


def _read(run: Run, payloads: Sequence[Payload], week: str) -> list[Sighting]:
    sunday = span(week)[1]
    if not payloads:
        return []
    if payloads[0].source == "twin":
        return [
            s
            for p in payloads
            for s in parse_year(p.body.decode("utf-8", "replace"), p.url, sunday.year)
        ]
    if payloads[0].source == "file":
        return [s for p in payloads for s in parse_file(p.body, p.url, sunday)]
    from rindoku.lists.x import account_id, is_profile

    profile = next(filter(is_profile, payloads), None)
    return find_weeks(
        _posts(run, week, [p.payload_id for p in payloads]),
        account_id(profile) if profile else None,
    )


def lacks_links(sighting: Sighting) -> list[Entry]:
    """Entries that name no paper."""
    return [e for e in sighting.entries if e.names_no_paper]


def complete_from(run: Run, sighting: Sighting, other: Sighting) -> int:
    """Gives entries without a link those the other source has, marked so; notes where the two differ.

    Returns how many entries were completed.
    """
    differences, pairs = compare(sighting, other)
    completed = 0
    with run.archive.write() as con:
        save_findings(con, differences, run.run_id)
        for entry, twin in pairs:
            if entry.names_no_paper and not twin.names_no_paper:
                complete_links(con, entry, twin.links, other.source)
                completed += 1
    return completed


def find_sighting(run: Run, sighting_id: str) -> Sighting:
    """A saved sighting with its entries."""
    with run.archive.write() as con:
        return get_sighting(con, sighting_id)


def _absent(
    week: str, payloads: Sequence[Payload], found: Sequence[Sighting], as_of: datetime
) -> NothingPublishedYet | NotFound:
    sunday = span(week)[1]
    where = payloads[0].source if payloads else "The source"
    newest = f"; the newest it shows is {max(s.week for s in found)}" if found else ""
    if as_of.date() - sunday <= _PATIENCE:
        return NothingPublishedYet(
            f"{where} shows no list for {week} yet (its Sunday is {sunday}){newest}.",
            "Run again later; nothing was published.",
        )
    return NotFound(
        f"{where} shows no list for {week} ({span(week)[0]} to {sunday}).",
        "Lists begin in January 2023 and one week may be missing; try the other source with --source.",
    )
