"""Which texts a question is about: BM25 over words and pairs of Japanese characters.

Only the question's terms are counted, so the archive needs no index.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

# The usual parameters of BM25: saturation of repeated terms, weight of a text's length.
_K1, _B = 1.2, 0.75
_LATIN = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_HAN_OR_KATAKANA = re.compile(r"[\u4e00-\u9fff々]+|[ァ-ヴー]+")
# Words that questions are made of, whatever they are about.
_STOP_WORD = re.compile(
    r"(?:an?|and|are|as|at|be|been|by|can|could|did|do|does|for|from|had|has|have|how|"
    r"if|in|into|is|it|its|many|more|most|much|no|not|of|on|"
    r"or|our|papers?|should|such|than|that|the|their|them|then|there|these|they|this|"
    r"those|to|used?|uses|was|we|were|what|when|where|"
    r"which|who|why|will|with|would|you)"
)


def terms(text: str) -> list[str]:
    """The distinct terms of a question.

    These are Latin words in the singular, and pairs of neighbouring Han characters or
    katakana.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    words = [word for word in _LATIN.findall(plain) if len(word) > 1]
    all_terms = [_singular(word) for word in words if not _STOP_WORD.fullmatch(word)]
    for characters in _HAN_OR_KATAKANA.findall(plain):
        last = max(1, len(characters) - 1)
        all_terms += [characters[start : start + 2] for start in range(last)]
    return list(dict.fromkeys(all_terms))


def rank(question: str, texts: Mapping[str, str]) -> list[tuple[str, float]]:
    """Keys of the texts that have a term of the question, with scores above zero.

    The most relevant text comes first; equals are in the order of their keys.
    """
    wanted = terms(question)
    if not wanted or not texts:
        return []
    counts = _count_terms(wanted, texts)
    weights = {term: _weight(term, counts.values()) for term in wanted}
    mean_length = sum(map(len, texts.values())) / len(texts) or 1.0
    scored = []
    for key, text in texts.items():
        relative_length = len(text) / mean_length
        score = sum(
            weights[term] * _saturate(counts[key][term], relative_length)
            for term in wanted
        )
        if score > 0:
            scored.append((key, score))
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))


def _count_terms(
    wanted: Iterable[str], texts: Mapping[str, str]
) -> dict[str, Counter[str]]:
    patterns = {term: re.compile(_pattern(term)) for term in wanted}
    counts = {}
    for key, text in texts.items():
        plain = _normalize(text)
        counter: Counter[str] = Counter()
        for term, pattern in patterns.items():
            # Most texts lack most terms; a plain search is the fastest check.
            if term in plain:
                counter[term] = len(pattern.findall(plain))
        counts[key] = counter
    return counts


def _weight(term: str, counts: Iterable[Counter[str]]) -> float:
    """The inverse document frequency: rare terms weigh more."""
    contains_term = [count[term] > 0 for count in counts]
    with_term = sum(contains_term)
    without_term = len(contains_term) - with_term
    return math.log(1 + (without_term + 0.5) / (with_term + 0.5))


def _saturate(count: int, relative_length: float) -> float:
    """The weight of a term by its count, with diminishing returns.

    A term in a long text weighs less.
    """
    length_factor = _K1 * (1 - _B + _B * relative_length)
    return count * (_K1 + 1) / (count + length_factor)


def _normalize(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return text.lower()


def _singular(word: str) -> str:
    # Only plurals: more stemming would join words that differ.
    is_plural = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if is_plural and word.isascii() else word


def _pattern(term: str) -> str:
    if term.isascii():
        return rf"(?<![a-z0-9]){re.escape(term)}s?(?![a-z0-9])"
    return re.escape(term)
