"""Tokens billed for each paper of the sample week, by the stand-in's counts, beside one call for each question.

python benchmarks/tokens.py

`whole` is what can't be done without: document and prompt, once. Billed are all prompt tokens of all calls; `price` weighs them
as they are priced (a write to the cache 1.25, a read of it 0.1), in units of `whole`. The second half of the table is what
the design of one call for each question (TL;DR, summary and ten questions, twelve calls) would send for the same papers.
"""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

from steps import read_week

from rindoku.archive.documents import get_document
from rindoku.archive.papers import get_paper
from rindoku.archive.rows import fetch_rows
from rindoku.explain import documents_to_explain, explain_document, repair_explanation
from rindoku.explain.prompts import explain_prompt
from rindoku.run import Run
from rindoku.sample.content import AS_OF, SAMPLE_WEEK
from rindoku.sample.model_api import tokens
from rindoku.sample.standin import StandIn

CALLS = 12
WRITE, READ = 1.25, 0.1


@dataclass(frozen=True)
class Paper:
    """One paper: its title, the tokens that it takes at least, and those that were billed."""

    title: str
    whole: int
    system_and_paper: int
    task: int
    calls: int
    plain: int
    written: int
    read: int

    @property
    def billed(self) -> int:
        return self.plain + self.written + self.read

    @property
    def priced(self) -> float:
        return self.plain + WRITE * self.written + READ * self.read

    @property
    def one_by_one(self) -> int:
        return CALLS * (self.system_and_paper + self.task // 3)

    @property
    def one_by_one_cached(self) -> float:
        return (
            WRITE + (CALLS - 1) * READ
        ) * self.system_and_paper + CALLS * self.task // 3


def main() -> None:
    papers = list(measure())
    print(
        f"{'paper':<44} {'whole':>6} {'calls':>5} {'billed':>7} {'price':>6} | {'12 calls':>8} {'cached':>7}"
    )
    for p in papers:
        row = (
            p.billed / p.whole,
            p.priced / p.whole,
            p.one_by_one / p.whole,
            p.one_by_one_cached / p.whole,
        )
        print(
            f"{p.title[:44]:<44} {p.whole:>6} {p.calls:>5} {row[0]:>6.2f}x {row[1]:>5.2f}x | {row[2]:>7.1f}x {row[3]:>6.1f}x"
        )
    common = [p for p in papers if p.calls == 1]
    worst = max(p.billed / p.whole for p in common)
    print(
        f"\nwithout a repair ({len(common)} of {len(papers)}): at most {worst:.2f}x billed; the bar is 1.15x"
    )
    total = sum(p.whole for p in papers)
    print(
        f"all papers: {sum(p.billed for p in papers) / total:.2f}x billed, {sum(p.priced for p in papers) / total:.2f}x by price; "
        f"one call for each question {sum(p.one_by_one for p in papers) / total:.1f}x, with a cache {sum(p.one_by_one_cached for p in papers) / total:.1f}x by price"
    )


def measure() -> Iterator[Paper]:
    """Works the sample week and takes the bill of each paper from the archive."""
    with StandIn() as standin, tempfile.TemporaryDirectory() as home:
        os.environ.update(standin.environment() | {"RINDOKU_HOME": home})
        run = Run("tokens")
        work(run)
        with run.archive.write() as con:
            bills = fetch_rows(
                con,
                "SELECT g.document_id, count(*) AS calls, sum(c.input_tokens) AS plain, sum(c.cache_write_tokens) AS written, "
                "sum(c.cache_read_tokens) AS read FROM model_calls AS c JOIN generations AS g USING (generation_id) GROUP BY ALL",
            )
            for bill in bills:
                document = get_document(con, bill.pop("document_id"))
                paper = get_paper(con, document.paper_id, document.version)
                arguments = explain_prompt(
                    document, paper, run.settings, run.settings.model
                ).arguments
                system = arguments["system"][0]["text"]
                block, task = (b["text"] for b in arguments["messages"][0]["content"])
                whole = tokens(document.text) + tokens(system) + tokens(task)
                yield Paper(
                    paper.title,
                    whole,
                    tokens(system) + tokens(block),
                    tokens(task),
                    **{k: int(v) for k, v in bill.items()},
                )


def work(run: Run) -> None:
    sighting, _ = read_week(run, SAMPLE_WEEK, "x", AS_OF)
    for document_id in documents_to_explain(run, sighting):
        repair_explanation(run, explain_document(run, document_id))


if __name__ == "__main__":
    main()
