"""Which paper an entry is, by the titles that arXiv knows."""

from rindoku.models import Candidate, PaperVersion, ScoredId
from rindoku.papers import decide, ids_to_confirm
from rindoku.papers.methods import Method
from tests.builders import make_entry, make_paper

URL = "https://z.example/"
TITLE = "Zebra: Stripes for Transformers"
LLAMA = "Llama 2: Open Foundation and Fine-Tuned Chat Models"


def arxiv_paper(base: str, title: str) -> PaperVersion:
    return make_paper(title, paper_id=f"arxiv:{base}")


def page_candidate(*scores: tuple[str, float], title: str = TITLE) -> Candidate:
    """A page that names arXiv ids with these scores."""
    scored = tuple(ScoredId(arxiv_id, score, "because") for arxiv_id, score in scores)
    chosen = scored[0].arxiv_id if scored and scored[0].score >= 1 else None
    return Candidate(
        entry_id="e",
        method=Method.ARXIV_ON_PAGE if chosen else Method.WEB_PAGE,
        evidence=URL,
        confidence=0.9,
        arxiv_ids=scored,
        chosen=chosen,
        work=make_paper(title, paper_id=f"url:{URL}", kind="web", version=0, url=URL),
    )


def test_arxivs_title_decides_between_candidates() -> None:
    known = {
        "2401.00001": arxiv_paper("2401.00001", "Quite Another Thing"),
        "2401.00002": arxiv_paper("2401.00002", TITLE),
    }
    found = page_candidate(("2401.00001", 1.5), ("2401.00002v2", 0.3))
    resolution, paper = decide(make_entry(1, "x"), found, known)
    assert paper == known["2401.00002"]
    assert resolution.method == "arxiv id on the page"
    assert resolution.candidates == found.arxiv_ids


def test_an_id_with_another_title_leaves_the_page_a_web_work() -> None:
    known = {"2401.00001": arxiv_paper("2401.00001", "Quite Another Thing")}
    found = page_candidate(("2401.00001", 1.5))
    resolution, paper = decide(make_entry(1, "x"), found, known)
    assert paper == found.work
    assert resolution.method == "web page"
    assert "'Quite Another Thing'" in resolution.evidence


def test_an_unknown_id_leaves_the_page_a_web_work() -> None:
    found = page_candidate(("2401.00009", 1.5))
    resolution, paper = decide(make_entry(1, "x"), found, {})
    assert paper == found.work
    assert resolution.evidence.endswith("does not know 2401.00009")


def test_a_likely_id_may_have_a_nickname_as_its_title() -> None:
    known = {"2307.09288": arxiv_paper("2307.09288", LLAMA)}
    found = page_candidate(("2307.09288", 1.0), title="The model page")
    assert decide(make_entry(1, "Llama"), found, known).paper == known["2307.09288"]


def test_an_unlikely_id_needs_the_full_title() -> None:
    """'Llama' is in the title of the model that the page is built on and cites."""
    known = {"2307.09288": arxiv_paper("2307.09288", LLAMA)}
    found = page_candidate(
        ("2307.09288", 0.9), title="Zebra Llama: Stripes for Everybody"
    )
    assert decide(make_entry(1, "Llama"), found, known).paper == found.work


def test_ids_in_lists_of_others_are_not_confirmed() -> None:
    found = page_candidate(("2401.00001", 0.3), ("2401.00002", 0.0))
    assert [scored.arxiv_id for scored in ids_to_confirm(found)] == ["2401.00001"]
