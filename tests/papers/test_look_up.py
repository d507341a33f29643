"""What links lead to: each kind of link and each reason, over real sockets."""

import json
from dataclasses import replace

import pytest

from rindoku.errors import SourceUnavailable
from rindoku.models import Candidate
from rindoku.papers import decide, direct_candidate, look_up_links, look_up_payload
from rindoku.run import Run
from rindoku.sample import Fault, StandIn
from rindoku.sample.content import PDF_PATH
from rindoku.sample.pages import (
    project_page,
    publisher_page,
    repository_page,
    work_page,
)
from rindoku.settings import Settings
from rindoku.web import make_payload
from rindoku.web.retrieve import retrieve
from tests.builders import make_entry, make_paper
from tests.samples import SAMPLES

PAPER = SAMPLES["Mixture-of-Depths"]
ARXIV_ID = "2404.02258"
PROSE = "This page says at length what the work is about and how it was done. " * 8
SHELL = '<html><body><div id="root"></div><script src="a.js"></script></body></html>'
PNG = b"\x89PNG\r\n\x1a\n\0\0"


def look_up(run: Run, *urls: str) -> Candidate:
    return look_up_links(
        make_entry(1, "x", *urls), lambda url, source: retrieve(run, url, source)
    )


def title_of(found: Candidate) -> str:
    return found.work.title if found.work else ""


def page(title: str, body: str = "", head: str = "") -> str:
    head = f"<head><title>{title}</title>{head}</head>"
    return f"<html>{head}<body><h1>{title}</h1>{body}<p>{PROSE}</p></body></html>"


def test_a_link_to_arxiv_needs_no_look_up() -> None:
    found = direct_candidate(
        make_entry(1, "x", "https://www.arxiv.org/pdf/2404.02258v1")
    )
    assert found is not None
    assert (found.chosen, found.method) == ("2404.02258v1", "arxiv link")
    assert direct_candidate(make_entry(1, "x", "https://swe-agent.com/")) is None


def test_a_project_page_links_its_paper(standin: StandIn, run: Run) -> None:
    url = "https://research.myshell.ai/jetmoe"
    standin.put(url, project_page(SAMPLES["JetMoE"]))
    found = look_up(run, url)
    assert (found.chosen, found.method) == ("2404.07413", "arxiv id on the page")


def test_a_project_page_that_cannot_be_read_is_among_the_checks(
    standin: StandIn, run: Run
) -> None:
    url = "https://github.com/princeton-nlp/SWE-agent"
    standin.put(url, repository_page(SAMPLES["SWE-agent"]))
    standin.put("https://swe-agent.com/", "", status=403)
    found = look_up(run, url)
    assert [(c.url, c.state) for c in found.checks] == [
        (url, "read"),
        ("https://swe-agent.com/", "paywalled"),
    ]


def test_a_repository_links_its_project_page(standin: StandIn, run: Run) -> None:
    url = "https://github.com/princeton-nlp/SWE-agent"
    standin.put(url, repository_page(SAMPLES["SWE-agent"]))
    standin.put("https://swe-agent.com/", work_page(SAMPLES["SWE-agent"]))
    found = look_up(run, url)
    assert (found.chosen, found.method) == (None, "project page")
    assert found.work is not None
    assert found.work.url == "https://swe-agent.com/"
    assert str(found.work.published_on) == "2024-04-05"
    assert found.work.authors == ("Alexander Wettig", "Carlos E. Jimenez", "John Yang")
    assert not found.work.authors_complete


def test_a_project_page_that_cannot_be_read_leaves_the_repository(
    standin: StandIn, run: Run
) -> None:
    url = "https://github.com/princeton-nlp/SWE-agent"
    standin.put(url, repository_page(SAMPLES["SWE-agent"]))
    standin.put("https://swe-agent.com/", "<html>" + "<div>" * 100_000)
    found = look_up(run, url)
    assert found.work is not None
    assert found.work.url == url


def test_a_pdf_has_the_stamp_of_arxiv(standin: StandIn, run: Run) -> None:
    raw = "https://raw.githubusercontent.com/OpenBMB/Eurus/main/paper.pdf"
    standin.put(raw, PDF_PATH.read_bytes(), "application/pdf")
    found = look_up(run, "https://github.com/OpenBMB/Eurus/blob/main/paper.pdf")
    assert (found.chosen, found.method) == ("2404.02078v1", "arxiv stamp on the PDF")


@pytest.mark.parametrize(
    ("url", "state", "reason"),
    [
        ("https://gone.example/paper", "dead", "returned 404"),
        ("https://closed.example/paper", "paywalled", "for subscribers"),
        ("https://shell.example/paper", "script only", "runs its scripts"),
        ("https://private.example/paper", "robots", "robots.txt"),
        ("https://teapot.example/paper", "refused", "returned 418"),
        ("https://picture.example/a.png", "no text", "neither a page nor a PDF"),
        ("https://moved.example/deep/down", "dead", "front page"),
    ],
)
def test_a_link_that_cannot_be_read_has_its_reason_and_the_next_one_decides(
    standin: StandIn, run: Run, url: str, state: str, reason: str
) -> None:
    robots = "User-agent: *\nDisallow: /paper"
    moved_to = ("Location", "https://moved.example/")
    standin.put("https://closed.example/paper", "no", status=403)
    standin.put("https://shell.example/paper", SHELL)
    standin.put("https://private.example/robots.txt", robots, "text/plain")
    standin.put("https://private.example/paper", page("Secret"))
    standin.put("https://teapot.example/paper", "no", status=418)
    standin.put("https://picture.example/a.png", PNG, "image/png")
    standin.put("https://moved.example/deep/down", "", "text/html", 302, moved_to)
    standin.put("https://moved.example/", page("Front page"))
    alone = look_up(run, url)
    assert (alone.method, [c.state for c in alone.checks]) == ("unresolved", [state])
    assert reason in alone.checks[0].reason
    assert decide(make_entry(1, "x", url), alone, {}).paper is None
    both = look_up(run, url, "https://swe-agent.com/")
    assert [check.state for check in both.checks] == [state, "read"]
    assert title_of(both) == "SWE-agent"


def test_an_unreachable_link_is_an_error_to_retry(standin: StandIn, run: Run) -> None:
    standin.put("https://busy.example/", page("Busy"))
    standin.faults.order(Fault("503-html", "busy.example/"))
    with pytest.raises(SourceUnavailable):
        look_up(run, "https://busy.example/")
    assert title_of(look_up(run, "https://busy.example/")) == "Busy"


def test_a_rerun_fetches_nothing(standin: StandIn, run: Run) -> None:
    look_up(run, "https://github.com/princeton-nlp/SWE-agent")
    requests = len(standin.log)
    hosts = {request.target.partition("/")[0] for request in standin.log}
    assert hosts == {"github.com", "swe-agent.com"}
    look_up(run, "https://github.com/princeton-nlp/SWE-agent")
    assert len(standin.log) == requests


def test_openreview_is_asked_by_its_api(standin: StandIn, run: Run) -> None:
    content = {
        "title": {"value": "A Submission About Zebras"},
        "authors": {"value": ["Ada Braun"]},
        "abstract": {"value": "Of zebras."},
    }
    note = {"id": "rAnB7JSMXL", "pdate": 1704067200000, "content": content}
    api = "https://api2.openreview.net/notes"
    standin.put(api, json.dumps({"notes": [note]}), "application/json")
    found = look_up(run, "https://openreview.net/forum?id=rAnB7JSMXL")
    assert found.method == "openreview"
    assert found.work is not None
    assert found.work.paper_id == "openreview:rAnB7JSMXL"
    assert found.work.authors == ("Ada Braun",)
    assert found.work.abstract == "Of zebras."
    assert str(found.work.published_on) == "2024-01-01"


def test_openreviews_page_is_read_when_its_api_refuses(
    standin: StandIn, run: Run
) -> None:
    head = '<meta name="citation_title" content="Another Submission">'
    standin.put("https://api2.openreview.net/notes", "challenge", status=403)
    standin.put("https://openreview.net/forum", page("Another Submission", head=head))
    found = look_up(run, "https://openreview.net/forum?id=bbbbbbbbbb")
    assert (found.method, title_of(found)) == ("web page", "Another Submission")


def test_a_paywalled_doi_has_a_public_record(standin: StandIn, run: Run) -> None:
    work = {
        "title": ["Zebras in Science"],
        "author": [{"given": "Ada", "family": "Braun"}],
        "published": {"date-parts": [[2023, 5, 4]]},
        "abstract": "<jats:p>Of zebras.</jats:p>",
    }
    url = "https://www.science.org/doi/10.1126/science.adg7492"
    api = "https://api.crossref.org/works/10.1126/science.adg7492"
    standin.put(url, "no", status=403)
    standin.put(api, json.dumps({"message": work}), "application/json")
    found = look_up(run, url)
    assert found.method == "doi record"
    assert "subscribers" in found.evidence
    assert found.work is not None
    assert (found.work.paper_id, found.work.url) == ("doi:10.1126/science.adg7492", url)
    assert found.work.title == "Zebras in Science"
    assert found.work.authors == ("Ada Braun",)
    assert found.work.abstract == "Of zebras."


def test_a_paywalled_doi_without_a_record_is_paywalled(
    standin: StandIn, run: Run
) -> None:
    url = "https://www.science.org/doi/10.1126/other"
    standin.put(url, "no", status=403)
    assert [check.state for check in look_up(run, url).checks] == ["paywalled"]


def test_a_publishers_page_names_its_work_by_doi(standin: StandIn, run: Run) -> None:
    url = "https://www.nature.com/articles/s41587-022-01618-2"
    sample = replace(PAPER, title="Zebras in Nature", published=None)
    standin.put(url, publisher_page(sample))
    found = look_up(run, url)
    assert found.work is not None
    assert found.work.paper_id == "doi:10.1038/s41587-022-01618-2"
    assert found.work.title == "Zebras in Nature"


@pytest.mark.parametrize(
    "readme",
    [
        (
            f'<a href="https://arxiv.org/abs/{ARXIV_ID}">'
            '<img alt="arXiv" src="https://camo.example/x"></a>'
        ),
        (
            '<img src="https://camo.example/x" data-canonical-src='
            f'"https://img.shields.io/badge/arXiv-{ARXIV_ID}-b31b1b.svg">'
        ),
        (
            f"<pre>@article{{m, title={{{PAPER.title}}}, "
            f"journal={{arXiv preprint arXiv:{ARXIV_ID}}}}}</pre>"
        ),
    ],
)
def test_a_repository_names_its_paper_by_badge_or_bibtex(
    standin: StandIn, run: Run, readme: str
) -> None:
    article = f'<article class="markdown-body">{readme}</article>'
    standin.put("https://github.com/o/r", page(PAPER.title, article))
    assert look_up(run, "https://github.com/o/r").chosen == ARXIV_ID


def test_a_readme_in_markdown_is_read_as_a_page(standin: StandIn, run: Run) -> None:
    badge = f"![arXiv](https://img.shields.io/badge/arXiv-{ARXIV_ID}-b31b1b.svg)"
    readme = f"""# {PAPER.title}

[{badge}](https://arxiv.org/abs/{ARXIV_ID}) [Demo](https://demo.example)

{PROSE}

| [Baseline](https://arxiv.org/abs/2307.09288) | 12 |
"""
    raw = "https://raw.githubusercontent.com/o/r/main/README.md"
    standin.put(raw, readme, "text/plain")
    found = look_up(run, "https://github.com/o/r/blob/main/README.md")
    assert (found.chosen, title_of(found)) == (ARXIV_ID, PAPER.title)


def test_a_repository_names_its_paper_in_its_citation_file(
    standin: StandIn, run: Run
) -> None:
    citation = f"""cff-version: 1.2.0
title: some-software
preferred-citation:
  type: article
  title: "{PAPER.title}"
  authors: [{{given-names: Ada, family-names: Braun}}]
  identifiers: [{{type: other, value: "arXiv:{ARXIV_ID}"}}]
"""
    link = '<a href="/o/r/blob/main/CITATION.cff">CITATION.cff</a>'
    raw = "https://raw.githubusercontent.com/o/r/HEAD/CITATION.cff"
    standin.put("https://github.com/o/r", page("some-software", link))
    standin.put(raw, citation, "text/plain")
    found = look_up(run, "https://github.com/o/r")
    assert (found.chosen, title_of(found)) == (ARXIV_ID, PAPER.title)
    assert "CITATION.cff" in found.evidence


def test_a_model_card_names_its_paper_in_a_tag(standin: StandIn, run: Run) -> None:
    tag = f'<a href="/models?other=arxiv%3A{ARXIV_ID}">arxiv:{ARXIV_ID}</a>'
    url = "https://huggingface.co/zebra/zebra-7b"
    standin.put(url, page("zebra-7b", tag))
    assert look_up(run, url).chosen == ARXIV_ID


def test_a_title_is_searched_when_the_page_names_no_paper(
    standin: StandIn, run: Run
) -> None:
    url = "https://plain.example/"
    standin.put(url, work_page(replace(PAPER, arxiv=None)))
    found = look_up(run, url)
    assert found.chosen is None
    [searched] = found.arxiv_ids
    assert (searched.arxiv_id, searched.found_by) == (ARXIV_ID, "search")
    known = {ARXIV_ID: make_paper(PAPER.title, paper_id=f"arxiv:{ARXIV_ID}")}
    resolution, paper = decide(make_entry(1, "x", url), found, known)
    assert resolution.method == "title search"
    assert paper == known[ARXIV_ID]


def test_a_search_that_fails_is_left_out(standin: StandIn, run: Run) -> None:
    standin.put("https://plain.example/", work_page(replace(PAPER, arxiv=None)))
    standin.faults.order(Fault("503-html", "/api/papers/search"))
    found = look_up(run, "https://plain.example/")
    assert found.arxiv_ids == ()
    assert [check.state for check in found.checks] == ["read"]


def test_a_payload_opens_no_other_page(standin: StandIn, settings: Settings) -> None:
    url = "https://plain.example/"
    payload = make_payload("file", url, 200, work_page(PAPER).encode())
    assert look_up_payload(make_entry(1, "x", url), payload, None).work is not None
    assert standin.log == []
