"""How many wrong answers verification catches, and how many right ones it stops.

python benchmarks/faithfulness.py [--show KIND]

Wrong answers are made from the sample's right ones (mutations.py). Kinds marked * can
be decided by text alone; for the others a reader is needed, and their rate is what
text happens to catch.
"""

import argparse
import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutations import BY_READER, BY_TEXT, Case, Material, Mutate

from rindoku.documents import read_payload
from rindoku.languages import get_language
from rindoku.models import Answer, Document, Explanation, PaperVersion
from rindoku.sample import SamplePaper, sample_papers
from rindoku.sample.pages import latexml, work_page
from rindoku.verify import verify_answers
from rindoku.web import make_payload

JAPANESE = get_language("ja")
FURTHER_ANSWERS = Path(__file__).with_name("faithfulness_answers.toml")
# The sample's planted mistakes, by paper and position: what is wrong and what is right.
# None leaves the answer out.
CORRECTIONS: dict[tuple[str, int], tuple[str, str] | None] = {
    ("2403.17887", 9): None,
    ("2404.02078", 2): ("ユーラス", "Eurus"),
    ("2404.02258", 8): ("60%", "50%"),
}
# The same mutations in every run.
SEED = 20240401


@dataclass
class Rate:
    """How many wrong answers were made, and how many of them verification caught."""

    made: int = 0
    caught: int = 0

    def add(self, other: "Rate") -> None:
        self.made += other.made
        self.caught += other.caught

    def __str__(self) -> str:
        missed = self.made - self.caught
        return f"{self.caught:>7} {missed:>7} {self.caught / self.made:>7.1%}"


def read_cases() -> list[Case]:
    """The right answers of the sample, and further ones on the same documents."""
    further = tomllib.loads(FURTHER_ANSWERS.read_text(encoding="utf-8"))["answer"]
    cases = []
    for paper in sample_papers():
        document, version = read(paper)
        rows = list((paper.reply or {})["qa"])
        rows += [row for row in further if row["paper"] in {paper.arxiv, paper.url}]
        cases += [
            Case(answer, document, version)
            for answer in correct_answers(paper.arxiv or "", rows)
        ]
    return cases


def correct_answers(arxiv: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Answer]:
    """The answers of a paper, planted mistakes corrected."""
    for position, row in enumerate(rows, 1):
        correction = CORRECTIONS.get((arxiv, position), ("", ""))
        if correction is None:
            continue
        wrong, right = correction
        text = row["a"].replace(wrong, right) if wrong else row["a"]
        yield Answer(position, row["q"], text, bool(row["e"]), tuple(row["e"]))


def read(paper: SamplePaper) -> tuple[Document, PaperVersion]:
    """A paper's document, as the pipeline reads it."""
    version = PaperVersion(
        paper_id="x",
        kind="arxiv" if paper.arxiv else "web",
        version=1,
        title=paper.title,
        authors=(),
        authors_complete=True,
        abstract=paper.abstract,
        published_on=None,
        updated_on=None,
        categories=(),
        url="u",
        comment=None,
        payload_id="p",
    )
    page = latexml(paper) if paper.arxiv else work_page(paper)
    payload = make_payload(version.kind, "u", 200, page.encode())
    return read_payload(payload, version), version


def find_objections(case: Case, answer: Answer) -> str:
    """Why verification stops an answer; empty when it passes."""
    explanation = Explanation(None, "", (answer,))
    [verdict] = verify_answers(explanation, case.document, case.paper, JAPANESE)
    return JAPANESE.wording.why(verdict.findings)


def measure(kind: Mutate, material: Material, *, show: bool) -> Rate:
    """The rate of a kind of mistake; with `show` the missed ones are printed."""
    rate = Rate()
    for case in material.cases:
        if not case.answer.answerable:
            continue
        for mutant in kind(case, material):
            if mutant == case.answer:
                continue
            rate.made += 1
            if find_objections(case, mutant):
                rate.caught += 1
            elif show:
                print(f"  - {case.answer.answer}")
                print(f"    {mutant.answer}\n    {mutant.quotes}")
    return rate


def print_rates(
    kinds: Sequence[Mutate], mark: str, material: Material, shown: str | None
) -> Rate:
    """Prints a line a kind; their total."""
    total = Rate()
    for kind in kinds:
        name = kind.__name__
        rate = measure(kind, material, show=name == shown)
        print(f"{mark + name:<28} {rate}")
        total.add(rate)
    return total


def print_false_alarms(cases: Sequence[Case], *, show: bool) -> None:
    """Prints how many right answers verification stops; with `show` also which."""
    alarms = 0
    for case in cases:
        objections = find_objections(case, case.answer)
        if objections:
            alarms += 1
            if show:
                print(f"{case.answer.answer}\n    {case.answer.quotes}")
                print(f"    {objections}")
    share = alarms / len(cases)
    print(f"false alarms: {alarms} of {len(cases)} right answers ({share:.1%})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--show", help="print the wrong answers of a kind that were missed; or alarms"
    )
    shown = parser.parse_args().show
    chance = random.Random(SEED)  # noqa: S311 - reproducible, not secret
    material = Material(read_cases(), chance)
    print(f"{'kind':<28} {'caught':>7} {'missed':>7} {'rate':>7}")
    by_text = print_rates(BY_TEXT, "*", material, shown)
    by_reader = print_rates(BY_READER, "", material, shown)
    print(f"{'decidable by text':<28} {by_text}")
    print(f"{'need a reader':<28} {by_reader}")
    print_false_alarms(material.cases, show=shown == "alarms")


if __name__ == "__main__":
    main()
