"""Digests: the weekly lists that are followed, one table each in `digests.toml`.

rindoku brings a file of its own; `digests.toml` in the home folder adds digests, or
replaces those of the same name. docs/digests.md explains the fields.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from rindoku.errors import BadInput

# The digest of archives that were made before there were others.
DEFAULT = "dair_ai"
OWN_FILE = "digests.toml"
_SHIPPED = Path(__file__).with_name("digests.toml")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_ACCOUNT = re.compile(r"[A-Za-z0-9_]{1,15}")
_LANGUAGE = re.compile(r"[a-z]{2,8}")
_MOST_ENTRIES = 50
_MOST_DAYS = 60

Value = TypeVar("Value")


@dataclass(frozen=True)
class Days:
    """Days of a list, counted from the Sunday that ends its week.

    Posts are read from `first` to `last`; the list is `due` on one of these days, and a
    week without a list is missing after `overdue`.
    """

    first: int = -1
    due: int = 0
    last: int = 2
    overdue: int = 9


@dataclass(frozen=True)
class Digest:
    """A weekly list.

    `heading` matches a line that announces a week, `numbering` the number before an
    entry, as the group `rank`; None means the usual ways to write it. `twin` is the
    address of a Markdown file, with {year} for a file a year; None if there is none.
    `titles` are the article's by language, with {series}, {starts_on} and {ends_on}.
    """

    name: str
    account: str
    watch: str
    series: str
    heading: re.Pattern[str]
    entries: int
    numbering: str | None
    twin: str | None
    days: Days
    titles: Mapping[str, str]

    @property
    def url(self) -> str:
        """The account on X."""
        return f"https://x.com/{self.account}"


def find_digest(name: str, home: Path) -> Digest:
    """A digest by its name.

    Raises BadInput when neither file has it, or when its entry has an invalid field.
    """
    files = (home / OWN_FILE, _SHIPPED)
    known: list[str] = []
    for path in files:
        tables = _read(path, path.stat().st_mtime_ns) if path.is_file() else {}
        if name in tables:
            return _parse(_Entry(path, name, tables[name]))
        known += tables
    raise BadInput(
        f"There is no digest {name!r}.",
        f"There are {', '.join(sorted(known))}; {files[0]} can have more.",
    )


def week_in_keys(name: str, week: str) -> str:
    """A week of a digest in content keys; those of the first have no digest."""
    return week if name == DEFAULT else f"{name} {week}"


@cache
def _read(path: Path, _changed_ns: int) -> Mapping[str, Any]:
    """The tables of a file, read again when it has changed."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(
            f"{path} cannot be read: {error}.", "See docs/digests.md for an example."
        ) from None


class _Entry:
    """A table of the file, from which fields are taken one by one."""

    def __init__(self, path: Path, name: str, table: Any) -> None:
        self.name = name
        self._path = path
        self._fields = dict(table) if isinstance(table, dict) else {}
        if _NAME.fullmatch(name) is None or not isinstance(table, dict):
            raise self.invalid(
                "name", name, "Use a table whose name has a-z, 0-9, - and _."
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
        problem = f"is {value!r}" if value is not None else "is missing"
        return BadInput(
            f"{field} of the digest {self.name!r} in {self._path} {problem}.", remedy
        )


def _parse(entry: _Entry) -> Digest:
    account = entry.take(
        "account", str, _ACCOUNT.fullmatch, "Write the account's name on X, without @."
    )
    digest = Digest(
        name=entry.name,
        account=account,
        watch=entry.take(
            "watch",
            str,
            str.strip,
            "Write an account, list:ID, or search:QUERY.",
            account,
        ),
        series=entry.take(
            "series", str, str.strip, "Write the name that the list goes by."
        ),
        heading=_take_heading(entry),
        entries=entry.take(
            "entries",
            int,
            lambda count: 1 <= count <= _MOST_ENTRIES,
            f"Write the number of entries a week, 1 to {_MOST_ENTRIES}.",
        ),
        numbering=_take_numbering(entry) if entry.has("numbering") else None,
        twin=_take_twin(entry) if entry.has("twin") else None,
        days=_take_days(entry),
        titles=_take_titles(entry),
    )
    entry.check_empty()
    return digest


def _take_heading(entry: _Entry) -> re.Pattern[str]:
    remedy = (
        "Write a regular expression that matches the line announcing a week, in single "
        "quotes: 'robotics\\s+papers\\s+of\\s+the\\s+week'."
    )
    pattern = entry.take("heading", str, str.strip, remedy)
    try:
        heading = re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise entry.invalid(
            "heading", pattern, f"{_sentence(error)} {remedy}"
        ) from None
    if heading.search(""):
        raise entry.invalid("heading", pattern, f"It matches every line. {remedy}")
    return heading


def _take_numbering(entry: _Entry) -> str:
    remedy = (
        "Write a regular expression for the number before an entry, with the group "
        r"rank: '#(?P<rank>\d{1,2})'."
    )
    pattern = entry.take("numbering", str, str.strip, remedy)
    try:
        # Flags such as (?i) are refused inside the larger patterns it becomes part of.
        numbering = re.compile(rf" (?:{pattern})")
    except re.error as error:
        raise entry.invalid(
            "numbering", pattern, f"{_sentence(error)} {remedy}"
        ) from None
    if list(numbering.groupindex) != ["rank"] or numbering.groups != 1:
        raise entry.invalid("numbering", pattern, remedy)
    return pattern


def _sentence(error: re.error) -> str:
    return f"It is not a regular expression: {error}."


def _take_twin(entry: _Entry) -> str:
    return entry.take(
        "twin",
        str,
        lambda url: url.startswith("https://") and _formats(url, year=2024),
        "Write the https address of a Markdown file, with {year} in place of a year.",
    )


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
        "Write a title a language; it may have {series}, {starts_on} and {ends_on}: "
        '[NAME.title] en = "Robotics, {starts_on} to {ends_on}".'
    )
    titles: dict[str, str] = entry.take("title", dict, lambda _: True, remedy, {})
    for language, title in titles.items():
        if (
            _LANGUAGE.fullmatch(language) is None
            or not isinstance(title, str)
            or not _formats(title, series="", starts_on="-", ends_on="")
        ):
            raise entry.invalid("title", titles, remedy)
    return titles


def _formats(template: str, **values: object) -> bool:
    """Whether a template has no other fields than these, and is not empty."""
    try:
        return bool(template.format(**values).strip())
    except (KeyError, IndexError, ValueError, AttributeError):
        return False
