"""From a link to the paper: each kind of link, each reason, against the stand-in over real sockets."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from rindoku import errors
from rindoku.errors import NoText, RobotsRefused
from rindoku.lists import observe
from rindoku.lists.contract import make_link
from rindoku.models import Candidate, Entry, PaperVersion, ScoredId
from rindoku.papers import (
    decide,
    ids_to_confirm,
    look_up_links,
    look_up_payload,
)
from rindoku.papers import resolve as resolving
from rindoku.papers.records import (
    read_citation_file,
    read_crossref,
    read_openreview,
    read_title_search,
)
from rindoku.run import Run
from rindoku.sample.content import AS_OF, SAMPLE_WEEK, sample_papers
from rindoku.sample.faults import Fault
from rindoku.sample.pages import publisher_page, work_page
from rindoku.sample.standin import StandIn
from rindoku.settings import Settings
from rindoku.web.fetch import make_payload
from rindoku.web.retrieve import retrieve

PAPER = next(p for p in sample_papers() if p.arxiv == "2404.02258")
JETMOE = next(p for p in sample_papers() if p.arxiv == "2404.07413")
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


def test_a_page_that_has_not_changed_is_not_sent_again(
    standin: StandIn, run: Run
) -> None:
    url = "https://etag.example/"
    standin.put(url, page("First"), "text/html", 200, ("ETag", '"v1"'))
    first = retrieve(run, url)
    standin.put(url, "", "text/html", 304)
    assert retrieve(run, url, again=True) == first
    standin.put(url, page("Second"), "text/html", 200, ("ETag", '"v2"'))
    assert b"Second" in retrieve(run, url, again=True).body
    assert b"Second" in retrieve(run, url).body


def test_robots_may_have_wildcards_and_failures_of_robots_are_told_apart(
    standin: StandIn, run: Run
) -> None:
    standin.put(
        "https://wild.example/robots.txt",
        "User-agent: rindoku\nDisallow: /*/draft$\nAllow: /",
        "text/plain",
    )
    standin.put("https://wild.example/a/draft", page("Draft"))
    standin.put("https://wild.example/a/final", page("Final"))
    with pytest.raises(RobotsRefused, match="robots"):
        retrieve(run, "https://wild.example/a/draft")
    assert retrieve(run, "https://wild.example/a/final").status == 200
    standin.put("https://broken.example/robots.txt", "x", "text/plain", 503)
    standin.put("https://broken.example/", page("Broken"))
    with pytest.raises(errors.SourceUnavailable):
        retrieve(run, "https://broken.example/")


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


def test_records_in_every_state_are_read_or_refused() -> None:
    for read, bodies in (
        (
            read_openreview,
            (
                b"",
                b"[]",
                b'{"notes": []}',
                b'{"notes": [{"content": {}}]}',
                b'{"notes": "x"}',
            ),
        ),
        (read_crossref, (b"", b"[]", b'{"message": {}}', b'{"message": "x"}')),
    ):
        for body in bodies:
            with pytest.raises(NoText):
                read(body)
    assert (
        read_title_search(b"no json")
        == read_title_search(b"{}")
        == read_title_search(b'[{"paper": {"id": "x"}}, 3]')
        == []
    )
    assert read_citation_file(b": : :") is None
    assert read_citation_file(b"just text") is None
    old = {"notes": [{"content": {"title": "Old API", "authors": ["Ada Braun"]}}]}
    assert read_openreview(json.dumps(old).encode()).authors == ("Ada Braun",)


def test_a_page_at_hand_opens_nothing(standin: StandIn, settings: Settings) -> None:
    payload = make_payload(
        "file", "https://plain.example/", 200, work_page(PAPER).encode()
    )
    found = look_up_payload(entry("https://plain.example/"), payload, None)
    assert found.work is not None
    assert standin.log == []


def test_a_dead_link_is_not_asked_again_by_a_rerun_and_an_unreachable_one_is(
    standin: StandIn, settings: Settings, tmp_path: Path
) -> None:
    rows = [
        {
            "week": SAMPLE_WEEK,
            "rank": rank,
            "title": f"Paper {rank}",
            "links": [{"label": "Paper", "url": url}],
        }
        for rank, url in enumerate(
            [
                "https://gone.example/a",
                "https://busy.example/b",
                *(
                    f"https://arxiv.org/abs/{p.arxiv}"
                    for p in sample_papers()
                    if p.arxiv
                ),
            ],
            1,
        )
    ]
    path = tmp_path / "list.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    run = Run("test")
    sighting = observe.list_week(
        run,
        SAMPLE_WEEK,
        observe.observe_week(run, SAMPLE_WEEK, str(path), AS_OF),
        AS_OF,
    ).sighting_id
    gone, busy = resolving.entries_to_look_up(run, sighting)
    candidates = [resolving.look_up_entry(run, gone)]
    assert (
        resolving.resolve_entries(
            run, sighting, candidates, AS_OF, {busy: "busy.example did not answer."}
        )
        == 8
    )
    assert resolving.entries_to_look_up(run, sighting) == [busy]
    with run.archive.write() as con:
        states = con.execute(
            "SELECT rank, state, resolved_by FROM link_checks JOIN week_entries USING (entry_id) ORDER BY rank"
        ).fetchall()
    assert states == [
        (1, "dead", "https://gone.example/a answers 404."),
        (2, "unreachable", "busy.example did not answer."),
    ]
