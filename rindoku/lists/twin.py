"""The public twin: year files in Markdown, one table of ten rows a week.

The tables are written by hand, so rows are read with tolerance and nothing is dropped in silence: a
line that looks like a row and can't be read becomes a finding.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Literal

from rindoku.lists.contract import assemble, make_link
from rindoku.models import Entry, Finding, Link, Sighting, Source
from rindoku.weeks import Heading, parse_heading

_HEADING_LINE = re.compile(r"^#{1,4}\s+(.*)$")
_TABLE_HEAD = re.compile(
    r"[\s|:*-]*(?:Paper)?[\s|:*-]*(?:Links)?[\s|:*-]*", re.IGNORECASE
)
_ROW = re.compile(r"^\s*\|?\s*\**(?P<rank>\d{1,2})\s*[).:]+\**\s*(?P<rest>.*)$")
# A label, then a URL in which parentheses may stand in pairs.
_LINK = re.compile(
    r"\[(?P<label>[^\[\]]+)\]\(\s*(?P<url>(?:[^\s()]|\([^\s()]*\))*)\s*[)_]*"
)
# What may stand at the end of a row whose last cell was not divided off: a run of links.
_TRAILING_LINKS = re.compile(
    rf"(?:[\s,|_)]*{_LINK.pattern})+[\s,|_)]*$".replace("?P<label>", "?:").replace(
        "?P<url>", "?:"
    )
)
# Exactly one pair of asterisks is the table's; more of them are the title's own.
_BOLD_TITLE = re.compile(
    r"^(?:\*\*(?P<title>.+?)\*\*|\*(?P<slip>[^*].*?)\*\*)\s*(?:[-\u2013:]\s*)?(?P<blurb>.*)$",
    re.DOTALL,
)
_PLAIN_END = re.compile(r"\s+[-\u2013]\s+|\s{2,}|<br")


def parse_year(
    markdown: str, reference: str, year: int, source: Source = "twin"
) -> list[Sighting]:
    """The weeks of one year file, in the order of the file.

    `year` is the file's, for headings that name none; `reference` says where the file is from.
    """
    sightings: list[Sighting] = []
    heading: Heading | None = None
    entries: list[Entry] = []
    notes: list[tuple[Literal["error", "warning"], str]] = []

    def close() -> None:
        if heading is not None and heading.starts_on is not None and (entries or notes):
            sighting = assemble(source, heading, reference, entries)
            lost = tuple(
                Finding(sighting.sighting_id, "rows", severity, message)
                for severity, message in notes
            )
            sightings.append(replace(sighting, findings=sighting.findings + lost))

    for line in _whole_rows(markdown):
        head = _HEADING_LINE.match(line)
        if head:
            close()
            heading, entries, notes = parse_heading(head[1], date(year, 7, 1)), [], []
            heading = _in_year(heading, head[1], year)
        elif (
            heading is not None
            and line.lstrip().startswith("|")
            and not _TABLE_HEAD.fullmatch(line)
        ):
            entry = parse_row(line)
            if entry is None and _LINK.search(line):
                rank = entries[-1].rank + 1 if entries else 1
                entry = parse_row(f"| {rank}) {line.strip().removeprefix('|')}")
                notes.append(
                    (
                        "warning",
                        f"A row has no number, {rank} is taken: {line.strip()[:120]}",
                    )
                )
            if entry is None:
                notes.append(("error", f"A row can't be read: {line.strip()[:120]}"))
            else:
                entries.append(entry)
    close()
    return sightings


def _whole_rows(markdown: str) -> Iterator[str]:
    """The lines of a file, rows that were broken over several lines put together."""
    row = ""
    for line in markdown.splitlines():
        begins_anew = not line.strip() or line.lstrip().startswith(("|", "#"))
        if row and (begins_anew or row.rstrip().endswith("|")):
            yield row
            row = ""
        if row or line.lstrip().startswith("|"):
            row = f"{row} {line.strip()}" if row else line
        else:
            yield line
    if row:
        yield row


def _in_year(heading: Heading | None, line: str, year: int) -> Heading | None:
    """A heading read as one of the file's year: its end lies in it, whatever month it is."""
    if heading is None or heading.starts_on is None or re.search(r"20\d\d", line):
        return heading
    for reference_day in (date(year, 1, 4), date(year, 7, 1), date(year, 12, 31)):
        candidate = parse_heading(line, reference_day)
        if candidate and candidate.ends_on and candidate.ends_on.year == year:
            return candidate
    return heading


def parse_row(line: str) -> Entry | None:
    """One table row to an entry without id, or None when it is none."""
    match = _ROW.match(line)
    if match is None:
        return None
    text, cell = _split_cells(match["rest"])
    links: tuple[Link, ...] = tuple(
        make_link(found["url"], _clean_label(found["label"]))
        for found in _LINK.finditer(cell)
        if found["url"]
    )
    title, blurb = _split_title(text.strip())
    return Entry("", int(match["rank"]), title, blurb, links)


def _split_cells(rest: str) -> tuple[str, str]:
    """The text and the links of a row; a bar in the text is text, and a missing bar is forgiven."""
    body = rest.rstrip().removesuffix("|").rstrip()
    text, bar, cell = body.rpartition("|")
    if bar and (not cell.strip() or _LINK.search(cell)):
        return text, cell
    trailing = _TRAILING_LINKS.search(body)
    return (body[: trailing.start()], trailing[0]) if trailing else (body, "")


def _split_title(text: str) -> tuple[str, str]:
    bold = _BOLD_TITLE.match(text)
    if bold:
        return _clean(bold["title"] or bold["slip"]), bold["blurb"].strip()
    end = _PLAIN_END.search(text)
    return (
        (_clean(text[: end.start()]), text[end.end() :].strip())
        if end
        else (_clean(text), "")
    )


def _clean(title: str) -> str:
    return html.unescape(title).strip()


def _clean_label(label: str) -> str:
    return label.strip().rstrip(")").strip()
