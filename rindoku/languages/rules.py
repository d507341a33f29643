"""The rules that a language provides, and the objections of checks."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple


@dataclass(frozen=True)
class Objection:
    """What a check objects to in a text. `Wording.finding` turns it into a `Finding`.

    `check` is the check's name in the archive, `reason` the name of the message in
    `wording.toml`, `values` the values in that message.
    """

    check: str
    reason: str
    severity: Literal["error", "warning"]
    values: Mapping[str, object]


def error(check: str, reason: str, **values: object) -> Objection:
    """An objection that keeps the text from being published as fact."""
    return Objection(check, reason, "error", values)


def warning(check: str, reason: str, **values: object) -> Objection:
    """An objection that is recorded, but does not withhold the text."""
    return Objection(check, reason, "warning", values)


# The reason for a text that is not in its language at all. It does not apply to a
# TL;DR, which may consist of names only.
WRONG_LANGUAGE = "wrong_language"


class Respelling(NamedTuple):
    """A name as a text writes it, and as the paper writes it."""

    written: str
    name: str


def no_objections(_text: str) -> Iterator[Objection]:
    """The check of a language without such a rule."""
    return iter(())


def no_respellings(_text: str, _document: str, _title: str) -> Iterator[Respelling]:
    """The search of a language that writes names in Latin letters."""
    return iter(())


def unchanged(text: str) -> str:
    """The text itself, for a language whose figures need no preparation."""
    return text


@dataclass(frozen=True)
class Rules:
    """The rules of one language, as `RULES` in its `rules.py`.

    Lengths are in characters. `tldr_length` is also named in the prompt, so changing
    it changes the keys of generations.
    """

    tldr_length: int
    summary_length: int
    answer_length: int
    # Matches between two sentences; a TL;DR must be one sentence.
    sentence_break: re.Pattern[str]
    # Matches in questions that address the authors.
    addresses_authors: re.Pattern[str]
    # Objects to text that is completely or partly in another language.
    check_language: Callable[[str], Iterator[Objection]]
    # Terms of a text that the paper must contain.
    find_terms: Callable[[str], list[str]]
    # Those terms that are names; they must appear near the quotes as well.
    find_names: Callable[[str], list[str]]
    # Objects to ways of writing numbers that change what the paper wrote.
    check_notation: Callable[[str], Iterator[Objection]] = no_objections
    # Objects to the style of a summary or an answer.
    check_style: Callable[[str], Iterator[Objection]] = no_objections
    # Names of the paper in another script: arguments are the text to check, the
    # document's text and the paper's title.
    find_respellings: Callable[[str, str, str], Iterator[Respelling]] = no_respellings
    # Prepares a text for `verify.quantities`: removes words that look like numbers, and
    # writes numerals that only this language has as digits.
    prepare_figures: Callable[[str], str] = unchanged
