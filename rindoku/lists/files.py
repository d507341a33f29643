"""A week given by hand: JSON, a Markdown table, or the text of a thread as one copies it.

JSON is a list of entries, or one entry a line, as `rindoku entries --json` prints them: `rank`, `title`
and `links` (`url`, and `label` if any) are needed, and of the week either `week` or `starts_on` and
`ends_on`; `heading` and `blurb` may be there.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rindoku.errors import BadInput, EmptyThread
from rindoku.lists.contract import assemble, make_link
from rindoku.lists.threads import NUMBERED, split_title
from rindoku.lists.twin import parse_year
from rindoku.models import Entry, Sighting
from rindoku.weeks import Heading, parse_heading, span

_URL = re.compile(r"https?://[^\s<>\]]+")
_TABLE = re.compile(r"^#{1,4}\s.*\n(?:.*\n)*?\s*\|", re.MULTILINE)


def parse_file(body: bytes, name: str, posted_on: date) -> list[Sighting]:
    """The weeks in a file, told by its content. `posted_on` is near the week, for headings without a year.

    Raises BadInput naming the file and the line or entry that can't be used, EmptyThread when a heading
    has no entries under it.
    """
    text = body.decode("utf-8-sig", "replace").strip()
    if text.startswith(("{", "[")):
        weeks = _parse_json(text, name)
    elif _TABLE.search(text):
        weeks = parse_year(text, name, _year(name, text, posted_on), "file")
    else:
        weeks = _parse_pasted(text, name, posted_on)
    if not weeks:
        raise BadInput(
            f"{name} lists no week.",
            'A heading like "Top AI Papers of the Week (April 1 - April 7)" begins one.',
        )
    return weeks


def _year(name: str, text: str, posted_on: date) -> int:
    named = re.search(r"20\d\d", name.rsplit("/", 1)[-1]) or re.search(
        r"^#\s.*?(20\d\d)", text, re.MULTILINE
    )
    return int(named[0][-4:]) if named else posted_on.year


def _parse_json(text: str, name: str) -> list[Sighting]:
    try:
        rows = (
            json.loads(text)
            if text.startswith("[")
            else [json.loads(line) for line in text.splitlines() if line.strip()]
        )
    except json.JSONDecodeError as error:
        raise BadInput(
            f"{name} is no JSON: {error}.",
            "Give a list of entries, or one entry a line.",
        ) from None
    weeks: dict[tuple[date, date, str], list[Entry]] = {}
    for number, row in enumerate(rows, 1):
        try:
            weeks.setdefault(_week_of_row(row), []).append(_entry_of_row(row))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadInput(
                f"Entry {number} of {name} can't be used ({type(error).__name__}: {error}).",
                "It needs rank, title, links, and week or starts_on and ends_on; see `rindoku entries --json`.",
            ) from None
    return [
        assemble("file", Heading(heading, start, end), name, entries)
        for (start, end, heading), entries in weeks.items()
    ]


def _week_of_row(row: Mapping[str, Any]) -> tuple[date, date, str]:
    if "starts_on" in row:
        start, end = (
            date.fromisoformat(row["starts_on"]),
            date.fromisoformat(row["ends_on"]),
        )
    else:
        start, end = span(row["week"])
    return start, end, row.get("heading") or f"Papers of the Week ({start} - {end})"


def _entry_of_row(row: Mapping[str, Any]) -> Entry:
    links = tuple(
        make_link(str(link["url"]), str(link.get("label", ""))) for link in row["links"]
    )
    return Entry(
        "", int(row["rank"]), str(row["title"]), str(row.get("blurb", "")), links
    )


def _parse_pasted(text: str, name: str, posted_on: date) -> list[Sighting]:
    heading = parse_heading(text, posted_on)
    if heading is None or heading.starts_on is None:
        return []
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if NUMBERED.match(line):
            blocks.append([line])
        elif blocks:
            blocks[-1].append(line)
    if not blocks:
        raise EmptyThread(
            f"{name} has the heading {heading.text!r} and no numbered entry under it.",
            "Paste the entries too.",
        )
    return [
        assemble("file", heading, name, [_entry_of_block(block) for block in blocks])
    ]


def _entry_of_block(lines: Sequence[str]) -> Entry:
    block = "\n".join(lines)
    match = NUMBERED.match(block)
    if match is None:
        raise ValueError(block)
    title, blurb = split_title(_URL.sub("", match["rest"]))
    return Entry(
        "",
        int(match["rank"]),
        title,
        blurb.strip(),
        tuple(make_link(url) for url in _URL.findall(block)),
    )
