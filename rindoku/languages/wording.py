"""What readers see outside of what a model wrote, in each language: one file a language."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rindoku.errors import BadInput
from rindoku.models import Finding

LANGUAGES = ("ja", "en")


@dataclass(frozen=True)
class Wording:
    """A language's labels, the article's own sentences, and the reasons that findings give."""

    language: str
    not_in_paper: str
    no_excerpt: str
    extract_label: str
    unknown: str
    day: str
    separator: str
    grounding: Mapping[str, str]
    article: Mapping[str, str]
    findings: Mapping[str, str]

    def reason(self, name: str, /, **values: Any) -> str:
        """A finding's message. Raises KeyError for a reason or a value that is missing."""
        return self.findings[name].format(**values)

    def why(self, findings: Iterable[Finding]) -> str:
        """The errors among findings in one line for the reader; empty when there is none."""
        errors = (f.message for f in findings if f.severity == "error")
        return self.separator.join(dict.fromkeys(errors))


@cache
def wording(language: str) -> Wording:
    """The wording in a language. Raises BadInput when there is none."""
    path = Path(__file__).parent / language / "wording.toml"
    if language not in LANGUAGES or not path.is_file():
        raise BadInput(
            f"There is no wording in {language!r}.",
            f"RINDOKU_LANGUAGE can be {', '.join(LANGUAGES)}.",
        )
    return Wording(language, **tomllib.loads(path.read_text(encoding="utf-8")))
