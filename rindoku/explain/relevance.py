"""Which texts a question is about: BM25 over words, and over pairs of Japanese characters.

Only the question's own terms are counted, so that no index has to be kept beside the archive.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

_K1, _B = 1.2, 0.75
_LATIN = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_HAN_OR_KATAKANA = re.compile(r"[\u4e00-\u9fff々]+|[ァ-ヴー]+")
# Words that a question is made of, not what it is about.
_STOP = re.compile(
    r"(?:an?|and|are|as|at|be|been|by|can|could|did|do|does|for|from|had|has|have|how|if|in|into|is|it|its|many|more|most|much|no|not|of|on|"
    r"or|our|papers?|should|such|than|that|the|their|them|then|there|these|they|this|those|to|used?|uses|was|we|were|what|when|where|"
    r"which|who|why|will|with|would|you)"
)


def terms(text: str) -> list[str]:
    """The terms of a question: words in Latin letters, and pairs of neighbouring Japanese characters."""
    plain = unicodedata.normalize("NFKC", text).lower()
    found = [
        _stem(w) for w in _LATIN.findall(plain) if not _STOP.fullmatch(w) and len(w) > 1
    ]
    for run in _HAN_OR_KATAKANA.findall(plain):
        found += [run[n : n + 2] for n in range(max(1, len(run) - 1))]
    return list(dict.fromkeys(found))


def rank(question: str, texts: Mapping[str, str]) -> list[tuple[str, float]]:
    """Keys of the texts that hold a term of the question, the most relevant first, with scores above zero."""
    wanted = terms(question)
    if not wanted or not texts:
        return []
    patterns = {term: re.compile(_pattern(term)) for term in wanted}
    counts = {key: _count(_plain(text), patterns) for key, text in texts.items()}
    held = {term: sum(1 for c in counts.values() if c[term]) for term in wanted}
    mean = sum(len(t) for t in texts.values()) / len(texts) or 1.0

    def score(key: str) -> float:
        longer = _K1 * (1 - _B + _B * len(texts[key]) / mean)
        return sum(
            math.log(1 + (len(texts) - held[t] + 0.5) / (held[t] + 0.5))
            * counts[key][t]
            * (_K1 + 1)
            / (counts[key][t] + longer)
            for t in wanted
            if counts[key][t]
        )

    scored = ((key, score(key)) for key in texts)
    return sorted(
        ((k, s) for k, s in scored if s > 0), key=lambda pair: (-pair[1], pair[0])
    )


def _count(text: str, patterns: Mapping[str, re.Pattern[str]]) -> Counter[str]:
    # Most texts lack most terms, which a plain search finds out quickest.
    return Counter(
        {
            term: len(pattern.findall(text))
            for term, pattern in patterns.items()
            if term in text
        }
    )


def _plain(text: str) -> str:
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).lower()


def _stem(word: str) -> str:
    # A plural is the same word; more would join what differs.
    return (
        word[:-1]
        if len(word) > 3
        and word.isascii()
        and word.endswith("s")
        and not word.endswith("ss")
        else word
    )


def _pattern(term: str) -> str:
    return (
        rf"(?<![a-z0-9]){re.escape(term)}s?(?![a-z0-9])"
        if term.isascii()
        else re.escape(term)
    )
