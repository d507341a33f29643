"""Prompts, wording, questions and rules of articles, one folder per language.

No other package compares language codes: they use the `Language` that `get_language`
returns. README.md in this folder describes how to add a language, and lists the modules
elsewhere that know words of several languages.
"""

from rindoku.languages.load import Language, find_languages, get_language
from rindoku.languages.rules import Objection, error, warning
from rindoku.languages.wording import Wording

__all__ = [
    "Language",
    "Objection",
    "Wording",
    "error",
    "find_languages",
    "get_language",
    "warning",
]
