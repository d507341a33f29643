"""Weeks in a file: JSON, a Markdown table, or the copied text of a thread.

JSON is a list of entries, or JSON lines as `rindoku entries --json` prints them. An
entry has `rank`, `title` and `links` (each with `url`, and optionally `label`), and
either `week` or `starts_on` and `ends_on`; `heading` and `blurb` are optional.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rindoku.digests import Digest
from rindoku.errors import BadInput, EmptyThread
from rindoku.lists.contract import assemble, make_link
from rindoku.lists.numbered import parse_numbered, parse_rank, split_title
from rindoku.lists.twin import parse_year
from rindoku.models import Entry, Sighting
from rindoku.untrusted import parse_json
from rindoku.weeks import Heading, parse_heading, span

_URL = re.compile(r"https?://[^\s<>\]]+")
_HEADING = re.compile(r"^#{1,4}\s.*\n", re.MULTILINE)
_ROW = re.compile(r"^[^\S\n]*\|", re.MULTILINE)
_YEAR_IN_NAME = re.compile(r"20\d\d")
_YEAR_IN_TITLE = re.compile(r"^#\s.*?(20\d\d)", re.MULTILINE)

# An entry of a JSON file.
_Json = Mapping[str, Any]


def parse_file(
    body: bytes, name: str, posted_on: date, digest: Digest
) -> list[Sighting]:
    """The weeks in a file, whose kind is detected from its content.

    `posted_on` is a day near the week, for headings without a year. Raises BadInput,
    which names the file and the invalid entry, and EmptyThread when a heading has no
    entries under it.
    """
    text = body.decode("utf-8-sig", "replace").strip()
    if text.startswith(("{", "[")):
        sightings = _parse_json(text, name, digest)
    elif _has_table(text):
        year = _find_year(name, text) or posted_on.year
        sightings = parse_year(text, name, year, digest, source="file")
    else:
        sightings = _parse_thread(text, name, posted_on, digest)
    if not sightings:
        raise BadInput(
            f"{name} lists no week.",
            f"A week of {digest.name} begins with a line that matches "
            f"{digest.heading.pattern!r} and has its days: (April 1 - April 7).",
        )
    return sightings


def _has_table(text: str) -> bool:
    """Whether a row of a table follows a heading."""
    heading = _HEADING.search(text)
    return heading is not None and _ROW.search(text, heading.end()) is not None


def _find_year(name: str, text: str) -> int | None:
    """The year in the name of a file, else in its title."""
    in_name = _YEAR_IN_NAME.search(name.rsplit("/", 1)[-1])
    if in_name:
        return int(in_name[0])
    in_title = _YEAR_IN_TITLE.search(text)
    return int(in_title[1]) if in_title else None


def _parse_json(text: str, name: str, digest: Digest) -> list[Sighting]:
    weeks: dict[Heading, list[Entry]] = {}
    for number, row in enumerate(_load_rows(text, name), 1):
        try:
            weeks.setdefault(_heading_of_row(row), []).append(_entry_of_row(row))
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise BadInput(
                f"Entry {number} of {name} can't be used ({reason}).",
                "It needs rank, title, links, and week or starts_on and ends_on; "
                "see `rindoku entries --json`.",
            ) from None
    return [
        assemble("file", heading, name, entries, digest)
        for heading, entries in weeks.items()
    ]


def _load_rows(text: str, name: str) -> list[_Json]:
    try:
        if text.startswith("["):
            rows: list[_Json] = parse_json(text)
            return rows
        return [parse_json(line) for line in text.splitlines() if line.strip()]
    except ValueError as error:
        raise BadInput(
            f"{name} is not JSON: {error}.",
            "Give a list of entries, or one entry per line.",
        ) from None


def _heading_of_row(row: _Json) -> Heading:
    if "starts_on" in row:
        starts_on = date.fromisoformat(row["starts_on"])
        ends_on = date.fromisoformat(row["ends_on"])
    else:
        starts_on, ends_on = span(row["week"])
    text = row.get("heading") or f"Papers of the Week ({starts_on} - {ends_on})"
    return Heading(str(text), starts_on, ends_on)


def _entry_of_row(row: _Json) -> Entry:
    links = []
    for link in row["links"]:
        label = str(link.get("label", ""))
        links.append(make_link(str(link["url"]), label))
    return Entry(
        entry_id="",
        rank=_rank_of_row(row),
        title=str(row["title"]),
        blurb=str(row.get("blurb", "")),
        links=tuple(links),
    )


def _rank_of_row(row: _Json) -> int:
    rank = parse_rank(str(row["rank"]))
    if rank is None:
        raise ValueError("rank must be a number from 1 to 999")
    return rank


def _parse_thread(
    text: str, name: str, posted_on: date, digest: Digest
) -> list[Sighting]:
    heading = parse_heading(text, posted_on, digest.heading)
    if heading is None or heading.starts_on is None:
        return []
    entries = _parse_entries(text, digest.numbering)
    if not entries:
        raise EmptyThread(
            f"{name} has the heading {heading.text!r} but no numbered entry under it.",
            "Paste the entries too.",
        )
    return [assemble("file", heading, name, entries, digest)]


def _parse_entries(text: str, numbering: str | None) -> list[Entry]:
    """The entries of a text, each from a numbered line to the next one."""
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if parse_numbered(line, numbering) is not None:
            blocks.append([line])
        elif blocks:
            blocks[-1].append(line)
    return [_entry_of_lines(block, numbering) for block in blocks]


def _entry_of_lines(lines: Sequence[str], numbering: str | None) -> Entry:
    block = "\n".join(lines)
    numbered = parse_numbered(block, numbering)
    if numbered is None:
        raise ValueError(f"not a numbered entry: {block!r}")
    title, blurb = split_title(_URL.sub("", numbered.text))
    links = tuple(make_link(url) for url in _URL.findall(block))
    return Entry("", numbered.rank, title, blurb.strip(), links)
