"""Parts of a text that look the same in every language: words in Latin letters,
formulas, quotations.
"""

import re
import unicodedata

# 2D and 3D, and words whose parts are joined by one character: GPT-4, pass@1, R&D.
LATIN_WORD = re.compile(
    r"(?<![\d.A-Za-z])\d+D(?![A-Za-z])"
    r"|[A-Za-z][A-Za-z0-9]*(?:[-@+./&'][A-Za-z0-9]+)*"
)
# Ends of a text after which a capital makes a name; at the beginning of a sentence a
# capital means nothing.
MID_SENTENCE = re.compile(r"[a-z,;:(/\u2019\u2013'-]\s*$|\b(?:and|or)\s+$")
# What a text cites in the paper's words, in the quotation marks of any language.
QUOTATION = re.compile(r"「[^」]*」|“[^”]*”|\"[^\"]*\"")
_FORMULA = re.compile(r"\\\(.*?\\\)")
# Characters before a word that decide whether it is in the middle of a sentence.
_LOOK_BACK = 12


def without_formulas(text: str) -> str:
    r"""The text in compatibility form (NFKC), formulas `\( ... \)` left out."""
    return unicodedata.normalize("NFKC", _FORMULA.sub(" ", text))


def latin_terms(text: str) -> list[str]:
    """Words of two or more Latin letters, formulas left out."""
    words = LATIN_WORD.findall(without_formulas(text))
    return [word for word in words if len(word) > 1]


def is_mid_sentence(text: str, start: int) -> bool:
    """Whether the word that starts here is in the middle of a sentence."""
    before = text[max(0, start - _LOOK_BACK) : start]
    return MID_SENTENCE.search(before) is not None
