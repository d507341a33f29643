"""What links lead to: each kind of link, each reason, over real sockets."""

import json
from dataclasses import replace

import pytest

from rindoku import errors
from rindoku.lists.contract import make_link
from rindoku.models import Candidate, Entry, PaperVersion, Payload
from rindoku.papers import (
    decide,
    direct_candidate,
    look_up_links,
    look_up_payload,
)
from rindoku.run import Run
from rindoku.sample.content import PDF_PATH, sample_papers
from rindoku.sample.faults import Fault
from rindoku.sample.pages import (
    project_page,
    publisher_page,
    repository_page,
    work_page,
)
from rindoku.sample.standin import StandIn
from rindoku.settings import Settings
from rindoku.web.fetch import make_payload
from rindoku.web.retrieve import retrieve

BY_NAME = {p.title.split(":")[0]: p for p in sample_papers()}


def test_where_links_end() -> None:
    pages = {
        "https://research.myshell.ai/jetmoe": project_page(BY_NAME["JetMoE"]),
        "https://github.com/princeton-nlp/SWE-agent": repository_page(
            BY_NAME["SWE-agent"]
        ),
        "https://swe-agent.com/": work_page(BY_NAME["SWE-agent"]),
        "https://raw.githubusercontent.com/OpenBMB/Eurus/main/paper.pdf": PDF_PATH.read_bytes(),
    }

    def fetch(url: str, source: str) -> Payload:
        page = pages.get(url, b"[]")
        return make_payload(
            "web", url, 200, page if isinstance(page, bytes) else page.encode()
        )

    def entry(url: str) -> Entry:
        return Entry("e", 1, "x", "", (make_link(url),))

    jetmoe = look_up_links(entry("https://research.myshell.ai/jetmoe"), fetch)
    assert (jetmoe.chosen, jetmoe.method) == ("2404.07413", "arxiv id on the page")
    agent = look_up_links(entry("https://github.com/princeton-nlp/SWE-agent"), fetch)
    assert agent.work is not None
    assert (agent.chosen, agent.work.url, str(agent.work.published_on)) == (
        None,
        "https://swe-agent.com/",
        "2024-04-05",
    )
    assert (agent.work.authors, agent.work.authors_complete) == (
        ("Alexander Wettig", "Carlos E. Jimenez", "John Yang"),
        False,
    )
    eurus = look_up_links(
        entry("https://github.com/OpenBMB/Eurus/blob/main/paper.pdf"), fetch
    )
    assert (eurus.chosen, eurus.method) == ("2404.02078v1", "arxiv stamp on the PDF")
    direct = direct_candidate(entry("https://www.arxiv.org/pdf/2404.02258v1"))
    assert direct is not None
    assert direct.chosen == "2404.02258v1"


PAPER = next(p for p in sample_papers() if p.arxiv == "2404.02258")


PROSE = (
    "<p>"
    + "This page tells at length what the work is about and how it was done. " * 8
    + "</p>"
)


def entry(*urls: str, title: str = "x") -> Entry:
    return Entry("e", 1, title, "", tuple(map(make_link, urls)))


@pytest.fixture
def run(settings: Settings) -> Run:
    return Run("test")


def look(run: Run, *urls: str, title: str = "x") -> Candidate:
    return look_up_links(
        entry(*urls, title=title), lambda url, source: retrieve(run, url, source)
    )


def page(title: str, body: str = "", head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1>{body}{PROSE}</body></html>"


@pytest.mark.parametrize(
    ("url", "state", "reason"),
    [
        ("https://gone.example/paper", "dead", "answers 404"),
        ("https://closed.example/paper", "paywalled", "for subscribers"),
        ("https://shell.example/paper", "script only", "runs its scripts"),
        ("https://private.example/paper", "robots", "robots.txt"),
        ("https://teapot.example/paper", "refused", "answers 418"),
        ("https://picture.example/a.png", "no text", "neither a page nor a PDF"),
        ("https://moved.example/deep/down", "dead", "front page"),
    ],
)
def test_a_link_that_gives_nothing_has_its_reason_and_the_next_one_decides(
    standin: StandIn, run: Run, url: str, state: str, reason: str
) -> None:
    standin.put("https://closed.example/paper", "no", status=403)
    standin.put(
        "https://shell.example/paper",
        '<html><body><div id="root"></div><script src="a.js"></script></body></html>',
    )
    standin.put(
        "https://private.example/robots.txt",
        "User-agent: *\nDisallow: /paper",
        "text/plain",
    )
    standin.put("https://private.example/paper", page("Secret"))
    standin.put("https://teapot.example/paper", "no", status=418)
    standin.put("https://picture.example/a.png", b"\x89PNG\r\n\x1a\n\0\0", "image/png")
    standin.put(
        "https://moved.example/deep/down",
        "",
        "text/html",
        302,
        ("Location", "https://moved.example/"),
    )
    standin.put("https://moved.example/", page("Front page"))
    alone = look(run, url)
    assert (alone.method, [c.state for c in alone.checks]) == ("unresolved", [state])
    assert reason in alone.checks[0].reason
    assert decide(entry(url), alone, {})[1] is None
    both = look(run, url, "https://swe-agent.com/")
    assert [c.state for c in both.checks] == [state, "read"]
    assert both.work is not None
    assert both.work.title == "SWE-agent"


def test_an_unreachable_link_passes_to_be_retried(standin: StandIn, run: Run) -> None:
    standin.put("https://busy.example/", page("Busy"))
    standin.faults.order(Fault("503-html", "busy.example/"))
    with pytest.raises(errors.SourceUnavailable):
        look(run, "https://busy.example/")
    assert look(run, "https://busy.example/").work is not None


def test_a_rerun_fetches_nothing(standin: StandIn, run: Run) -> None:
    look(run, "https://github.com/princeton-nlp/SWE-agent")
    asked = len(standin.log)
    assert {a.target.partition("/")[0] for a in standin.log} == {
        "github.com",
        "swe-agent.com",
    }
    look(run, "https://github.com/princeton-nlp/SWE-agent")
    assert len(standin.log) == asked


def test_openreview_is_asked_by_its_api_and_its_page_when_that_wants_a_person(
    standin: StandIn, run: Run
) -> None:
    notes = {
        "notes": [
            {
                "id": "rAnB7JSMXL",
                "pdate": 1704067200000,
                "content": {
                    "title": {"value": "A Submission About Zebras"},
                    "authors": {"value": ["Ada Braun"]},
                    "abstract": {"value": "Of zebras."},
                },
            }
        ]
    }
    standin.put(
        "https://api2.openreview.net/notes", json.dumps(notes), "application/json"
    )
    found = look(run, "https://openreview.net/forum?id=rAnB7JSMXL")
    assert found.work is not None
    assert (found.method, found.work.paper_id, found.work.authors) == (
        "openreview",
        "openreview:rAnB7JSMXL",
        ("Ada Braun",),
    )
    assert (found.work.abstract, str(found.work.published_on)) == (
        "Of zebras.",
        "2024-01-01",
    )
    standin.put("https://api2.openreview.net/notes", "challenge", status=403)
    standin.put(
        "https://openreview.net/forum",
        page(
            "Another Submission",
            head='<meta name="citation_title" content="Another Submission">',
        ),
    )
    found = look(run, "https://openreview.net/forum?id=bbbbbbbbbb")
    assert found.work is not None
    assert (found.method, found.work.title) == ("web page", "Another Submission")


def test_a_paywalled_doi_keeps_its_public_record(standin: StandIn, run: Run) -> None:
    work = {
        "message": {
            "title": ["Zebras in Science"],
            "author": [{"given": "Ada", "family": "Braun"}],
            "published": {"date-parts": [[2023, 5, 4]]},
            "abstract": "<jats:p>Of zebras.</jats:p>",
        }
    }
    standin.put("https://www.science.org/doi/10.1126/science.adg7492", "no", status=403)
    standin.put(
        "https://api.crossref.org/works/10.1126/science.adg7492",
        json.dumps(work),
        "application/json",
    )
    found = look(run, "https://www.science.org/doi/10.1126/science.adg7492")
    assert found.work is not None
    assert (found.method, found.work.paper_id) == (
        "doi record",
        "doi:10.1126/science.adg7492",
    )
    assert (found.work.title, found.work.authors, found.work.abstract) == (
        "Zebras in Science",
        ("Ada Braun",),
        "Of zebras.",
    )
    assert "subscribers" in found.evidence
    # Without a record it is just paywalled.
    standin.put("https://www.science.org/doi/10.1126/other", "no", status=403)
    assert [
        c.state for c in look(run, "https://www.science.org/doi/10.1126/other").checks
    ] == ["paywalled"]


def test_a_publishers_page_names_its_work_by_doi(standin: StandIn, run: Run) -> None:
    url = "https://www.nature.com/articles/s41587-022-01618-2"
    standin.put(
        url, publisher_page(replace(PAPER, title="Zebras in Nature", published=None))
    )
    found = look(run, url)
    assert found.work is not None
    assert (found.work.paper_id, found.work.title) == (
        "doi:10.1038/s41587-022-01618-2",
        "Zebras in Nature",
    )


@pytest.mark.parametrize(
    "readme",
    [
        f'<a href="https://arxiv.org/abs/{PAPER.arxiv}"><img alt="arXiv" src="https://camo.example/x"></a>',
        f'<img src="https://camo.example/x" data-canonical-src="https://img.shields.io/badge/arXiv-{PAPER.arxiv}-b31b1b.svg">',
        f"<pre>@article{{m, title={{{PAPER.title}}}, journal={{arXiv preprint arXiv:{PAPER.arxiv}}}}}</pre>",
    ],
)
def test_a_repository_by_its_badge_or_bibtex(
    standin: StandIn, run: Run, readme: str
) -> None:
    standin.put(
        "https://github.com/o/r",
        page(PAPER.title, f'<article class="markdown-body">{readme}</article>'),
    )
    found = look(run, "https://github.com/o/r")
    assert found.chosen == PAPER.arxiv


def test_a_readme_in_markdown_is_a_page(standin: StandIn, run: Run) -> None:
    readme = f"""# {PAPER.title}

[![arXiv](https://img.shields.io/badge/arXiv-{PAPER.arxiv}-b31b1b.svg)](https://arxiv.org/abs/{PAPER.arxiv}) [Demo](https://demo.example)

{"It tells at some length what the repository holds. " * 12}

| [Baseline](https://arxiv.org/abs/2307.09288) | 12 |
"""
    url = "https://github.com/o/r/blob/main/README.md"
    standin.put(
        "https://raw.githubusercontent.com/o/r/main/README.md", readme, "text/plain"
    )
    found = look(run, url)
    assert (found.chosen, found.work.title if found.work else "") == (
        PAPER.arxiv,
        PAPER.title,
    )


def test_a_repository_by_its_citation_file(standin: StandIn, run: Run) -> None:
    cff = f"""cff-version: 1.2.0
title: some-software
preferred-citation:
  type: article
  title: "{PAPER.title}"
  authors: [{{given-names: Ada, family-names: Braun}}]
  identifiers: [{{type: other, value: "arXiv:{PAPER.arxiv}"}}]
"""
    standin.put(
        "https://github.com/o/r",
        page("some-software", '<a href="/o/r/blob/main/CITATION.cff">CITATION.cff</a>'),
    )
    standin.put(
        "https://raw.githubusercontent.com/o/r/HEAD/CITATION.cff", cff, "text/plain"
    )
    found = look(run, "https://github.com/o/r")
    assert (found.chosen, found.work.title if found.work else "") == (
        PAPER.arxiv,
        PAPER.title,
    )
    assert "CITATION.cff" in found.evidence


def test_a_model_card_by_its_only_tag(standin: StandIn, run: Run) -> None:
    card = page(
        "zebra-7b",
        f'<a href="/models?other=arxiv%3A{PAPER.arxiv}">arxiv:{PAPER.arxiv}</a>',
    )
    standin.put("https://huggingface.co/zebra/zebra-7b", card)
    assert look(run, "https://huggingface.co/zebra/zebra-7b").chosen == PAPER.arxiv


def test_a_title_is_searched_for_when_the_page_names_no_paper(
    standin: StandIn, run: Run
) -> None:
    standin.put("https://plain.example/", work_page(replace(PAPER, arxiv=None)))
    found = look(run, "https://plain.example/")
    assert found.chosen is None
    assert [(c.arxiv_id, c.why) for c in found.arxiv_ids] == [
        (PAPER.arxiv, "a search for the title finds it")
    ]
    known = {"2404.02258": version(PAPER.arxiv or "", PAPER.title)}
    resolution, paper = decide(entry("https://plain.example/"), found, known)
    assert paper is not None
    assert (paper.paper_id, resolution.method) == ("arxiv:2404.02258", "title search")


def test_a_search_that_does_not_answer_is_done_without(
    standin: StandIn, run: Run
) -> None:
    standin.put("https://plain.example/", work_page(replace(PAPER, arxiv=None)))
    standin.faults.order(Fault("503-html", "/api/papers/search"))
    found = look(run, "https://plain.example/")
    assert (found.arxiv_ids, [c.state for c in found.checks]) == ((), ["read"])


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


def test_a_page_at_hand_opens_nothing(standin: StandIn, settings: Settings) -> None:
    payload = make_payload(
        "file", "https://plain.example/", 200, work_page(PAPER).encode()
    )
    found = look_up_payload(entry("https://plain.example/"), payload, None)
    assert found.work is not None
    assert standin.log == []
