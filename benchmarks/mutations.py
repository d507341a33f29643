"""Wrong answers made from right ones, one function a kind of mistake.

Each takes a case and the material, and yields the answers that it makes of the case.
Kinds in BY_TEXT can be decided by text alone, those in BY_READER by a reader only.
"""

import itertools
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from rindoku.models import Answer, Document, PaperVersion

FIGURE = re.compile(r"(?<![A-Za-z0-9.\-])\d[\d,]*(?:\.\d+)?(?![\d.]*[A-Za-z]{2})")
NAME = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z0-9-]{3,}")
SHORT_NAME = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z0-9-]{2,}")
SCALED = re.compile(
    r"(\d[\d,.]*)\s*(K|M|B|T|billion|million|trillion|thousand)(?![A-Za-z])"
)
WITH_UNIT = re.compile(
    r"\d\s*(?:H100 GPU )?(%|ポイント|hours|週間|tokens|倍|パラメータ|行)"
)
SENTENCE = re.compile(r"[A-Z][^.\n]{60,}\.")
NEGATION = re.compile(r"\b(?:not|no|never|without|cannot) ")
VERB = re.compile(r"\b(is|are|does|can|was|were)\b")
# A lone 1 often renders "a" or "each"; changing it makes no wrong number.
UNTELLING = "1"
NOT_IN_PAPER = "論文に記載なし"
INVENTED_NAMES = ("GPT-44", "PaLM-9", "Zephyr-77B", "ImageNet-Q")
INVENTED_QUOTE = (
    "Our experiments clearly confirm that the proposed approach works better than all "
    "of the earlier ones."
)
KATAKANA = {
    "Eurus": "ユーラス",
    "JetMoE": "ジェットモエ",
    "UltraInteract": "ウルトラインタラクト",
    "Mistral": "ミストラル",
    "Llama": "ラマ",
    "Mixture-of-Depths": "ミクスチャーオブデプス",
    "Discovery": "ディスカバリー",
    "Mamba": "マンバ",
    "EqualInfo": "イコールインフォ",
    "UltraFeedback": "ウルトラフィードバック",
    "UltraChat": "ウルトラチャット",
    "TacRED": "タックレッド",
    "StarCoder": "スターコーダー",
    "RefinedWeb": "リファインドウェブ",
    "Dolma": "ドルマ",
    "Airoboros": "アイロボロス",
    "ReFT": "リフト",
    "LoReFT": "ローリフト",
}
# Wrong renderings of English scales: the digits stay, the size does not.
WRONG_SCALES = {
    "K": "万",
    "thousand": "万",
    "M": "億",
    "million": "億",
    "B": "億",
    "billion": "億",
    "T": "億",
    "trillion": "億",
}
OTHER_UNITS = {
    "%": "ポイント",
    "ポイント": "%",
    "hours": "days",
    "週間": "か月",
    "tokens": "文字",
    "倍": "%",
    "パラメータ": "層",
    "行": "文字",
}
REVERSED_IN_ENGLISH = {
    "more": "less",
    "better": "worse",
    "above": "below",
    "faster": "slower",
    "higher": "lower",
    "larger": "smaller",
    "outperforms": "underperforms",
    "less": "more",
    "below": "above",
    "fewer": "more",
}
REVERSED_IN_JAPANESE = {
    "上回": "下回",
    "高い": "低い",
    "速く": "遅く",
    "多い": "少ない",
    "増え": "減り",
    "大きい": "小さい",
    "下がり": "上がり",
    "減り": "増え",
    "少なく": "多く",
}
NEGATED_ENDINGS = (
    ("ます。", "ません。"),
    ("です。", "ではありません。"),
    ("ません。", "ます。"),
)


@dataclass(frozen=True)
class Case:
    """A right answer with the document it is about."""

    answer: Answer
    document: Document
    paper: PaperVersion

    def answered(self, text: str) -> Answer:
        """The answer in other words."""
        return replace(self.answer, answer=text)

    def with_figure(self, match: re.Match[str], new: str) -> Answer:
        """The answer with something else in the place of a match."""
        text = self.answer.answer
        return self.answered(text[: match.start()] + new + text[match.end() :])

    def quoted(self, quote: str) -> Answer:
        """The answer with another first quote."""
        return replace(self.answer, quotes=(quote, *self.answer.quotes[1:]))

    def figures(self) -> Iterator[re.Match[str]]:
        """The figures of the answer."""
        return FIGURE.finditer(self.answer.answer)


@dataclass(frozen=True)
class Material:
    """All right answers, and the source of chance."""

    cases: list[Case]
    chance: random.Random


Mutate = Callable[[Case, Material], Iterator[Answer]]


def digit(case: Case, material: Material) -> Iterator[Answer]:
    """One digit is another."""
    chance = material.chance
    for match in case.figures():
        digits = match[0]
        if digits == UNTELLING:
            continue
        at = chance.choice([n for n, c in enumerate(digits) if c.isdigit()])
        other = chance.choice([d for d in "23456789" if d != digits[at]])
        yield case.with_figure(match, digits[:at] + other + digits[at + 1 :])


def magnitude(case: Case, _material: Material) -> Iterator[Answer]:
    """A figure is ten times as large."""
    for match in case.figures():
        if match[0] != UNTELLING:
            value = _value(match[0]) * 10
            yield case.with_figure(match, f"{value:,.10g}")


def myriad(case: Case, _material: Material) -> Iterator[Answer]:
    """億 for billion, 万 for K, and the like."""
    for match in SCALED.finditer(case.answer.answer):
        yield case.with_figure(match, match[1] + WRONG_SCALES[match[2]])


def unit(case: Case, _material: Material) -> Iterator[Answer]:
    """A figure has another unit."""
    for match in WITH_UNIT.finditer(case.answer.answer):
        other = OTHER_UNITS[match[1]]
        yield case.with_figure(match, match[0].replace(match[1], other))


def unit_dropped(case: Case, _material: Material) -> Iterator[Answer]:
    """A percentage has lost its sign."""
    for match in re.finditer(r"(\d)%", case.answer.answer):
        yield case.with_figure(match, match[1])


def number_from_elsewhere(case: Case, material: Material) -> Iterator[Answer]:
    """A figure of the paper that is not in the quotes."""
    own = " ".join(case.answer.quotes)
    found = FIGURE.findall(case.document.text)
    others = [n for n in found if n not in own and len(n) > 1]
    match = FIGURE.search(case.answer.answer)
    if match and others and match[0] != UNTELLING:
        yield case.with_figure(match, material.chance.choice(others))


def digit_dropped(case: Case, _material: Material) -> Iterator[Answer]:
    """The last digit of a figure is missing."""
    for match in case.figures():
        shorter = match[0][:-1].rstrip(".,")
        # 1.0 and 1 are the same figure.
        if shorter and _value(shorter) != _value(match[0]):
            yield case.with_figure(match, shorter)


def katakana(case: Case, _material: Material) -> Iterator[Answer]:
    """A name is spelled in katakana."""
    for name, kana in KATAKANA.items():
        pattern = re.compile(rf"(?<![A-Za-z]){re.escape(name)}[\w-]*", re.ASCII)
        if pattern.search(case.answer.answer):
            yield case.answered(pattern.sub(kana, case.answer.answer))


def invented_name(case: Case, material: Material) -> Iterator[Answer]:
    """A name that the paper does not have."""
    for name in dict.fromkeys(NAME.findall(case.answer.answer)):
        invented = material.chance.choice(INVENTED_NAMES)
        yield case.answered(case.answer.answer.replace(name, invented))


def name_from_elsewhere(case: Case, material: Material) -> Iterator[Answer]:
    """A name of the paper that is neither in the quotes nor near them."""
    text, quotes = case.document.text, case.answer.quotes
    places = [text.find(quote[:40]) for quote in quotes]
    near = [text[max(0, at - 900) : at + 1200] for at in places if at >= 0]
    known = " ".join((*near, case.answer.question, case.paper.title, *quotes))
    others = [
        name
        for name in NAME.findall(text)
        if any(c.isupper() or c.isdigit() for c in name[1:]) and name not in known
    ]
    if not others:
        return
    for name in dict.fromkeys(NAME.findall(case.answer.answer)):
        other = material.chance.choice(others)
        yield case.answered(case.answer.answer.replace(name, other))


def invented_quote(case: Case, material: Material) -> Iterator[Answer]:
    """A quote that is not in the paper."""
    words = case.answer.quotes[0].split()
    material.chance.shuffle(words)
    yield case.quoted(" ".join(words))
    yield case.quoted(INVENTED_QUOTE)


def stitched_quote(case: Case, material: Material) -> Iterator[Answer]:
    """Halves of two sentences are one quote."""
    quote = case.answer.quotes[0]
    others = [s for s in SENTENCE.findall(case.document.text) if s not in quote]
    if not others:
        return
    words, other = quote.split(), material.chance.choice(others).split()
    beginning = " ".join(words[: len(words) // 2])
    end = " ".join(other[len(other) // 2 :])
    yield case.quoted(f"{beginning} {end}")
    yield case.quoted(f"{beginning} ... {end}")


def quote_of_another_paper(case: Case, material: Material) -> Iterator[Answer]:
    """The quote is from another paper."""
    others = [
        other
        for other in material.cases
        if other.document is not case.document and other.answer.quotes
    ]
    yield case.quoted(material.chance.choice(others).answer.quotes[0])


def quote_number(case: Case, _material: Material) -> Iterator[Answer]:
    """A figure is changed in the answer and in its quote alike."""
    quote = case.answer.quotes[0]
    match = FIGURE.search(case.answer.answer)
    if match and match[0] != UNTELLING and match[0] in quote:
        other = match[0][:-1] + str((int(match[0][-1]) + 3) % 10)
        quotes = (quote.replace(match[0], other), *case.answer.quotes[1:])
        yield replace(case.with_figure(match, other), quotes=quotes)


def quote_negation(case: Case, _material: Material) -> Iterator[Answer]:
    """A negation in the quote is lost or added."""
    quote = case.answer.quotes[0]
    if re.search(r"\b(?:not|no|never|without|cannot)\b", quote):
        yield case.quoted(NEGATION.sub("", quote, count=1))
    elif VERB.search(quote):
        yield case.quoted(VERB.sub(r"\1 not", quote, count=1))


def quote_comparison(case: Case, _material: Material) -> Iterator[Answer]:
    """A comparison in the quote is reversed."""
    quote = case.answer.quotes[0]
    for word, other in REVERSED_IN_ENGLISH.items():
        pattern = re.compile(rf"\b{word}\b")
        if pattern.search(quote):
            yield case.quoted(pattern.sub(other, quote))


def not_answerable(case: Case, _material: Material) -> Iterator[Answer]:
    """The flag, the quotes or the text say that the paper has no answer."""
    yield replace(case.answer, answerable=False)
    yield replace(case.answer, quotes=())
    yield case.answered(NOT_IN_PAPER)


def repeats_question(case: Case, _material: Material) -> Iterator[Answer]:
    """The answer is the question."""
    yield case.answered(case.answer.question.rstrip("?？か") + "です。")


def other_language(case: Case, _material: Material) -> Iterator[Answer]:
    """The answer is in English, or in part in Chinese."""
    yield case.answered(case.answer.quotes[0])
    yield case.answered(case.answer.answer + "这个模型没有训练数据。")


def negation(case: Case, _material: Material) -> Iterator[Answer]:
    """The answer says the opposite."""
    text = case.answer.answer
    for ending, negated in NEGATED_ENDINGS:
        if text.endswith(ending):
            yield case.answered(text.removesuffix(ending) + negated)
            return


def comparison(case: Case, _material: Material) -> Iterator[Answer]:
    """A comparison in the answer is reversed."""
    text = case.answer.answer
    for word, other in REVERSED_IN_JAPANESE.items():
        if word in text:
            yield case.answered(text.replace(word, other))


def swapped_names(case: Case, _material: Material) -> Iterator[Answer]:
    """Two names of the answer have changed places."""
    text = case.answer.answer
    names = dict.fromkeys(SHORT_NAME.findall(text))
    for first, second in itertools.pairwise(names):
        swapped = text.replace(first, "\0").replace(second, first)
        yield case.answered(swapped.replace("\0", second))


def answer_to_another_question(case: Case, material: Material) -> Iterator[Answer]:
    """The answer of another question about the paper, under this one's quotes."""
    others = [
        other
        for other in material.cases
        if other.document is case.document
        and other is not case
        and other.answer.answerable
    ]
    yield case.answered(material.chance.choice(others).answer.answer)


def _value(figure: str) -> float:
    return float(figure.replace(",", ""))


BY_TEXT: tuple[Mutate, ...] = (
    digit,
    magnitude,
    myriad,
    unit,
    unit_dropped,
    number_from_elsewhere,
    katakana,
    invented_name,
    invented_quote,
    stitched_quote,
    quote_of_another_paper,
    name_from_elsewhere,
    digit_dropped,
    quote_number,
    quote_negation,
    quote_comparison,
    not_answerable,
    repeats_question,
    other_language,
)
BY_READER: tuple[Mutate, ...] = (
    negation,
    comparison,
    swapped_names,
    answer_to_another_question,
)
