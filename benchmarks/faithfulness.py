"""How many wrong answers verification catches, by kind, and how many right ones it stops.

python benchmarks/faithfulness.py [--show KIND]

From the sample's right answers it makes wrong ones. Kinds marked * can be decided by text alone; for the others a reader
is needed, and their rate is what text happens to catch.
"""

import argparse
import itertools
import random
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from rindoku.documents.build import read_payload
from rindoku.languages import get_language
from rindoku.models import Answer, Document, Explanation, PaperVersion
from rindoku.sample.content import SamplePaper, sample_papers
from rindoku.sample.pages import latexml, work_page
from rindoku.verify import verify_answers
from rindoku.web.fetch import make_payload

JAPANESE = get_language("ja")
MORE = Path(__file__).with_name("faithfulness_answers.toml")
# The sample's planted mistakes, mended: paper, position, wrong, right; None drops the answer.
MENDED = (
    ("2403.17887", 9, None),
    ("2404.02078", 2, ("ユーラス", "Eurus")),
    ("2404.02258", 8, ("60%", "50%")),
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


@dataclass(frozen=True)
class Case:
    """A right answer with the document it is on."""

    answer: Answer
    document: Document
    paper: PaperVersion


def cases() -> list[Case]:
    more = tomllib.loads(MORE.read_text(encoding="utf-8"))["answer"]
    found = []
    for paper in sample_papers():
        document, version = read(paper)
        rows = list((paper.reply or {})["qa"])
        rows += [r for r in more if r["paper"] in {paper.arxiv, paper.url}]
        for position, row in enumerate(rows, 1):
            mend = next(
                (m[2] for m in MENDED if m[:2] == (paper.arxiv, position)), ("", "")
            )
            if mend is not None:
                text = row["a"].replace(*mend) if mend[0] else row["a"]
                answer = Answer(
                    position, row["q"], text, bool(row["e"]), tuple(row["e"])
                )
                found.append(Case(answer, document, version))
    return found


def read(paper: SamplePaper) -> tuple[Document, PaperVersion]:
    kind = "arxiv" if paper.arxiv else "web"
    version = PaperVersion(
        "x",
        kind,
        1,
        paper.title,
        (),
        True,
        paper.abstract,
        None,
        None,
        (),
        "u",
        None,
        "p",
    )
    body = latexml(paper) if paper.arxiv else work_page(paper)
    return read_payload(make_payload(kind, "u", 200, body.encode()), version), version


Mutate = Callable[[Case, list[Case], random.Random], Iterable[Answer]]
FIGURE = re.compile(r"(?<![A-Za-z0-9.\-])\d[\d,]*(?:\.\d+)?(?![\d.]*[A-Za-z]{2})")


def digit(case: Case, _all: list[Case], chance: random.Random) -> Iterable[Answer]:
    for match in FIGURE.finditer(case.answer.answer):
        digits = match[0]
        if digits == "1":
            continue
        at = chance.choice([n for n, c in enumerate(digits) if c.isdigit()])
        other = chance.choice([d for d in "23456789" if d != digits[at]])
        yield answered(case, match, digits[:at] + other + digits[at + 1 :])


def magnitude(case: Case, _all: list[Case], _chance: random.Random) -> Iterable[Answer]:
    for match in FIGURE.finditer(case.answer.answer):
        if match[0] != "1":
            value = float(match[0].replace(",", "")) * 10
            yield answered(case, match, f"{value:,.10g}")


def myriad(case: Case, _all: list[Case], _chance: random.Random) -> Iterable[Answer]:
    """億 for billion, 万 for K, and the like: the digits stay, the size does not."""
    for match in re.finditer(
        r"(\d[\d,.]*)\s*(K|M|B|T|billion|million|trillion|thousand)(?![A-Za-z])",
        case.answer.answer,
    ):
        kanji = {
            "K": "万",
            "thousand": "万",
            "M": "億",
            "million": "億",
            "B": "億",
            "billion": "億",
            "T": "億",
            "trillion": "億",
        }
        yield answered(case, match, match[1] + kanji[match[2]])


def unit(case: Case, _all: list[Case], _chance: random.Random) -> Iterable[Answer]:
    swaps = {
        "%": "ポイント",
        "ポイント": "%",
        "hours": "days",
        "週間": "か月",
        "tokens": "文字",
        "倍": "%",
        "パラメータ": "層",
        "行": "文字",
        "台": "秒",
    }
    for match in re.finditer(
        r"\d\s*(?:H100 GPU )?(%|ポイント|hours|週間|tokens|倍|パラメータ|行)",
        case.answer.answer,
    ):
        yield answered(case, match, match[0].replace(match[1], swaps[match[1]]))


def katakana(case: Case, _all: list[Case], _chance: random.Random) -> Iterable[Answer]:
    for name, kana in KATAKANA.items():
        if re.search(rf"(?<![A-Za-z]){re.escape(name)}", case.answer.answer):
            yield replace(
                case.answer,
                answer=re.sub(
                    rf"(?<![A-Za-z]){re.escape(name)}[\w-]*",
                    kana,
                    case.answer.answer,
                    flags=re.ASCII,
                ),
            )


def invented_name(
    case: Case, _all: list[Case], chance: random.Random
) -> Iterable[Answer]:
    names = re.findall(r"(?<![A-Za-z])[A-Z][A-Za-z0-9-]{3,}", case.answer.answer)
    for name in dict.fromkeys(names):
        yield replace(
            case.answer,
            answer=case.answer.answer.replace(
                name, chance.choice(["GPT-44", "PaLM-9", "Zephyr-77B", "ImageNet-Q"])
            ),
        )


def invented_quote(
    case: Case, _all: list[Case], chance: random.Random
) -> Iterable[Answer]:
    words = case.answer.quotes[0].split()
    chance.shuffle(words)
    yield quoted(case, " ".join(words))
    yield quoted(
        case,
        "Our experiments clearly confirm that the proposed approach works better than all of the earlier ones.",
    )


def stitched_quote(
    case: Case, _all: list[Case], chance: random.Random
) -> Iterable[Answer]:
    sentences = [
        s
        for s in re.findall(r"[A-Z][^.\n]{60,}\.", case.document.text)
        if s not in case.answer.quotes[0]
    ]
    if sentences:
        first, second = case.answer.quotes[0].split(), chance.choice(sentences).split()
        half = " ".join(first[: len(first) // 2])
        yield quoted(case, f"{half} {' '.join(second[len(second) // 2 :])}")
        yield quoted(case, f"{half} ... {' '.join(second[len(second) // 2 :])}")


def quote_of_another_paper(
    case: Case, everything: list[Case], chance: random.Random
) -> Iterable[Answer]:
    others = [
        c for c in everything if c.document is not case.document and c.answer.quotes
    ]
    yield quoted(case, chance.choice(others).answer.quotes[0])


def name_from_elsewhere(
    case: Case, _all: list[Case], chance: random.Random
) -> Iterable[Answer]:
    """A name of the paper that stands neither in the quotes nor near them."""
    ends = [case.document.text.find(q[:40]) for q in case.answer.quotes]
    near = " ".join(
        case.document.text[max(0, at - 900) : at + 1200] for at in ends if at >= 0
    )
    known = f"{near} {case.answer.question} {case.paper.title} {' '.join(case.answer.quotes)}"
    others = [
        n
        for n in re.findall(r"(?<![A-Za-z])[A-Z][A-Za-z0-9-]{3,}", case.document.text)
        if any(c.isupper() or c.isdigit() for c in n[1:]) and n not in known
    ]
    for name in dict.fromkeys(
        re.findall(r"(?<![A-Za-z])[A-Z][A-Za-z0-9-]{3,}", case.answer.answer)
    ):
        if others:
            yield replace(
                case.answer,
                answer=case.answer.answer.replace(name, chance.choice(others)),
            )


def digit_dropped(
    case: Case, _all: list[Case], _chance: random.Random
) -> Iterable[Answer]:
    for match in FIGURE.finditer(case.answer.answer):
        shorter = match[0][:-1].rstrip(".,")
        # 1.0 and 1 are the same figure.
        if shorter and float(shorter.replace(",", "")) != float(
            match[0].replace(",", "")
        ):
            yield answered(case, match, shorter)


def quote_number(
    case: Case, _all: list[Case], _chance: random.Random
) -> Iterable[Answer]:
    """A figure changed in the answer and in its quote alike."""
    match = FIGURE.search(case.answer.answer)
    if match and match[0] != "1" and match[0] in case.answer.quotes[0]:
        other = match[0][:-1] + str((int(match[0][-1]) + 3) % 10)
        yield replace(
            answered(case, match, other),
            quotes=(
                case.answer.quotes[0].replace(match[0], other),
                *case.answer.quotes[1:],
            ),
        )


def quote_negation(
    case: Case, _all: list[Case], _chance: random.Random
) -> Iterable[Answer]:
    quote = case.answer.quotes[0]
    if re.search(r"\b(?:not|no|never|without|cannot)\b", quote):
        yield quoted(
            case, re.sub(r"\b(?:not|no|never|without|cannot) ", "", quote, count=1)
        )
    elif re.search(r"\b(?:is|are|does|can|was|were)\b", quote):
        yield quoted(
            case, re.sub(r"\b(is|are|does|can|was|were)\b", r"\1 not", quote, count=1)
        )


def quote_comparison(
    case: Case, _all: list[Case], _chance: random.Random
) -> Iterable[Answer]:
    quote = case.answer.quotes[0]
    turned = {
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
    for word, other in turned.items():
        if re.search(rf"\b{word}\b", quote):
            yield quoted(case, re.sub(rf"\b{word}\b", other, quote))


def number_from_elsewhere(
    case: Case, _all: list[Case], chance: random.Random
) -> Iterable[Answer]:
    own = " ".join(case.answer.quotes)
    others = [
        n for n in FIGURE.findall(case.document.text) if n not in own and len(n) > 1
    ]
    match = FIGURE.search(case.answer.answer)
    if match and others and match[0] != "1":
        yield answered(case, match, chance.choice(others))


def unit_dropped(
    case: Case, _all: list[Case], _chance: random.Random
) -> Iterable[Answer]:
    for match in re.finditer(r"(\d)%", case.answer.answer):
        yield answered(case, match, match[1])


def not_answerable(
    case: Case, _all: list[Case], _chance: random.Random
) -> Iterable[Answer]:
    yield replace(case.answer, answerable=False)
    yield replace(case.answer, quotes=())
    yield replace(case.answer, answer="論文に記載なし")


def repeats_question(
    case: Case, _all: list[Case], _chance: random.Random
) -> Iterable[Answer]:
    yield replace(case.answer, answer=case.answer.question.rstrip("?？か") + "です。")


def other_language(
    case: Case, _all: list[Case], _chance: random.Random
) -> Iterable[Answer]:
    yield replace(case.answer, answer=case.answer.quotes[0])
    yield replace(case.answer, answer=case.answer.answer + "这个模型没有训练数据。")


def negation(case: Case, _all: list[Case], _chance: random.Random) -> Iterable[Answer]:
    for old, new in (
        ("ます。", "ません。"),
        ("です。", "ではありません。"),
        ("ません。", "ます。"),
    ):
        if case.answer.answer.endswith(old):
            yield replace(case.answer, answer=case.answer.answer[: -len(old)] + new)
            return


def comparison(
    case: Case, _all: list[Case], _chance: random.Random
) -> Iterable[Answer]:
    turned = {
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
    for word, other in turned.items():
        if word in case.answer.answer:
            yield replace(case.answer, answer=case.answer.answer.replace(word, other))


def swapped_names(
    case: Case, _all: list[Case], _chance: random.Random
) -> Iterable[Answer]:
    names = list(
        dict.fromkeys(
            re.findall(r"(?<![A-Za-z])[A-Z][A-Za-z0-9-]{2,}", case.answer.answer)
        )
    )
    for one, two in itertools.pairwise(names):
        yield replace(
            case.answer,
            answer=case.answer.answer.replace(one, "\0")
            .replace(two, one)
            .replace("\0", two),
        )


def answer_to_another_question(
    case: Case, everything: list[Case], chance: random.Random
) -> Iterable[Answer]:
    """The answer of another question of the same paper under this one's quotes."""
    others = [
        c
        for c in everything
        if c.document is case.document and c is not case and c.answer.answerable
    ]
    yield replace(case.answer, answer=chance.choice(others).answer.answer)


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


def answered(case: Case, match: re.Match[str], new: str) -> Answer:
    text = case.answer.answer
    return replace(
        case.answer, answer=text[: match.start()] + new + text[match.end() :]
    )


def quoted(case: Case, quote: str) -> Answer:
    return replace(case.answer, quotes=(quote, *case.answer.quotes[1:]))


def objections(case: Case, answer: Answer) -> str:
    """Why verification stops an answer; empty when it passes."""
    [verdict] = verify_answers(
        Explanation(None, "", (answer,)), case.document, case.paper, JAPANESE
    )
    return JAPANESE.wording.why(verdict.findings)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--show", help="print the mutations of a kind that were missed; or alarms"
    )
    options = parser.parse_args()
    chance = random.Random(20240401)  # noqa: S311 - the same mutations in every run
    everything = cases()
    alarms = [(c, why) for c in everything if (why := objections(c, c.answer))]
    if options.show == "alarms":
        for case, why in alarms:
            print(f"{case.answer.answer}\n    {case.answer.quotes}\n    {why}")
    totals = {}
    print(f"{'kind':<28} {'caught':>7} {'missed':>7} {'rate':>7}")
    for kinds, mark in ((BY_TEXT, "*"), (BY_READER, "")):
        caught_all = made_all = 0
        for kind in kinds:
            made = [
                (c, m)
                for c in everything
                if c.answer.answerable
                for m in kind(c, everything, chance)
                if m != c.answer
            ]
            missed = [(c, m) for c, m in made if not objections(c, m)]
            if options.show == kind.__name__:
                for case, mutant in missed:
                    print(
                        f"  - {case.answer.answer}\n    {mutant.answer}\n    {mutant.quotes}"
                    )
            caught_all, made_all = (
                caught_all + len(made) - len(missed),
                made_all + len(made),
            )
            print(
                f"{mark + kind.__name__:<28} {len(made) - len(missed):>7} {len(missed):>7} {1 - len(missed) / len(made):>7.1%}"
            )
        totals[mark] = (caught_all, made_all)
    for mark, name in (("*", "decidable by text"), ("", "need a reader")):
        caught, made = totals[mark]
        print(f"{name:<28} {caught:>7} {made - caught:>7} {caught / made:>7.1%}")
    print(
        f"false alarms: {len(alarms)} of {len(everything)} right answers ({len(alarms) / len(everything):.1%})"
    )


if __name__ == "__main__":
    main()
