"""Orders to language models in a paper's text: telling them, and telling what followed them."""

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from rindoku.models import Document, Finding

# So many words, or Japanese characters, in a row are repeated: more than a name that both must use.
_ORDERED_WORDS, _ORDERED_CHARACTERS = 6, 10
_FOLLOWING = 400
_KANA_OR_HAN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
# An order begins a sentence, or is put to the reader; that models ignore instructions or act as assistants is a finding.
_BIDDING = (
    r"(?:^|[.!?:;>\"'\u201c(\[-]\s*|\b(?:please|now|must|should|you to|and then)\s+)"
)
_READER = r"\b(?:llms?|language models?|ais?|assistants?|reviewers?)\b"
_ORDER = re.compile(
    rf"{_BIDDING}(?:ignore|disregard|forget|override)\b.{{0,40}}\b(?:instructions?|prompts?|rules|context|above)\b|"
    rf"(?:\byou are|{_BIDDING}(?:act as|pretend to be))\b.{{0,30}}\b(?:assistant|language model|llm|ai|chatbot|reviewer)\b|"
    r"</?(?:system|paper|assistant|instructions?|user)(?:\s+\w+\s*=[^>]*)?\s*/?>|^\s*(?:system|assistant|user)\s*(?:prompt)?\s*:|"
    # That language models should answer truthfully is a finding; what those that read this should do is none.
    rf"{_READER}.{{0,20}}\b(?:read|review|summari[sz]|process|evaluat|see)\w*\b.{{0,40}}\b(?:must|should|shall)\b|"
    rf"{_READER}.{{0,40}}\b(?:must|should|shall)\b.{{0,30}}\b(?:praise|recommend|accept|give (?:it|this))\b|"
    rf"{_BIDDING}(?:give (?:a|an|only) (?:positive|high|favou?rable)\b.{{0,20}}\b(?:review|score|rating|summary)|do not (?:mention|reveal|highlight))\b|"
    r"(?:これまで|以前|上記|すべて)の.{0,8}(?:指示|命令|プロンプト).{0,6}(?:無視|忘れ)",
    re.IGNORECASE | re.MULTILINE,
)


def is_order(text: str) -> bool:
    """Whether a text gives orders to a language model: no finding of a paper, whoever wrote it there."""
    return _ORDER.search(unicodedata.normalize("NFKC", text)) is not None


def obeys(text: str, document: Document) -> bool:
    """Whether a text repeats the words of an order that stands in the document."""
    for order in _orders(document.text):
        match = SequenceMatcher(None, order, text, autojunk=False).find_longest_match()
        shared = order[match.a : match.a + match.size].strip()
        if (
            len(_KANA_OR_HAN.findall(shared)) >= _ORDERED_CHARACTERS
            or len(shared.split()) >= _ORDERED_WORDS
        ):
            return True
    return False


def find_orders(document: Document, subject: str) -> Iterator[Finding]:
    """A finding when the document holds orders to language models, with where the first stands."""
    found = _ORDER.search(document.text)
    if found is None:
        return
    section = document.section_at(found.start())
    where = f" ({section.title})" if section and section.title else ""
    words = found[0] if len(found[0]) <= 40 else found[0][:38] + "…"
    message = f"The document holds what reads as an order to a language model{where}: {words!r}."
    yield Finding(subject, "injection", "warning", message)


@lru_cache(maxsize=4)
def _orders(text: str) -> tuple[str, ...]:
    """The orders in a text, each with what follows it: there stands what is to be said."""
    return tuple(text[m.start() : m.end() + _FOLLOWING] for m in _ORDER.finditer(text))
