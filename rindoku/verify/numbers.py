"""Numbers in English and Japanese text as values, so that 38.4 billion and 384億 are the same."""

import re
import unicodedata
from collections import Counter
from decimal import Decimal

# Plain value kinds; "%" and "point" keep 31 and 31 % apart.
Number = tuple[Decimal, str]

_WORDS: dict[str, Decimal | int] = {
    "zero": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "hundred": 100,
    "half": Decimal("0.5"),
    "twice": 2,
    "double": 2,
    "doubles": 2,
    "doubled": 2,
    "triple": 3,
    "triples": 3,
    "tripled": 3,
    "thrice": 3,
    "dozen": 12,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
# What stands for a figure in a quote, though it is none by itself: the fourth, a single one, a pair, October, phase II.
_SUPPORTING = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "once": 1,
    "single": 1,
    "both": 2,
    "pair": 2,
    "dual": 2,
    "either": 2,
    "neither": 2,
    "two-fold": 2,
    "twofold": 2,
    "triple": 3,
    "quadruple": 4,
    "january": 1,
    "february": 2,
    "march": 3,
    "april": 4,
    "may": 5,
    "june": 6,
    "july": 7,
    "august": 8,
    "september": 9,
    "october": 10,
    "november": 11,
    "december": 12,
    "order of magnitude": 10,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    **dict.fromkeys(
        (
            f"{article} {unit}"
            for article in ("a", "an")
            for unit in ("second", "minute", "hour", "day", "week", "month", "year")
        ),
        1,
    ),
}
_SUPPORTING_WORD = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(sorted(_SUPPORTING, key=len, reverse=True))
    + r")(?!\w)|"
    # The 4th, 2D, top-5, recall@20.
    r"(?<!\w)(?P<before>\d+)(?:th|st|nd|rd|[ -]?D)\b|\b[a-z]+[-@](?P<after>\d+(?:\.\d+)?)",
    re.IGNORECASE,
)
_ENGLISH = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SUFFIX = {"k": 10**3, "K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}
_KANJI = {"千": 10**3, "万": 10**4, "億": 10**8, "兆": 10**12}
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_KANJI_DIGITS = {
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
# 二つ, 三段階: a figure, where it counts; 一 is as good as an article.
_KANJI_COUNT = re.compile(
    r"([二三四五六七八九十])(?=つ|段階|種類|層|個|件|本の|回|点|倍|軸|章|手法|通り|か国|台)"
)
_PARTS = {
    "halves": 2,
    "third": 3,
    "thirds": 3,
    "quarter": 4,
    "quarters": 4,
    "fifth": 5,
    "fifths": 5,
    "tenth": 10,
    "tenths": 10,
}
# A figure begins where no name or figure goes on; Japanese needs no space before it.
_NOT_WITHIN = r"(?<![A-Za-z0-9_.])"
_FRACTION = re.compile(
    rf"{_NOT_WITHIN}(?:(?P<top>one|two|three|four|a|\d+)[\s-]+(?P<part>thirds?|quarters?|fifths?|tenths?)\b|(?P<below>\d[\d,]*)\s*分の\s*(?P<above>\d[\d,]*)|"
    # 33,511 / 1,000 / 1,000 are three figures.
    r"(?<!,)(?P<over>\d+)\s?/\s?(?P<under>\d+)(?!\d|,\d|\s?/))",
    re.IGNORECASE,
)
_SCIENTIFIC = re.compile(
    rf"{_NOT_WITHIN}(\d+(?:\.\d+)?)\s*(?:[eE]\s*(-?\d+)|[x×*]\s*10\s*\^\s*\{{?\s*(-?\d+)\s*\}}?)(?![A-Za-z0-9_])"
)
# 20-30 %, 20〜30%: the unit belongs to both ends.
_RANGE = re.compile(
    _NOT_WITHIN
    + r"(\d+(?:\.\d+)?)(\s*(?:-|\u2013|~|\u301c|\uff5e|to|から)\s*)(\d+(?:\.\d+)?)\s*(%|percent\b|パーセント)"
)
_UNIT_WORDS = {
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
_POWER = re.compile(_NOT_WITHIN + r"10\s*\^\s*\{?\s*(-?\d+)\s*\}?")
_JAPANESE = re.compile(
    rf"(?P<number>(?:(?:{_DIGITS})\s*[千万億兆]\s*)+(?:{_DIGITS})?)(?P<percent>\s*(?:%|パーセント))?"
)
_JAPANESE_PART = re.compile(rf"({_DIGITS})\s*([千万億兆]?)")
_PLAIN = re.compile(
    rf"(?P<number>{_DIGITS})"
    r"(?:\s*(?P<word>thousand|million|billion|trillion)(?![A-Za-z])|(?P<suffix>[kKMBT])(?![A-Za-z]))?"
    r"\s*(?P<unit>%|percent(?!age)(?![A-Za-z])|パーセント|ポイント|percentage points?\b|points?\b)?",
)
_WORD = re.compile(
    r"(?<![A-Za-z0-9_-])("
    + "|".join(_WORDS)
    + r")(?:[\s-]+(thousand|million|billion|trillion))?(?![A-Za-z0-9_-])",
    re.IGNORECASE,
)
# A number glued to letters is a name (GPT-4, Llama2-7B, pass@1, H100), not a figure.
_NAME = re.compile(
    r"(?<![0-9A-Za-z.])[A-Za-z][A-Za-z0-9]*(?:[-@./_][A-Za-z0-9.]+)*|\d+[A-Za-z]{2,}[A-Za-z0-9]*|\d+D(?![A-Za-z])"
)
# In Japanese a lone 1 before a counter often renders "a", "each" or "single": no figure of its own.
_ARTICLE = re.compile(
    r"(?<![\d.,])1(?=\s*(?:つ|枚|台|件|回|本|個|人|種|度|行|層|文|トークン|ステップ))"
)
_UNIT_FORMS = {
    name: re.compile(form, re.IGNORECASE) for name, form in _UNIT_WORDS.items()
}
_WITH_UNIT = re.compile(
    rf"(?:(?P<japanese>(?:(?:{_DIGITS})[千万億兆])+(?:{_DIGITS}))|(?<![A-Za-z0-9.,])(?P<number>{_DIGITS})|\b(?P<spelled>{'|'.join(w for w in _WORDS if w not in {'half', 'twice', 'thrice'} and not w.startswith(('doubl', 'tripl')))})\b)"
    r"\s*(?:(?P<word>thousand|million|billion|trillion)(?![A-Za-z])|(?P<suffix>[kKMBT])(?![A-Za-z])|(?P<kanji>[千万億兆]))?"
    r"[\s-]*(?:の\s*)?(?:[A-Za-z][\w-]*\s+){0,2}?"
    rf"(?P<unit>{'|'.join(_UNIT_WORDS.values())})(?![A-Za-z])",
    re.IGNORECASE,
)
_OWN_COUNT = re.compile(r"(?:の|という|、)([2-9]|1\d)(?:つ|点|種類|項目|要素|段階)")
_FIGURE = re.compile(rf"(?:{_DIGITS})(?:[kKMBT])?")


def find_units(text: str) -> dict[Decimal, set[str]]:
    """The units that figures of a text carry, by value: `30,000 H100 GPU hours` gives 30000 the unit hour.

    Between a figure and its unit up to two other words may stand. Figures without a known unit are left out.
    """
    # 8分の1 is no eight minutes.
    text = _FRACTION.sub(" ", _plain_text(text))
    found: dict[Decimal, set[str]] = {}
    for match in _WITH_UNIT.finditer(text):
        if match["japanese"]:
            value = _japanese_value(match["japanese"])
        else:
            value = (
                _decimal(match["number"])
                if match["number"]
                else Decimal(_WORDS[match["spelled"].lower()])
            )
        scale = (
            _ENGLISH.get(match["word"] or "", 1)
            * _SUFFIX.get(match["suffix"] or "", 1)
            * _KANJI.get(match["kanji"] or "", 1)
        )
        unit = next(
            name for name, form in _UNIT_FORMS.items() if form.fullmatch(match["unit"])
        )
        found.setdefault((value * scale).normalize(), set()).add(unit)
    return found


def find_support(quoted: str) -> set[Number]:
    """The figures that an answer may take from a quote: those in it, parts of its fractions, ordinals, a third of threefold."""
    found = find_numbers(quoted)
    for match in _FRACTION.finditer(_plain_text(quoted)):
        found |= {
            (Decimal(n), "")
            for n in (match["over"], match["under"], match["below"], match["above"])
            if n
        }
    for match in _SUPPORTING_WORD.finditer(quoted):
        found.add(
            (
                Decimal(
                    match["before"] or match["after"] or _SUPPORTING[match[0].lower()]
                ).normalize(),
                "",
            )
        )
    for value, units in find_units(quoted).items():
        # Reduced by 8x is reduced to an eighth.
        if "fold" in units and value > 1:
            found.add(((1 / value).quantize(Decimal("0.000001")).normalize(), ""))
    return found


def find_own_counts(text: str) -> set[Number]:
    """Figures of a Japanese text that count what it lists itself: A、B、Cの3つ."""
    found: set[Number] = set()
    for sentence in re.split(r"[。\n]", _plain_text(text)):
        for match in _OWN_COUNT.finditer(sentence):
            items = [
                i
                for i in sentence[: match.start()].split("、")
                if i.strip() not in {"", "という", "など", "以上"}
            ]
            listed = (
                len(items)
                if len(items) > 1
                else items[0].count("と") + 1
                if items
                else 0
            )
            if int(match[1]) == listed:
                found.add((Decimal(match[1]).normalize(), ""))
    return found


def find_numbers(text: str) -> set[Number]:
    """The figures in a text, names such as GPT-4 and Llama2-7B left out.

    Each is `(value, kind)`, the kind being "" or "%".
    """
    return set(count_numbers(text))


def count_numbers(text: str) -> Counter[Number]:
    """How often each figure stands in a text."""
    text = _plain_text(text)
    found: Counter[Number] = Counter()

    def take(match: re.Match[str], value: Decimal, unit: str = "") -> str:
        found[value.normalize(), unit] += 1
        return " " * len(match[0])

    text = _ARTICLE.sub(" ", text)
    text = _RANGE.sub(r"\1\4\2\3\4", text)
    text = _KANJI_COUNT.sub(lambda m: f" {_KANJI_DIGITS[m[1]]} ", text)
    text = _SCIENTIFIC.sub(
        lambda m: take(m, Decimal(m[1]) * Decimal(10) ** int(m[2] or m[3])), text
    )
    text = _FRACTION.sub(lambda m: take(m, _fraction_value(m)), text)
    text = _POWER.sub(lambda m: take(m, Decimal(10) ** int(m[1])), text)
    text = _NAME.sub(_blank_names, text)
    text = _JAPANESE.sub(
        lambda m: take(m, _japanese_value(m["number"]), "%" if m["percent"] else ""),
        text,
    )
    text = _PLAIN.sub(
        lambda m: take(
            m,
            _plain_value(m),
            "%" if m["unit"] in {"%", "percent", "パーセント"} else "",
        ),
        text,
    )
    _WORD.sub(
        lambda m: take(
            m, Decimal(_WORDS[m[1].lower()]) * _ENGLISH.get((m[2] or "").lower(), 1)
        ),
        text,
    )
    return found


def _plain_text(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\\%", "%").replace("{,}", ",")


def _blank_names(match: re.Match[str]) -> str:
    name = match[0]
    has_digit = any(c.isdigit() for c in name)
    return " " * len(name) if has_digit and not _FIGURE.fullmatch(name) else name


def _japanese_value(text: str) -> Decimal:
    parts = _JAPANESE_PART.findall(text)
    return sum((_decimal(n) * _KANJI.get(unit, 1) for n, unit in parts), Decimal(0))


def _fraction_value(match: re.Match[str]) -> Decimal:
    if match["part"]:
        top = match["top"].lower()
        above, below = (
            1 if top == "a" else int(_WORDS.get(top, 0) or top),
            _PARTS[match["part"].lower()],
        )
    else:
        above, below = (
            int((match[a] or match[b]).replace(",", ""))
            for a, b in (("above", "over"), ("below", "under"))
        )
    # Six places: a third is never exact, and always the same.
    return (
        (Decimal(above) / Decimal(below)).quantize(Decimal("0.000001"))
        if below
        else Decimal(above)
    )


def _plain_value(match: re.Match[str]) -> Decimal:
    scale = _ENGLISH.get(match["word"] or "", 1) * _SUFFIX.get(match["suffix"] or "", 1)
    return _decimal(match["number"]) * scale


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))


def show(number: Number) -> str:
    """A number for a reader: 12.29%, 1250000000000."""
    value, unit = number
    return f"{value:f}{unit}"
