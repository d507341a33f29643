"""Everything that depends on the language of an article, one folder a language.

No other package compares language codes: they ask the `Language` that `get_language`
returns. README.md in this folder says how to add one.
"""

from rindoku.languages.language import Language, find_languages, get_language
from rindoku.languages.rules import Objection, Respelling, Rules, error, warning
from rindoku.languages.wording import Wording

__all__ = [
    "Language",
    "Objection",
    "Respelling",
    "Rules",
    "Wording",
    "error",
    "find_languages",
    "get_language",
    "warning",
]
