"""Names in answers: Latin terms must be the paper's, and its proper names stay in Latin script."""

import re
import unicodedata
from collections.abc import Iterator

_KATAKANA = re.compile(r"[ァ-ヴー・]{3,}")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-@+./&'][A-Za-z0-9]+)*")
_MATH = re.compile(r"\\\(.*?\\\)")
_NAME = re.compile(r"\b[A-Z][A-Za-z]{3,}\b")
_DIGRAPHS = {
    "シャ": "sh",
    "シュ": "sh",
    "ショ": "sh",
    "チャ": "t",
    "チュ": "t",
    "チョ": "t",
    "ジャ": "j",
    "ジュ": "j",
    "ジョ": "j",
}
_ROWS = {
    "k": "カキクケコ", "g": "ガギグゲゴ", "s": "サスセソ", "sh": "シ", "z": "ザズゼゾ", "j": "ジ", "t": "タテトチツ",
    "d": "ダデドヂヅ", "n": "ナニヌネノン", "h": "ハヒヘホ", "f": "フ", "b": "バビブベボヴ", "p": "パピプペポ",
    "m": "マミムメモ", "r": "ラリルレロ",
}  # fmt: skip
_CONSONANT = {kana: consonant for consonant, row in _ROWS.items() for kana in row}
_VOWEL = {
    **dict.fromkeys("アカガサザタダナハバパマヤラワァャ", "a"), **dict.fromkeys("イキギシジチヂニヒビピミリィ", "i"),
    **dict.fromkeys("ウクグスズツヅヌフブプムユルゥュヴ", "u"), **dict.fromkeys("エケゲセゼテデネヘベペメレェ", "e"),
    **dict.fromkeys("オコゴソゾトドノホボポモヨロヲォョ", "o"),
}  # fmt: skip


def latin_terms(answer: str) -> list[str]:
    """Words in Latin letters, formulas left out."""
    plain = unicodedata.normalize("NFKC", _MATH.sub(" ", answer))
    return [t for t in _LATIN.findall(plain) if len(t) > 1]


def katakana_spellings(answer: str, text: str, title: str) -> Iterator[tuple[str, str]]:
    """Katakana words of an answer that spell a proper name of the paper, each with that name.

    A proper name is a capitalised word of the title, or one that the text never writes in lower case
    and uses at least three times. Words are compared by their consonants, short ones by their first
    vowel too, as katakana keeps those.
    """
    names = _proper_names(text, title)
    for spelled in dict.fromkeys(_KATAKANA.findall(answer)):
        for name in names:
            if _sounds_like(spelled, name):
                yield spelled, name
                break


def _proper_names(text: str, title: str) -> list[str]:
    words = re.findall(r"\b[A-Za-z]{4,}\b", text)
    lower = {w for w in words if w.islower()}
    counts: dict[str, int] = {}
    for word in _NAME.findall(text):
        counts[word] = counts.get(word, 0) + 1
    in_title = set(_NAME.findall(title))
    return [w for w, n in counts.items() if w.lower() not in lower and (n >= 3 or w in in_title)]


def _sounds_like(kana: str, name: str) -> bool:
    spelled, written = _kana_skeleton(kana), _latin_skeleton(name)
    if len(written) < 2 or spelled != written:
        return False
    # Two consonants alone say too little: レース is no Eurus.
    return len(written) > 2 or _first_vowel(kana) == _latin_first_vowel(name)


def _kana_skeleton(kana: str) -> str:
    for digraph, consonant in _DIGRAPHS.items():
        kana = kana.replace(digraph, consonant)
    return "".join(_CONSONANT.get(c, c if c.isascii() else "") for c in kana)


def _latin_skeleton(name: str) -> str:
    word = name.lower()
    for written, sound in (
        ("tch", "t"), ("ch", "t"), ("ck", "k"), ("qu", "k"), ("ph", "f"), ("th", "s"), ("x", "ks"), ("ce", "se"),
        ("ci", "si"), ("c", "k"), ("q", "k"), ("l", "r"), ("v", "b"),
    ):  # fmt: skip
        word = word.replace(written, sound)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouyw]", "", word))


def _first_vowel(kana: str) -> str:
    return next((_VOWEL[c] for c in kana if c in _VOWEL), "")


def _latin_first_vowel(name: str) -> str:
    match = re.search(r"eu|ou|oo|ew|[aeiouy]", name.lower())
    return {"eu": "u", "ou": "u", "oo": "u", "ew": "u", "y": "i"}.get(match[0], match[0]) if match else ""
