"""Makes up papers for any list of weeks; the same list always gives the same papers."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from rindoku.identifiers import find_arxiv_id
from rindoku.links import canonical
from rindoku.sample.content import SampleEntry, SamplePaper, SampleWeek

_GIVEN = (
    "Aiko",
    "Bruno",
    "Chen",
    "Dora",
    "Emil",
    "Fatima",
    "Goro",
    "Hana",
    "Ines",
    "Jun",
    "Kofi",
    "Lena",
)
_FAMILY = (
    "Abe",
    "Braun",
    "Costa",
    "Dietz",
    "Endo",
    "Farah",
    "Gupta",
    "Hale",
    "Ito",
    "Jansen",
    "Kato",
    "Lind",
)
_FIELDS = (
    "language modelling",
    "visual recognition",
    "planning",
    "speech",
    "retrieval",
    "program synthesis",
)


@dataclass(frozen=True)
class _Chooser:
    """Choices that depend only on the seed."""

    seed: int

    def choose(self, options: Sequence[str], salt: int) -> str:
        """One of the options."""
        return options[(self.seed >> salt) % len(options)]

    def number(self, least: int, count: int) -> int:
        """One of `count` numbers from `least` on."""
        return least + self.seed % count


def made_up_papers(weeks: Iterable[SampleWeek]) -> list[SamplePaper]:
    """A paper for the first link of each entry; entries may share a paper."""
    papers: dict[str, SamplePaper] = {}
    for week in weeks:
        for entry in week.entries:
            url = _find_paper_url(entry)
            if url is None:
                continue
            arxiv_id = find_arxiv_id(url)
            base = arxiv_id.base if arxiv_id else None
            address = canonical(url)
            key = base or address
            if key not in papers:
                papers[key] = _make_up(entry, base, address, week.starts_on)
    return list(papers.values())


def _find_paper_url(entry: SampleEntry) -> str | None:
    for label, url in entry.links:
        if label.lower() != "tweet":
            return url
    return None


def _make_up(entry: SampleEntry, arxiv: str | None, url: str, day: date) -> SamplePaper:
    digest = hashlib.blake2b((arxiv or url).encode(), digest_size=8).digest()
    chooser = _Chooser(int.from_bytes(digest, "big"))
    field, gain = chooser.choose(_FIELDS, 3), chooser.number(3, 37)
    name = entry.title.split(":")[0]
    published = _arxiv_day(arxiv) if arxiv else day
    return SamplePaper(
        title=entry.title,
        authors=tuple(
            f"{chooser.choose(_GIVEN, salt)} {chooser.choose(_FAMILY, salt + 5)}"
            for salt in (7, 19, 31)
        ),
        et_al=False,
        abstract=(
            f"We study {field} and present {name}, "
            f"which outperforms the best baseline by {gain}% on average."
        ),
        sections=_sections(chooser, field, name, gain),
        arxiv=arxiv,
        versions=(datetime.combine(published, time(12), UTC),) if arxiv else (),
        categories=("cs.CL", "cs.LG") if arxiv else (),
        url=None if arxiv else url,
        published=published,
    )


def _sections(
    chooser: _Chooser, field: str, name: str, gain: int
) -> tuple[tuple[str, str], ...]:
    stages, size = chooser.number(2, 5), chooser.number(1, 69)
    benchmarks, thousands = chooser.number(3, 9), chooser.number(100, 900)
    introduction = (
        f"Progress in {field} has been quick, yet the cost of the usual methods "
        f"remains a problem. We present {name}, a method that reaches the same "
        "quality at a lower cost."
    )
    method = (
        f"The approach consists of {stages} stages that are trained one after the "
        f"other. Every stage is based on a transformer with {size}B parameters, "
        "and the last one corrects the output of the others."
    )
    experiments = (
        f"We evaluate on {benchmarks} benchmarks of {field} and compare with the "
        "strongest published baselines. The method outperforms the best baseline "
        f"by {gain}% on average and needs half of its training steps."
    )
    data = (
        f"The models were trained on {thousands} thousand examples that are open "
        "to everybody. No private data was used in any stage of the training."
    )
    conclusion = (
        "A limitation of the study is that only English data was used. Code and "
        f"models are released for others who work on {field}."
    )
    return (
        ("1 Introduction", introduction),
        ("2 Method", method),
        ("3 Experiments", experiments),
        ("4 Data", data),
        ("5 Conclusion", conclusion),
    )


def _arxiv_day(base: str) -> date:
    """A day in the month of an id of the new form; higher numbers give later days."""
    match = re.fullmatch(r"(\d\d)(\d\d)\.(\d+)", base)
    if match is None:
        return date(2000, 1, 1)
    first = date(2000 + int(match[1]), int(match[2]), 1)
    return first + timedelta(days=min(27, int(match[3]) // 700))
