"""Numbers in English and Japanese text as values, so that 38.4 billion and 384億 are the same."""

import re
import unicodedata
from decimal import Decimal

# Plain value kinds; "%" and "point" keep 31 and 31 % apart.
Number = tuple[Decimal, str]

_WORDS: dict[str, Decimal | int] = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "half": Decimal("0.5"),
    "twice": 2, "double": 2,
}  # fmt: skip
_ENGLISH = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SUFFIX = {"k": 10**3, "K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}
_KANJI = {"千": 10**3, "万": 10**4, "億": 10**8, "兆": 10**12}
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_POWER = re.compile(r"(?<![\w.])10\s*\^\s*\{?\s*(-?\d+)\s*\}?")
_JAPANESE = re.compile(rf"(?:(?:{_DIGITS})\s*[千万億兆]\s*)+(?:{_DIGITS})?")
_JAPANESE_PART = re.compile(rf"({_DIGITS})\s*([千万億兆]?)")
_PLAIN = re.compile(
    rf"(?P<number>{_DIGITS})"
    r"(?:\s*(?P<word>thousand|million|billion|trillion)\b|(?P<suffix>[kKMBT])(?![A-Za-z]))?"
    r"\s*(?P<unit>%|percent(?!age)\b|パーセント|ポイント|percentage points?\b|points?\b)?",
)
_WORD = re.compile(
    r"(?<![\w-])(" + "|".join(_WORDS) + r")(?:[\s-]+(thousand|million|billion|trillion))?(?![\w-])", re.IGNORECASE
)
# A number glued to letters is a name (GPT-4, Llama2-7B, pass@1, H100), not a figure.
_NAME = re.compile(
    r"(?<![0-9A-Za-z.])[A-Za-z][A-Za-z0-9]*(?:[-@./_][A-Za-z0-9.]+)*|\d+[A-Za-z]{2,}[A-Za-z0-9]*|\d+D(?![A-Za-z])"
)
# In Japanese a lone 1 before a counter often renders "a", "each" or "single": no figure of its own.
_ARTICLE = re.compile(r"(?<![\d.,])1(?=\s*(?:つ|枚|台|件|回|本|個|人|種|度|行|層|文|トークン|ステップ))")
_FIGURE = re.compile(rf"(?:{_DIGITS})(?:[kKMBT])?")


def find_numbers(text: str) -> set[Number]:
    """The figures in a text, names such as GPT-4 and Llama2-7B left out.

    Each is `(value, kind)`, the kind being "" or "%".
    """
    text = unicodedata.normalize("NFKC", text)
    text = text.replace("\\%", "%").replace("{,}", ",")
    found: set[Number] = set()

    def take(match: re.Match[str], value: Decimal, unit: str = "") -> str:
        found.add((value.normalize(), unit))
        return " " * len(match[0])

    text = _ARTICLE.sub(" ", text)
    text = _POWER.sub(lambda m: take(m, Decimal(10) ** int(m[1])), text)
    text = _NAME.sub(_blank_names, text)
    text = _JAPANESE.sub(lambda m: take(m, _japanese_value(m[0])), text)
    text = _PLAIN.sub(
        lambda m: take(m, _plain_value(m), "%" if m["unit"] in {"%", "percent", "パーセント"} else ""), text
    )
    _WORD.sub(lambda m: take(m, Decimal(_WORDS[m[1].lower()]) * _ENGLISH.get((m[2] or "").lower(), 1)), text)
    return found


def _blank_names(match: re.Match[str]) -> str:
    name = match[0]
    has_digit = any(c.isdigit() for c in name)
    return " " * len(name) if has_digit and not _FIGURE.fullmatch(name) else name


def _japanese_value(text: str) -> Decimal:
    parts = _JAPANESE_PART.findall(text)
    return sum((_decimal(n) * _KANJI.get(unit, 1) for n, unit in parts), Decimal(0))


def _plain_value(match: re.Match[str]) -> Decimal:
    scale = _ENGLISH.get(match["word"] or "", 1) * _SUFFIX.get(match["suffix"] or "", 1)
    return _decimal(match["number"]) * scale


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))


def show(number: Number) -> str:
    """A number for a reader: 12.29%, 1250000000000."""
    value, unit = number
    return f"{value:f}{unit}"
