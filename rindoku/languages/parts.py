"""Names in answers, in Latin letters: they must be the paper's."""

import re
import unicodedata

_LATIN = re.compile(
    r"(?<![\d.A-Za-z])\d+D(?![A-Za-z])|[A-Za-z][A-Za-z0-9]*(?:[-@+./&'][A-Za-z0-9]+)*"
)
_MATH = re.compile(r"\\\(.*?\\\)")
# In the middle of a sentence a capital makes a name; at its beginning it says nothing.
MID_SENTENCE = re.compile(r"[a-z,;:(/\u2019\u2013'-]\s*$|\b(?:and|or)\s+$")


def latin_terms(answer: str) -> list[str]:
    """Words in Latin letters, formulas left out."""
    plain = unicodedata.normalize("NFKC", _MATH.sub(" ", answer))
    return [t for t in _LATIN.findall(plain) if len(t) > 1]


def english_names(answer: str) -> list[str]:
    """Words of an English answer that are names: with a capital in the middle of a sentence, within the word, or a digit."""
    plain = unicodedata.normalize("NFKC", _MATH.sub(" ", answer))
    found: dict[str, None] = {}
    for match in _LATIN.finditer(plain):
        word = match[0].removesuffix("'s")
        inner = any(c.isupper() or c.isdigit() for c in word[1:])
        named = word[0].isupper() and MID_SENTENCE.search(
            plain[max(0, match.start() - 12) : match.start()]
        )
        if len(word) > 1 and (inner or named):
            found[word] = None
    return list(found)


def stands_for(term: str, text: str) -> bool:
    """Whether a term is an abbreviation of words that stand in a folded text: LLM of large language models."""
    letters = term.removesuffix("s")
    if not (2 < len(letters) < 7 and letters.isalpha() and letters.isupper()):
        return False
    words = r"[\s-]+".join(rf"{letter.lower()}[a-z]+" for letter in letters)
    return re.search(rf"\b{words}\b", text) is not None
