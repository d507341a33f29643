"""Which paper an entry is, by the titles that arXiv knows."""

from rindoku.lists.contract import make_link
from rindoku.models import Candidate, Entry, PaperVersion, ScoredId
from rindoku.papers import (
    decide,
    ids_to_confirm,
)


def entry(*urls: str, title: str = "x") -> Entry:
    return Entry("e", 1, title, "", tuple(map(make_link, urls)))


def version(arxiv_id: str, title: str, **more: object) -> PaperVersion:
    return PaperVersion(
        f"arxiv:{arxiv_id}",
        "arxiv",
        1,
        title,
        ("A",),
        True,
        "An abstract.",
        None,
        None,
        (),
        f"https://arxiv.org/abs/{arxiv_id}",
        None,
        "p",
        **more,
    )


def candidate(
    *ids: tuple[str, float], title: str = "Zebra: Stripes for Transformers"
) -> Candidate:
    work = PaperVersion(
        "url:https://z.example/",
        "web",
        0,
        title,
        (),
        True,
        None,
        None,
        None,
        (),
        "https://z.example/",
        None,
        "p",
    )
    scored = tuple(ScoredId(i, s, "because") for i, s in ids)
    chosen = scored[0].arxiv_id if scored and scored[0].score >= 1 else None
    return Candidate(
        "e",
        "arxiv id on the page" if chosen else "web page",
        "https://z.example/",
        0.9,
        scored,
        chosen,
        work,
    )


def test_arxivs_title_decides_between_candidates() -> None:
    known = {
        "2401.00001": version("2401.00001", "Quite Another Thing"),
        "2401.00002": version("2401.00002", "Zebra: Stripes for Transformers"),
    }
    resolution, paper = decide(
        entry("https://z.example/"),
        candidate(("2401.00001", 1.5), ("2401.00002v2", 0.3)),
        known,
    )
    assert paper is not None
    assert (paper.paper_id, resolution.method) == (
        "arxiv:2401.00002",
        "arxiv id on the page",
    )
    assert [c.arxiv_id for c in resolution.candidates] == ["2401.00001", "2401.00002v2"]


def test_an_id_whose_title_is_another_leaves_the_page_a_web_work() -> None:
    known = {"2401.00001": version("2401.00001", "Quite Another Thing")}
    resolution, paper = decide(
        entry("https://z.example/"), candidate(("2401.00001", 1.5)), known
    )
    assert paper is not None
    assert (paper.paper_id, resolution.method) == ("url:https://z.example/", "web page")
    assert "'Quite Another Thing'" in resolution.evidence
    assert decide(entry("https://z.example/"), candidate(("2401.00009", 1.5)), {})[
        0
    ].evidence.endswith("does not know 2401.00009")


def test_a_model_that_is_only_cited_is_not_taken_for_a_nickname() -> None:
    """'Llama' is in the title of the model the page is built on; the page's own title is not."""
    known = {
        "2307.09288": version(
            "2307.09288", "Llama 2: Open Foundation and Fine-Tuned Chat Models"
        )
    }
    found = candidate(("2307.09288", 0.3), title="Zebra Llama: Stripes for Everybody")
    _, paper = decide(entry("https://z.example/", title="Llama"), found, known)
    assert paper is not None
    assert paper.kind == "web"


def test_ids_in_lists_of_others_are_not_even_asked_for() -> None:
    assert [
        c.arxiv_id
        for c in ids_to_confirm(candidate(("2401.00001", 0.3), ("2401.00002", -0.5)))
    ] == ["2401.00001"]
