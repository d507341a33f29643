"""Loads a language from its folder."""

import importlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rindoku.errors import BadInput
from rindoku.languages.rules import Rules
from rindoku.languages.wording import Wording

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Language:
    """A language as its folder defines it.

    `prompts` has the templates by name, and their `version`; `questions` are those of
    the extractive explainer, by name.
    """

    code: str
    wording: Wording
    prompts: Mapping[str, str]
    questions: Mapping[str, str]
    rules: Rules


@cache
def find_languages() -> tuple[str, ...]:
    """Codes of the languages that have a folder, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in _FOLDER.glob("*/wording.toml")))


@cache
def get_language(code: str) -> Language:
    """The language with a code such as "ja". Raises BadInput when it has no folder."""
    if code not in find_languages():
        raise BadInput(
            f"RINDOKU_LANGUAGE is {code!r}, and there is no such language.",
            f"Use {', '.join(find_languages())}.",
        )
    rules: Rules = importlib.import_module(f"rindoku.languages.{code}.rules").RULES
    return Language(
        code=code,
        wording=Wording(code, **_load(code, "wording")),
        prompts=_load_prompts(code),
        questions=_load(code, "questions"),
        rules=rules,
    )


def _load(code: str, name: str) -> dict[str, Any]:
    path = _FOLDER / code / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _load_prompts(code: str) -> dict[str, str]:
    # The blank lines around a template only make the file readable.
    return {name: text.strip("\n") for name, text in _load(code, "prompts").items()}
