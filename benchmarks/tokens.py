"""Prompt tokens billed for each paper of the sample week, as the stand-in counts them.

python benchmarks/tokens.py

`minimum` is the document and the prompt, sent once. `billed` counts the prompt tokens
of all calls, `price` weighs them by price (a cache write 1.25, a cache read 0.1); both
are given in units of `minimum`. The right half of the table is the alternative design
with one call for each question (TL;DR, summary and ten questions: twelve calls),
without and with the cache.
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
from rindoku.sample import AS_OF, SAMPLE_WEEK, StandIn
from rindoku.sample.model_api import tokens

CALLS = 12
WRITE, READ = 1.25, 0.1


@dataclass(frozen=True)
class Paper:
    """Prompt tokens of one paper: the minimum, by part, and billed by kind."""

    title: str
    minimum: int
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
        prices = WRITE + (CALLS - 1) * READ
        return prices * self.system_and_paper + CALLS * self.task // 3


def main() -> None:
    papers = list(measure())
    left = f"{'paper':<44} {'minimum':>7} {'calls':>5} {'billed':>7} {'price':>6}"
    print(f"{left} | {'12 calls':>8} {'cached':>7}")
    for paper in papers:
        print(render_row(paper))
    common = [p for p in papers if p.calls == 1]
    worst = max(p.billed / p.minimum for p in common)
    print(
        f"\nwithout a repair ({len(common)} of {len(papers)}): "
        f"at most {worst:.2f}x billed; the bar is 1.15x"
    )
    total = sum(p.minimum for p in papers)
    billed = sum(p.billed for p in papers) / total
    priced = sum(p.priced for p in papers) / total
    one_by_one = sum(p.one_by_one for p in papers) / total
    cached = sum(p.one_by_one_cached for p in papers) / total
    print(
        f"all papers: {billed:.2f}x billed, {priced:.2f}x by price; one call for each "
        f"question {one_by_one:.1f}x, with a cache {cached:.1f}x by price"
    )


def render_row(paper: Paper) -> str:
    billed = paper.billed / paper.minimum
    priced = paper.priced / paper.minimum
    one_by_one = paper.one_by_one / paper.minimum
    cached = paper.one_by_one_cached / paper.minimum
    return (
        f"{paper.title[:44]:<44} {paper.minimum:>7} {paper.calls:>5} "
        f"{billed:>6.2f}x {priced:>5.2f}x | {one_by_one:>7.1f}x {cached:>6.1f}x"
    )


BILLS = """
SELECT
    g.document_id,
    count(*) AS calls,
    sum(c.input_tokens) AS plain,
    sum(c.cache_write_tokens) AS written,
    sum(c.cache_read_tokens) AS read
FROM model_calls AS c
JOIN generations AS g USING (generation_id)
GROUP BY ALL
"""


def measure() -> Iterator[Paper]:
    """Explains the sample week and reads the bill of each paper from the archive."""
    with StandIn() as standin, tempfile.TemporaryDirectory() as home:
        os.environ.update(standin.environment() | {"RINDOKU_HOME": home})
        run = Run("tokens")
        explain_week(run)
        with run.archive.read_latest() as con:
            for bill in fetch_rows(con, BILLS):
                document = get_document(con, bill.pop("document_id"))
                paper = get_paper(con, document.paper_id, document.version)
                arguments = explain_prompt(
                    document, paper, run.settings, run.settings.model
                ).arguments
                system = arguments["system"][0]["text"]
                block, task = (b["text"] for b in arguments["messages"][0]["content"])
                yield Paper(
                    title=paper.title,
                    minimum=tokens(document.text) + tokens(system) + tokens(task),
                    system_and_paper=tokens(system) + tokens(block),
                    task=tokens(task),
                    **{name: int(count) for name, count in bill.items()},
                )


def explain_week(run: Run) -> None:
    sighting, _ = read_week(run, SAMPLE_WEEK, "x", AS_OF)
    for document_id in documents_to_explain(run, sighting):
        repair_explanation(run, explain_document(run, document_id))


if __name__ == "__main__":
    main()
