"""Parts of texts that are alike in all languages: Latin words, formulas, quotations."""

import re
import unicodedata

# 2D and 3D, and words whose parts are joined by one character: GPT-4, pass@1, R&D.
LATIN_WORD = re.compile(
    r"(?<![\d.A-Za-z])\d+D(?![A-Za-z])"
    r"|[A-Za-z][A-Za-z0-9]*(?:[-@+./&'][A-Za-z0-9]+)*"
)
# The end of a text after which a capitalised word is a name, as it does not begin a
# sentence.
MID_SENTENCE = re.compile(r"[a-z,;:(/\u2019\u2013'-]\s*$|\b(?:and|or)\s+$")
# Quotations from the paper, in the quotation marks of any language.
QUOTATION = re.compile(r"「[^「」]*+」|“[^“”]*+”|\"[^\"]*+\"")
_FORMULA = re.compile(r"\\\((?:(?!\\[()]).)*+\\\)")
# Characters before a word that decide whether it is in the middle of a sentence.
_LOOK_BACK = 12


def without_formulas(text: str) -> str:
    r"""The text in compatibility form (NFKC), without formulas `\( ... \)`."""
    return unicodedata.normalize("NFKC", _FORMULA.sub(" ", text))


def latin_terms(text: str) -> list[str]:
    """The words of two or more Latin letters, without formulas."""
    words = LATIN_WORD.findall(without_formulas(text))
    return [word for word in words if len(word) > 1]


def is_mid_sentence(text: str, start: int) -> bool:
    """Whether the word at an offset is in the middle of a sentence."""
    before = text[max(0, start - _LOOK_BACK) : start]
    return MID_SENTENCE.search(before) is not None
