"""Katakana words that spell a proper name of the paper: names stay in Latin letters.

Words are compared by their consonants, which need no dictionary; loan words that everybody writes in katakana
(loanwords.txt) are left out, as some sound like a name.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from rindoku.languages.parts import MID_SENTENCE

_KATAKANA = re.compile(r"[ァ-ヴー・]{2,}")
_NAME = re.compile(
    r"(?<![A-Za-z])[A-Z][A-Za-z]{3,}(?![a-z])(?:-(?:[a-z]{2,3}-)?[A-Z][A-Za-z]+)*"
)
_TWO_NAMES = re.compile(r"(?<=[a-z,;:(] )([A-Z][A-Za-z]{2,}) ([A-Z][A-Za-z]{2,})")
_SOFT_S = re.compile(r"(?<=[aeiouy])s(?=[aeiouy])")
_ADDRESS = re.compile(r"\S+://\S+|\S+@\S+|\b[\w-]+\.(?:org|com|ai|io|net|edu)\b\S*")
_NOW_AND_THEN = 0.25
_SILENT_R = re.compile(r"(?<=[aeiouy])r(?![aeiouy])")
_SOFT_G = re.compile(r"g(?=[eiy])")
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
# How Latin letters sound, in the order in which they are replaced.
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


def katakana_spellings(answer: str, text: str, title: str) -> Iterator[tuple[str, str]]:
    """Katakana words of an answer that spell a proper name of the paper, each with that name.

    A proper name is a capitalised word of the title, or one that the text writes with its capital in the middle of a
    sentence, and hardly ever in lower case. Short words are compared by their first vowel too, as katakana keeps those.
    """
    names = _proper_names(text, title)
    for spelled in dict.fromkeys(_KATAKANA.findall(answer)):
        # リファインドウェブ・コーパス is two words, either of which may be a name.
        if all(part in _loan_words() for part in spelled.split("・")):
            continue
        forms = _without_loan_words(spelled)
        found = next(
            (name for name in names if any(_sounds_like(form, name) for form in forms)),
            None,
        )
        if found is not None:
            yield spelled, found


def _without_loan_words(spelled: str) -> list[str]:
    """A katakana word, and what is left of it before or behind a loan word: ホールデン of ホールデンモデル."""
    forms = [spelled]
    for word in _loan_words():
        if len(word) > 2 and len(spelled) > len(word) + 2:
            forms += [
                rest
                for rest in (spelled.removesuffix(word), spelled.removeprefix(word))
                if rest != spelled
            ]
    return [form for form in forms if form not in _loan_words()]


@lru_cache(maxsize=4)
def _proper_names(text: str, title: str) -> tuple[str, ...]:
    # Addresses are written in lower case, whatever they name.
    text = _ADDRESS.sub(" ", text)
    written = Counter(re.findall(r"\b[A-Za-z]{4,}\b", text))
    lower = Counter({word: n for word, n in written.items() if word.islower()})
    # fine-tuning is finetuning, and its capital no name's.
    lower.update(
        "".join(pair) for pair in re.findall(r"\b([a-z]{2,})-([a-z]{2,})\b", text)
    )
    found = dict.fromkeys(_NAME.findall(title))
    for match in _NAME.finditer(text):
        if match[0] not in found and MID_SENTENCE.search(
            text[max(0, match.start() - 12) : match.start()]
        ):
            found[match[0]] = None
    # A name may be written in lower case now and then, as in a file name; a word is so as a rule. NumPy is none.
    names = {
        w
        for w in found
        if lower[w.lower()] <= _NOW_AND_THEN * written[w] or re.search("[a-z][A-Z]", w)
    }
    pairs = (m.groups() for m in _TWO_NAMES.finditer(text))
    return (
        *names,
        *dict.fromkeys(f"{a} {b}" for a, b in pairs if a in names or b in names),
    )


@cache
def _loan_words() -> frozenset[str]:
    return frozenset(
        Path(__file__).with_name("loan_words.txt").read_text(encoding="utf-8").split()
    )


def _sounds_like(kana: str, name: str) -> bool:
    spelled = _kana_skeleton(kana)
    if len(spelled) < 2 or spelled not in _latin_skeletons(name):
        return False
    # Two consonants alone say too little: レース is no Eurus.
    return len(spelled) > 2 or _first_vowel(kana, name) in _latin_first_vowels(name)


def _kana_skeleton(kana: str) -> str:
    return _merged("".join(_CONSONANT.get(c, c if c.isascii() else "") for c in kana))


def _merged(consonants: str) -> str:
    # マンバ is Mamba: before b, p and m, ン is an m. Doubled consonants sound once.
    return re.sub(r"(.)\1+", r"\1", re.sub(r"n(?=[bpm])", "m", consonants))


@lru_cache(maxsize=4096)
def _latin_skeletons(name: str) -> frozenset[str]:
    """The consonants a name may sound by: katakana drops an r behind a vowel, a g or s may be soft."""
    word = re.sub(r"\bof\b", "ob", name.lower()).replace(" ", "")
    forms = {word, _SILENT_R.sub("", word)}
    forms |= {_SOFT_G.sub("z", form) for form in forms}
    forms |= {_SOFT_S.sub("z", form) for form in forms}
    return frozenset(_skeleton(form) for form in forms)


def _skeleton(word: str) -> str:
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    return _merged(re.sub(r"[aeiouyw-]", "", word))


def _first_vowel(kana: str, name: str) -> str:
    # クローラー has an u of its own making where Crawler has two consonants.
    if (
        re.match(r"[^aeiouy]{2}", name.lower())
        and _VOWEL.get(kana[0]) == "u"
        and kana[1:2] not in _SMALL
    ):
        kana = kana[1:]
    for place, character in enumerate(kana):
        if character in _VOWEL:
            small = kana[place + 1 : place + 2]
            return _VOWEL[small] if small and small in _SMALL else _VOWEL[character]
    return ""


def _latin_first_vowels(name: str) -> str:
    """The vowels that a name's first may sound like."""
    match = re.search(r"eu|ou|oo|ew|aw|au|ai|ei|[aeiouy]", name.lower())
    if match is None:
        return ""
    sounds = {
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
    return sounds.get(match[0], match[0])
