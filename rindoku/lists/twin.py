"""The public twin: Markdown files, usually one a year, with one table a week.

The tables are written by hand, so rows are parsed leniently, and a row that can't be
parsed becomes a finding.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Literal, NamedTuple

from rindoku.digests import Digest
from rindoku.errors import BadInput, SourceUnavailable
from rindoku.lists.contract import assemble, make_link
from rindoku.lists.numbered import TitledText, parse_rank
from rindoku.models import Entry, Finding, Payload, Sighting
from rindoku.settings import Settings
from rindoku.web import fetch
from rindoku.weeks import Heading, parse_heading

_ANY_HEADING = re.compile(rb"^#{1,4}\s", re.MULTILINE)
_HEADING_LINE = re.compile(r"^#{1,4}\s+(.*)$")
_TABLE_HEAD = re.compile(
    r"[\s|:*-]*+(?:Paper[\s|:*-]*+)?(?:Links[\s|:*-]*+)?", re.IGNORECASE
)
_USUAL_NUMBERING = r"(?P<rank>\d{1,2})\s*[).:]+"
# A label, then a URL, in which balanced parentheses are allowed.
_URL = r"(?:[^\s()]|\([^\s()]*\))*"
_LINK = re.compile(rf"\[(?P<label>[^\[\]]+)\]\(\s*(?P<url>{_URL})\s*[)_]*")
# What stands between links.
_BETWEEN_LINKS = " \t\u00a0\u3000,|_)"
# Exactly one pair of double asterisks marks the title; more are part of it. `slip`
# matches a title that lacks one asterisk at its start.
_BOLD_TITLE = re.compile(
    r"^(?:\*\*(?P<title>.+?)\*\*|\*(?P<slip>[^*].*?)\*\*)"
    r"\s*(?:[-\u2013:]\s*)?(?P<blurb>.*)$",
    re.DOTALL,
)
_PLAIN_TITLE_END = re.compile(r"\s+[-\u2013]\s+|\s{2,}|<br")
_YEAR = re.compile(r"20\d\d")
_QUOTED_CHARACTERS = 120


class _RowNote(NamedTuple):
    severity: Literal["error", "warning"]
    message: str


class _Cells(NamedTuple):
    text: str
    links: str


def twin_url(digest: Digest, year: int) -> str:
    """The address of the file of a year. Raises BadInput for a digest without twin."""
    if digest.twin is None:
        raise BadInput(
            f"The digest {digest.name} has no twin.",
            "Set X_BEARER_TOKEN, or give a file: --source FILE.",
        )
    return digest.twin.format(year=year)


def fetch_year(year: int, digest: Digest, settings: Settings) -> Payload:
    """The file of a year. Raises NotFound when there is none yet.

    Raises SourceUnavailable for a response without any heading: it is no such file, and
    says nothing of what is published.
    """
    payload = fetch(twin_url(digest, year), settings, source="twin")
    if payload.body.strip() and not _ANY_HEADING.search(payload.body):
        raise SourceUnavailable(f"{payload.url} returned 200, but no list in Markdown.")
    return payload


def parse_year(
    markdown: str, reference: str, year: int, digest: Digest, source: str = "twin"
) -> list[Sighting]:
    """The weeks of a year file, in the order of the file.

    `year` is the file's, for headings without one; `reference` is the file's address.
    """
    tables = _parse_tables(markdown, year, digest)
    sightings = (table.assemble(source, reference) for table in tables)
    return [sighting for sighting in sightings if sighting is not None]


class _WeekTable:
    """The table of one week, while its rows are parsed."""

    def __init__(self, heading: Heading, digest: Digest) -> None:
        self._heading = heading
        self._digest = digest
        self._entries: list[Entry] = []
        self._notes: list[_RowNote] = []

    def add_row(self, line: str) -> None:
        """Parses a row; a row without number, or that can't be parsed, is noted."""
        entry = parse_row(line, self._digest.numbering)
        if entry is None and _LINK.search(line):
            entry = self._number_row(line)
        if entry is None:
            self._note("error", f"A row can't be parsed: {_quote(line)}")
        else:
            self._entries.append(entry)

    def assemble(self, source: str, reference: str) -> Sighting | None:
        """The week as a sighting; None when its dates are unknown or it is empty."""
        is_empty = not self._entries and not self._notes
        if self._heading.starts_on is None or is_empty:
            return None
        sighting = assemble(
            source, self._heading, reference, self._entries, self._digest
        )
        notes = tuple(
            Finding(sighting.sighting_id, "rows", note.severity, note.message)
            for note in self._notes
        )
        return replace(sighting, findings=sighting.findings + notes)

    def _number_row(self, line: str) -> Entry | None:
        rank = self._entries[-1].rank + 1 if self._entries else 1
        self._note("warning", f"A row has no number, {rank} is taken: {_quote(line)}")
        return parse_row(f"| {rank}) {line.strip().removeprefix('|')}", None)

    def _note(self, severity: Literal["error", "warning"], message: str) -> None:
        self._notes.append(_RowNote(severity, message))


def _parse_tables(markdown: str, year: int, digest: Digest) -> list[_WeekTable]:
    tables: list[_WeekTable] = []
    announces_week = False
    for line in _joined_lines(markdown):
        heading_line = _HEADING_LINE.match(line)
        if heading_line:
            heading = _heading_in_year(heading_line[1], year, digest)
            announces_week = heading is not None
            if heading is not None:
                tables.append(_WeekTable(heading, digest))
        elif announces_week and _is_row(line):
            tables[-1].add_row(line)
    return tables


def parse_row(line: str, numbering: str | None) -> Entry | None:
    """The entry of a table row, without id; None when the row has no number."""
    match = _row(numbering or _USUAL_NUMBERING).match(line)
    rank = parse_rank(match["rank"]) if match else None
    if match is None or rank is None:
        return None
    cells = _split_cells(match["cells"])
    title, blurb = _split_row_title(cells.text.strip())
    links = []
    for link in _LINK.finditer(cells.links):
        if link["url"]:
            label = _clean_label(link["label"])
            links.append(make_link(link["url"], label))
    return Entry("", rank, title, blurb, tuple(links))


@cache
def _row(numbering: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*+(?:\|\s*+)?\**(?:{numbering})\**\s*(?P<cells>.*)$")


def _joined_lines(markdown: str) -> Iterator[str]:
    """The lines of a file, with rows that span several lines joined to one."""
    row = ""
    for line in markdown.splitlines():
        starts_row = line.lstrip().startswith("|")
        ends_row = not line.strip() or line.lstrip().startswith(("|", "#"))
        if row and (ends_row or row.rstrip().endswith("|")):
            yield row
            row = ""
        if row:
            row = f"{row} {line.strip()}"
        elif starts_row:
            row = line
        else:
            yield line
    if row:
        yield row


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|") and not _TABLE_HEAD.fullmatch(line)


def _heading_in_year(line: str, year: int, digest: Digest) -> Heading | None:
    """The heading in a line; if the line has no year, its range ends in `year`."""
    heading = parse_heading(line, date(year, 7, 1), digest.heading)
    if heading is None or heading.starts_on is None or _YEAR.search(line):
        return heading
    for near in (date(year, 1, 4), date(year, 7, 1), date(year, 12, 31)):
        candidate = parse_heading(line, near, digest.heading)
        if candidate and candidate.ends_on and candidate.ends_on.year == year:
            return candidate
    return heading


def _split_cells(cells: str) -> _Cells:
    """The cells of a row, which may have a bar in the text, or lack one."""
    body = cells.rstrip().removesuffix("|").rstrip()
    text, bar, links = body.rpartition("|")
    if bar and (not links.strip() or _LINK.search(links)):
        return _Cells(text, links)
    start = _start_of_links_at_end(body)
    return _Cells(body[:start].rstrip(_BETWEEN_LINKS), body[start:])


def _start_of_links_at_end(body: str) -> int:
    """Where the links begin that end a row without a bar before its last cell."""
    start = len(body)
    for link in reversed(list(_LINK.finditer(body))):
        if body[link.end() : start].strip(_BETWEEN_LINKS):
            break
        start = link.start()
    return start


def _split_row_title(text: str) -> TitledText:
    bold = _BOLD_TITLE.match(text)
    if bold:
        return TitledText(
            _unescape(bold["title"] or bold["slip"]), bold["blurb"].strip()
        )
    end = _PLAIN_TITLE_END.search(text)
    if end is None:
        return TitledText(_unescape(text), "")
    return TitledText(_unescape(text[: end.start()]), text[end.end() :].strip())


def _unescape(title: str) -> str:
    return html.unescape(title).strip()


def _clean_label(label: str) -> str:
    return label.strip().rstrip(")").strip()


def _quote(line: str) -> str:
    return line.strip()[:_QUOTED_CHARACTERS]
