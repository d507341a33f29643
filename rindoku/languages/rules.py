"""What a language has to provide besides its texts: `Rules`, and the objections they
raise.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple


@dataclass(frozen=True)
class Objection:
    """What a check has against a text. Wording turns it into a `Finding`.

    `check` is the check's name in the archive, `reason` the name of the message in
    `wording.toml`, `values` what that message shows.
    """

    check: str
    reason: str
    severity: Literal["error", "warning"]
    values: Mapping[str, object]


def error(check: str, reason: str, **values: object) -> Objection:
    """An objection that keeps the text from being published as fact."""
    return Objection(check, reason, "error", values)


def warning(check: str, reason: str, **values: object) -> Objection:
    """An objection that is recorded and withholds nothing."""
    return Objection(check, reason, "warning", values)


# Reason of the objection to a text that is not in its language at all. A TL;DR may be
# a phrase of names only, so it is not held to this one.
WRONG_LANGUAGE = "wrong_language"


class Respelling(NamedTuple):
    """A name of the paper as a text writes it, and as the paper does."""

    written: str
    name: str


def no_objections(_text: str) -> Iterator[Objection]:
    """The check of a language that has no rule here."""
    return iter(())


def no_respellings(_text: str, _document: str, _title: str) -> Iterator[Respelling]:
    """The search of a language that writes names in Latin letters anyway."""
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
    # Matches between two sentences: a TL;DR has none.
    sentence_break: re.Pattern[str]
    # Matches in questions that are put to the authors instead of the reader.
    addresses_authors: re.Pattern[str]
    # Objects to text in another language, completely or in part.
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
    # The text as the number reader should see it: without words that look like
    # numbers, with numerals that only this language has written as digits.
    prepare_figures: Callable[[str], str] = unchanged
