"""The tables of `digests.toml`: found by name, and checked field by field.

rindoku brings a file of its own; `digests.toml` in the home folder adds digests, or
replaces those of the same name. docs/digests.md explains the fields.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, TypeVar
from urllib.parse import urlsplit

from rindoku.digests.fields import Days, Digest, Listing
from rindoku.digests.patterns import (
    LONGEST_LINE,
    has_digits_alone,
    repeats_without_end,
    takes_too_long,
)
from rindoku.errors import BadInput
from rindoku.targets import HOW_TO_WATCH, Watch, parse_watch

OWN_FILE = "digests.toml"
_SHIPPED = Path(__file__).with_name("digests.toml")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_ACCOUNT = re.compile(r"[A-Za-z0-9_]{1,15}")
_LANGUAGE = re.compile(r"[a-z]{2,8}")
_HOST = re.compile(r"(?:[\w-]{1,63}\.)+[\w-]{1,63}")
# No controls, line breaks, direction marks or halves of characters.
_LINE = re.compile(
    r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]{1,200}"
)
_LONGEST_PATTERN = 300
_MOST_ENTRIES = 50
_MOST_DAYS = 60
_LONGEST_SHOWN = 100

Value = TypeVar("Value")


def find_digest(name: str, home: Path) -> Digest:
    """A digest by its name.

    Raises BadInput when neither file has it, or when its entry has an invalid field.
    """
    digest = find_own_digest(name, home) or _find(name, _SHIPPED)
    if digest is not None:
        return digest
    own = home / OWN_FILE
    tables = _tables(own) | _tables(_SHIPPED)
    known = ", ".join(sorted(key for key in tables if isinstance(tables[key], dict)))
    outside = [key for key, value in tables.items() if not isinstance(value, dict)]
    hint = f" {own} has {', '.join(outside)} outside of a table." if outside else ""
    raise BadInput(
        f"There is no digest {name!r}.",
        f"Known digests: {known}. To list its weeks, add a table [{name}] to {own} "
        "(see docs/digests.md); weeks that the archive has can be shown and rendered "
        f"without it.{hint}",
    )


def find_own_digest(name: str, home: Path) -> Digest | None:
    """A digest of the home's own file; None when that does not have it.

    Raises BadInput when its entry has an invalid field.
    """
    return _find(name, home / OWN_FILE)


def _find(name: str, path: Path) -> Digest | None:
    tables = _tables(path)
    return _parse(_Entry(path, name, tables[name])) if name in tables else None


def _tables(path: Path) -> dict[str, Any]:
    """What a file has by name; empty when there is no file."""
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else {}


@cache
def _read(path: Path, _changed_ns: int) -> dict[str, Any]:
    """The tables of a file, read again when it has changed."""
    try:
        # Editors of Windows begin a file with a mark of its encoding.
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(
            f"{path} cannot be read: {error}.", "See docs/digests.md for an example."
        ) from None


class _Entry:
    """A table of the file, from which fields are taken one by one."""

    def __init__(self, path: Path, name: str, table: Any) -> None:
        self.name = name
        self.path = path
        if not isinstance(table, dict):
            raise BadInput(
                f"The digest {name!r} in {path} is {_shown(table)}, not a table.",
                f"Begin it with [{name}], and write its account, series, heading and "
                "entries below.",
            )
        self._fields = dict(table)
        if _NAME.fullmatch(name) is None:
            raise self.invalid(
                "name", name, "Use up to 40 of a-z, 0-9, - and _, and no other letters."
            )

    def take(
        self,
        field: str,
        kind: type[Value],
        accepts: Callable[[Value], object],
        remedy: str,
        default: Value | None = None,
    ) -> Value:
        """The value of a field that `accepts` is true for, else raises BadInput."""
        value = self._fields.pop(field, default)
        if type(value) is not kind or not accepts(value):
            raise self.invalid(field, value, remedy)
        return value

    def has(self, field: str) -> bool:
        return field in self._fields

    def check_empty(self) -> None:
        """Raises BadInput for a field that was not taken."""
        for field, value in self._fields.items():
            raise self.invalid(field, value, "There is no such field; remove it.")

    def invalid(self, field: str, value: object, remedy: str) -> BadInput:
        problem = f"is {_shown(value)}" if value is not None else "is missing"
        return BadInput(
            f"{field} of the digest {self.name!r} in {self.path} {problem}.", remedy
        )


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def _parse(entry: _Entry) -> Digest:
    listing = _take_listing(entry)
    digest = Digest(
        name=entry.name,
        listing=listing,
        watch=_take_watch(entry, listing.account),
        heading=_take_heading(entry),
        numbering=_take_numbering(entry) if entry.has("numbering") else None,
        twin=_take_twin(entry) if entry.has("twin") else None,
        days=_take_days(entry),
    )
    entry.check_empty()
    return digest


def _take_listing(entry: _Entry) -> Listing:
    return Listing(
        account=entry.take(
            "account",
            str,
            _ACCOUNT.fullmatch,
            "Write the account's name on X, without @.",
        ),
        series=entry.take(
            "series",
            str,
            _is_line,
            "Write the name that the list goes by, in one line without control "
            "characters.",
        ),
        entries=entry.take(
            "entries",
            int,
            lambda count: 1 <= count <= _MOST_ENTRIES,
            f"Write the number of entries a week, 1 to {_MOST_ENTRIES}.",
        ),
        titles=_take_titles(entry),
    )


def _take_watch(entry: _Entry, account: str) -> Watch:
    text = entry.take("watch", str, parse_watch, HOW_TO_WATCH, account)
    watch = parse_watch(text)
    if watch is None:
        raise entry.invalid("watch", text, HOW_TO_WATCH)
    return watch


def _take_heading(entry: _Entry) -> re.Pattern[str]:
    remedy = (
        "Write a regular expression that matches the line announcing a week, in single "
        "quotes: 'robotics\\s+papers\\s+of\\s+the\\s+week'."
    )
    pattern = entry.take("heading", str, _is_short, remedy)
    heading = _compile(entry, "heading", pattern, remedy, re.IGNORECASE)
    if heading.search(""):
        raise entry.invalid("heading", pattern, f"It matches every line. {remedy}")
    _check_time(entry, "heading", heading)
    return heading


def _take_numbering(entry: _Entry) -> str:
    remedy = (
        "Write a regular expression for the number before an entry, with the group "
        r"rank for its one to three digits: '#(?P<rank>\d{1,2})'."
    )
    pattern = entry.take("numbering", str, _is_short, remedy)
    numbering = _compile(entry, "numbering", pattern, remedy)
    # Flags such as (?i) are refused inside the larger patterns it becomes part of.
    _compile(entry, "numbering", rf" (?:{pattern})", remedy)
    if list(numbering.groupindex) != ["rank"] or numbering.groups != 1:
        raise entry.invalid("numbering", pattern, remedy)
    if not has_digits_alone("rank", pattern):
        raise entry.invalid("numbering", pattern, remedy)
    if repeats_without_end(pattern) or numbering.search(""):
        raise entry.invalid(
            "numbering",
            pattern,
            r"Write how often something repeats at most, as in \s{0,3}, instead of * "
            "and +, and let it match something.",
        )
    _check_time(entry, "numbering", numbering)
    return pattern


def _is_short(pattern: str) -> bool:
    return bool(pattern.strip()) and len(pattern) <= _LONGEST_PATTERN


def _compile(
    entry: _Entry, field: str, pattern: str, remedy: str, flags: int = 0
) -> re.Pattern[str]:
    try:
        return re.compile(pattern, flags)
    except (re.error, OverflowError, RecursionError) as error:
        raise entry.invalid(
            field, pattern, f"It is not a regular expression: {error}. {remedy}"
        ) from None


def _check_time(entry: _Entry, field: str, pattern: re.Pattern[str]) -> None:
    """Raises BadInput for a pattern that some line of a stranger would keep busy."""
    # The tests try those that rindoku brings.
    if entry.path != _SHIPPED and takes_too_long(pattern):
        raise entry.invalid(
            field,
            pattern.pattern,
            f"It takes too long on some lines of {LONGEST_LINE} characters. Repeat no "
            r"group that has repeats itself; instead of .*, write \s+ or .{0,40}.",
        )


def _take_twin(entry: _Entry) -> str:
    return entry.take(
        "twin",
        str,
        _is_twin,
        "Write the https address of a Markdown file, with {year} in place of a year.",
    )


def _is_twin(url: str) -> bool:
    if not _has_only(url, {"year"}) or not _is_line(url) or " " in url:
        return False
    try:
        parts = urlsplit(url.format(year=2024))
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    is_public = parts.username is None and _HOST.fullmatch(host) is not None
    return parts.scheme == "https" and is_public


def _take_days(entry: _Entry) -> Days:
    remedy = (
        "Write days from the Sunday that ends the week: first <= due <= last < overdue."
    )
    fields = entry.take("days", dict, lambda _: True, remedy, {})
    if not all(type(value) is int for value in fields.values()):
        raise entry.invalid("days", fields, remedy)
    try:
        days = Days(**fields)
    except TypeError:
        raise entry.invalid("days", fields, remedy) from None
    in_order = days.first <= days.due <= days.last < days.overdue
    if not in_order or max(-days.first, days.overdue) > _MOST_DAYS:
        raise entry.invalid("days", fields, remedy)
    return days


def _take_titles(entry: _Entry) -> Mapping[str, str]:
    remedy = (
        "Write a title a language, in one line; it may have {series}, {starts_on} and "
        '{ends_on} as they are: [NAME.title] en = "Robotics, {starts_on} to {ends_on}".'
    )
    titles: dict[str, str] = entry.take("title", dict, lambda _: True, remedy, {})
    fields = {"series", "starts_on", "ends_on"}
    for language, title in titles.items():
        if (
            _LANGUAGE.fullmatch(language) is None
            or not isinstance(title, str)
            or not _is_line(title)
            or not _has_only(title, fields)
        ):
            raise entry.invalid("title", titles, remedy)
    return titles


def _is_line(text: str) -> bool:
    return bool(text.strip()) and _LINE.fullmatch(text) is not None


def _has_only(template: str, names: set[str]) -> bool:
    """Whether a template has no other fields than these, and each as it is."""
    try:
        parts = list(Formatter().parse(template))
    except ValueError:
        return False
    return all(
        name is None or (name in names and not spec and conversion is None)
        for _, name, spec, conversion in parts
    )
