"""Finds katakana words that spell a name of the paper: names stay in Latin letters.

Words are compared by their consonants, without a dictionary. Loan words that are always
written in katakana (loan_words.txt) are left out, as some sound like names.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from rindoku.languages.parts import is_mid_sentence
from rindoku.languages.rules import Respelling

_KATAKANA = re.compile(r"[ァ-ヴー・]{2,}")
_NAME = re.compile(
    r"(?<![A-Za-z])[A-Z][A-Za-z]{3,}(?![a-z])(?:-(?:[a-z]{2,3}-)?[A-Z][A-Za-z]+)*"
)
_TWO_NAMES = re.compile(r"(?<=[a-z,;:(] )([A-Z][A-Za-z]{2,}) ([A-Z][A-Za-z]{2,})")
_WORD = re.compile(r"\b[A-Za-z]{4,}\b")
_HYPHENATED = re.compile(r"\b([a-z]{2,})-([a-z]{2,})\b")
_INNER_CAPITAL = re.compile("[a-z][A-Z]")
# Addresses are ignored, as they write names in lower case.
_NO_SPACES = re.compile(r"\S+")
_ADDRESS = re.compile(r"(?<!^)(?:://|@)(?!$)")
_DOMAIN = re.compile(r"(?<![\w-])[\w-]++\.(?:org|com|ai|io|net|edu)\b")
# A word that is written in lower case more often than this share of its occurrences is
# not a name.
_MOST_LOWER_CASE = 0.25

_ROWS = {
    "k": "カキクケコ",
    "g": "ガギグゲゴ",
    "s": "サシスセソ",
    "z": "ザジズゼゾ",
    "t": "タテトチツ",
    "d": "ダデドヂヅ",
    "n": "ナニヌネノン",
    "h": "ハヒヘホ",
    "f": "フ",
    "b": "バビブベボヴ",
    "p": "パピプペポ",
    "m": "マミムメモ",
    "r": "ラリルレロ",
}
_CONSONANT = {kana: consonant for consonant, row in _ROWS.items() for kana in row}
_VOWEL = {
    **dict.fromkeys("アカガサザタダナハバパマヤラワァャ", "a"),
    **dict.fromkeys("イキギシジチヂニヒビピミリィ", "i"),
    **dict.fromkeys("ウクグスズツヅヌフブプムユルゥュヴ", "u"),
    **dict.fromkeys("エケゲセゼテデネヘベペメレェ", "e"),
    **dict.fromkeys("オコゴソゾトドノホボポモヨロヲォョ", "o"),
}
_SMALL = "ァィゥェォャュョ"

_VOICED_S = re.compile(r"(?<=[aeiouy])s(?=[aeiouy])")
_SILENT_R = re.compile(r"(?<=[aeiouy])r(?![aeiouy])")
_SOFT_G = re.compile(r"g(?=[eiy])")
# Sounds of Latin letters, in the order in which they are replaced.
_SOUNDS = (
    ("ture", "ta"),
    ("sch", "sk"),
    ("tch", "t"),
    ("ch", "t"),
    ("ck", "k"),
    ("qu", "k"),
    ("ph", "f"),
    ("th", "s"),
    ("sh", "s"),
    ("x", "ks"),
    ("ce", "se"),
    ("ci", "si"),
    ("cy", "sy"),
    ("c", "k"),
    ("q", "k"),
    ("l", "r"),
    ("v", "b"),
    ("j", "z"),
)
_FIRST_VOWEL = re.compile(r"eu|ou|oo|ew|aw|au|ai|ei|[aeiouy]")
# The katakana vowels that may represent the first vowel of a name; a vowel that is not
# listed represents itself.
_VOWEL_SOUNDS = {
    "eu": "u",
    "ou": "u",
    "oo": "u",
    "ew": "u",
    "aw": "o",
    "au": "o",
    "ai": "e",
    "ei": "e",
    "y": "ia",
    "i": "ia",
}
_TWO_CONSONANTS = re.compile(r"[^aeiouy]{2}")


def find_respellings(text: str, document: str, title: str) -> Iterator[Respelling]:
    """Katakana words of a text that spell a proper name of the paper.

    A proper name is a capitalised word of the title, or one that the document writes
    with a capital in mid-sentence, and that it rarely writes in lower case.
    """
    names = _proper_names(document, title)
    for written in dict.fromkeys(_KATAKANA.findall(text)):
        # リファインドウェブ・コーパス is two words, either of which may be a name.
        if all(part in _loan_words() for part in written.split("・")):
            continue
        name = _find_name(written, names)
        if name is not None:
            yield Respelling(written, name)


def _find_name(written: str, names: tuple[str, ...]) -> str | None:
    forms = _without_loan_words(written)
    for name in names:
        if any(_sounds_like(form, name) for form in forms):
            return name
    return None


def _without_loan_words(written: str) -> list[str]:
    """A katakana word, also without a loan word at its beginning or end.

    For ホールデンモデル, the result includes ホールデン.
    """
    forms = [written]
    for loan_word in _loan_words():
        if len(loan_word) <= 2 or len(written) <= len(loan_word) + 2:
            continue
        if written.endswith(loan_word):
            forms.append(written.removesuffix(loan_word))
        if written.startswith(loan_word):
            forms.append(written.removeprefix(loan_word))
    return [form for form in forms if form not in _loan_words()]


@cache
def _loan_words() -> frozenset[str]:
    path = Path(__file__).with_name("loan_words.txt")
    return frozenset(path.read_text(encoding="utf-8").split())


@lru_cache(maxsize=4)
def _proper_names(document: str, title: str) -> tuple[str, ...]:
    text = _NO_SPACES.sub(_without_address, document)
    written = Counter(_WORD.findall(text))
    lower_case = _count_lower_case(text, written)
    names: dict[str, None] = {}
    for word in _capitalised_words(text, title):
        is_rarely_lower = lower_case[word.lower()] <= _MOST_LOWER_CASE * written[word]
        # A capital inside the word, as in NumPy, always makes a name.
        if is_rarely_lower or _INNER_CAPITAL.search(word):
            names[word] = None
    pairs: dict[str, None] = {}
    for match in _TWO_NAMES.finditer(text):
        if match[1] in names or match[2] in names:
            pairs[f"{match[1]} {match[2]}"] = None
    return (*names, *pairs)


def _without_address(match: re.Match[str]) -> str:
    word = match[0]
    if _ADDRESS.search(word):
        return " "
    domain = _DOMAIN.search(word)
    return word if domain is None else word[: domain.start()]


def _count_lower_case(text: str, written: Counter[str]) -> Counter[str]:
    """How often each word is written in lower case."""
    counts = Counter({word: n for word, n in written.items() if word.islower()})
    # fine-tuning is finetuning, so Finetuning is not a name.
    counts.update("".join(pair) for pair in _HYPHENATED.findall(text))
    return counts


def _capitalised_words(text: str, title: str) -> list[str]:
    """Words of the title, and of the text in mid-sentence, that have a capital."""
    words = dict.fromkeys(_NAME.findall(title))
    for match in _NAME.finditer(text):
        if match[0] not in words and is_mid_sentence(text, match.start()):
            words[match[0]] = None
    return list(words)


def _sounds_like(kana: str, name: str) -> bool:
    consonants = _kana_consonants(kana)
    if len(consonants) < 2 or consonants not in _latin_consonants(name):
        return False
    # Two consonants alone are too few: レース is not Eurus. Katakana keeps the first
    # vowel of a name.
    if len(consonants) > 2:
        return True
    return _first_kana_vowel(kana, name) in _first_latin_vowels(name)


def _kana_consonants(kana: str) -> str:
    consonants = (_CONSONANT.get(c, c if c.isascii() else "") for c in kana)
    return _merge("".join(consonants))


def _merge(consonants: str) -> str:
    """Consonants as they sound: doubled ones are single, n before b, p and m is m."""
    # マンバ is Mamba.
    assimilated = re.sub(r"n(?=[bpm])", "m", consonants)
    return re.sub(r"(.)\1+", r"\1", assimilated)


@lru_cache(maxsize=4096)
def _latin_consonants(name: str) -> frozenset[str]:
    """The consonants that a name may have in katakana.

    An r after a vowel may be dropped; g and s may be soft.
    """
    word = re.sub(r"\bof\b", "ob", name.lower()).replace(" ", "")
    forms = {word, _SILENT_R.sub("", word)}
    forms |= {_SOFT_G.sub("z", form) for form in forms}
    forms |= {_VOICED_S.sub("z", form) for form in forms}
    return frozenset(_consonants_of(form) for form in forms)


def _consonants_of(word: str) -> str:
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    return _merge(re.sub(r"[aeiouyw-]", "", word))


def _first_kana_vowel(kana: str, name: str) -> str:
    # クローラー has a u that Crawler has not: it separates two consonants.
    inserted = (
        _TWO_CONSONANTS.match(name.lower())
        and _VOWEL.get(kana[0]) == "u"
        and kana[1:2] not in _SMALL
    )
    if inserted:
        kana = kana[1:]
    for place, character in enumerate(kana):
        if character in _VOWEL:
            following = kana[place + 1 : place + 2]
            is_small = following and following in _SMALL
            return _VOWEL[following if is_small else character]
    return ""


def _first_latin_vowels(name: str) -> str:
    """The vowels that a name's first vowel may become in katakana."""
    match = _FIRST_VOWEL.search(name.lower())
    if match is None:
        return ""
    return _VOWEL_SOUNDS.get(match[0], match[0])
