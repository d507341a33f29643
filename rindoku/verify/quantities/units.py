"""The units of the numbers in a text."""

import re
from collections.abc import Mapping
from decimal import Decimal

from rindoku.verify.quantities.fractions import FRACTION
from rindoku.verify.quantities.value import (
    DIGITS,
    NUMERALS,
    SCALE_KANJI,
    SCALE_SUFFIX,
    SCALE_SUFFIXES,
    SCALE_WORD,
    SCALE_WORDS,
    parse_digits,
    parse_japanese,
    plain_text,
)

# Each unit with the pattern of its English and Japanese forms.
_UNITS: Mapping[str, str] = {
    "hour": r"hours?|hrs?|時間",
    "day": r"days?|日間?",
    "week": r"weeks?|週間?",
    "month": r"months?|[かカヶケ]月",
    "year": r"years?|年間",
    "minute": r"minutes?|mins?|分間?",
    "second": r"seconds?|secs?|秒間?",
    "millisecond": r"ms|milliseconds?|ミリ秒",
    "token": r"tokens?|トークン",
    "character": r"characters?|chars?|文字",
    "word": r"words?|単語|語",
    "line": r"lines?|行",
    "layer": r"layers?|層",
    "parameter": r"parameters?|params?|パラメータ",
    "dollar": r"dollars?|USD|ドル",
    "yen": r"yen|円",
    "fold": r"times|fold|[x×](?![\w])|倍",
    "point": r"(?:percentage )?points?|ポイント",
    "percent": r"%|percent\b|パーセント",
    "bit": r"bits?|ビット",
    "kilobyte": r"KB|kilobytes?",
    "pixel": r"pixels?|px|ピクセル|画素",
    "frame": r"frames?|フレーム(?!ワーク)",
    "meter": r"met(?:er|re)s?|メートル",
    "centimeter": r"cm|centimet(?:er|re)s?|センチメートル|センチ",
    "kilometer": r"km|kilomet(?:er|re)s?|キロメートル",
    "kilogram": r"kg|kilograms?|キログラム",
    "hertz": r"Hz|hertz|ヘルツ",
    "step": r"steps?|ステップ",
    "epoch": r"epochs?|エポック",
    "gigabyte": r"GB|gigabytes?|ギガバイト",
    "megabyte": r"MB|megabytes?",
    "terabyte": r"TB|terabytes?",
    "page": r"pages?|ページ",
    "person": r"people|persons?|participants?|annotators?|人",
    "language": r"languages?|言語",
    "block": r"blocks?|ブロック",
    "head": r"heads?|ヘッド",
    "device": r"(?:GPU|TPU|CPU)s?(?![ -]*(?:hours?|時間))|台|枚|基",
    "dataset": r"datasets?|データセット",
    "class": r"classes|クラス",
    "label": r"labels?|ラベル",
    "expert": r"experts?|エキスパート",
}
_FORMS = {name: re.compile(form, re.IGNORECASE) for name, form in _UNITS.items()}
_WITH_UNIT = re.compile(
    rf"(?:(?<![\d千万億兆])(?P<japanese>(?:(?>{DIGITS})[千万億兆])++(?>{DIGITS})?+)"
    rf"|(?<![A-Za-z0-9.,])(?P<number>(?>{DIGITS}))"
    rf"|\b(?P<numeral>{'|'.join(NUMERALS)})\b)"
    rf"(?:\s*+(?:{SCALE_WORD}|{SCALE_SUFFIX}|(?P<kanji>[千万億兆])))?"
    # Up to two other words, as in 30,000 H100 GPU hours.
    r"[\s-]*+(?:の\s*+)?(?:[A-Za-z][\w-]{0,40}+\s++){0,2}?"
    rf"(?P<unit>{'|'.join(_UNITS.values())})(?![A-Za-z])",
    re.IGNORECASE,
)


def find_units(text: str) -> dict[Decimal, set[str]]:
    """The units of the numbers in a text, by value.

    In `30,000 H100 GPU hours`, 30000 has the unit hour. Numbers without a known unit
    are left out.
    """
    # 8分の1 is not eight minutes.
    text = FRACTION.sub(" ", plain_text(text))
    units: dict[Decimal, set[str]] = {}
    for match in _WITH_UNIT.finditer(text):
        value = _parse_value(match) * _parse_scale(match)
        unit = _parse_unit(match["unit"])
        units.setdefault(value.normalize(), set()).add(unit)
    return units


def _parse_value(match: re.Match[str]) -> Decimal:
    if match["japanese"]:
        return parse_japanese(match["japanese"])
    if match["number"]:
        return parse_digits(match["number"])
    return Decimal(NUMERALS[match["numeral"].lower()])


def _parse_scale(match: re.Match[str]) -> int:
    return (
        SCALE_WORDS.get(match["word"] or "", 1)
        * SCALE_SUFFIXES.get(match["suffix"] or "", 1)
        * SCALE_KANJI.get(match["kanji"] or "", 1)
    )


def _parse_unit(written: str) -> str:
    return next(name for name, form in _FORMS.items() if form.fullmatch(written))
