"""What is prepared once, before processes are forked that would each do it."""

import sys

import anthropic
from jinja2 import Environment

from rindoku.languages import Wording, get_language
from rindoku.publish import article
from rindoku.publish.article import FORMS

_make_environment = article._environment  # noqa: SLF001 - compiled once
_environments: dict[tuple[str, int], Environment] = {}


def environment(form: str, words: Wording) -> Environment:
    """The templates of a form and a language, which are compiled once."""
    key = form, id(words)
    if key not in _environments:
        _environments[key] = _make_environment(form, words)
    return _environments[key]


# DuckDB looks for it at each statement with parameters, and is quicker to be told no.
sys.modules.setdefault("pandas", None)  # type: ignore[arg-type]
for _form in FORMS:
    environment(_form, get_language("ja").wording).get_template(f"article.{_form}.j2")
# It imports most of what it needs only now.
anthropic.Anthropic(api_key="none").close()
