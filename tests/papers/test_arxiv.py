"""arXiv's metadata: batches, what goes wrong with them, the second route, and the pace."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rindoku import errors
from rindoku.archive.finding import get_document
from rindoku.archive.saving import save_paper
from rindoku.identifiers import ArxivId
from rindoku.models import PaperVersion
from rindoku.papers.arxiv import find_metadata
from rindoku.papers.arxiv_oai import fetch_records
from rindoku.papers.read import read_paper
from rindoku.run import Run
from rindoku.sample.answers import Answer
from rindoku.sample.faults import Fault
from rindoku.sample.records import LICENCE
from rindoku.sample.standin import StandIn
from rindoku.settings import Settings
from rindoku.web.pace import arxiv_turn
from tests.conftest import SHARED

IDS = [
    ArxivId(i)
    for i in ("2404.02258", "2404.02060", "2403.17887", "2404.03592", "2404.03626")
]


def queries(standin: StandIn) -> list[str]:
    return [
        re.sub(r".*id_list=([^&]*).*", r"\\1", a.target)
        for a in standin.log
        if "/api/query" in a.target
    ]


def test_one_bad_id_of_a_batch_is_found_by_halves(
    standin: StandIn, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = standin.answer

    def refuses_one(
        method: str, host: str, target: str, body: bytes, fault: str
    ) -> Answer:
        return (
            Answer(400, "text/plain", b"")
            if "/api/query" in target and "2404.99998" in target
            else answer(method, host, target, body, fault)
        )

    monkeypatch.setattr(standin, "answer", refuses_one)
    found = find_metadata([*IDS[:2], ArxivId("2404.99998"), *IDS[2:]], settings)
    assert set(found.known) == {i.base for i in IDS}
    assert found.notes[0] == "arXiv refuses the id 2404.99998 (400)."
    assert len(standin.log) <= 2 * 3 + 1


def test_what_came_back_is_reconciled_with_what_was_asked_for(
    settings: Settings,
) -> None:
    found = find_metadata([ArxivId("2404.02258", 7), ArxivId("2404.99999")], settings)
    assert found.notes == (
        "arXiv gives v1 of 2404.02258, v7 was asked for.",
        "arXiv does not know 2404.99999.",
    )
    assert find_metadata([], settings).known == {}


@pytest.mark.parametrize(
    "kind", ["429", "503-html", "200-html", "truncated-json", "200-empty", "dropped"]
)
def test_oai_is_the_second_route_and_tells_the_licence(
    standin: StandIn, settings: Settings, kind
) -> None:
    standin.faults.order(Fault(kind, "/api/query"))
    found = find_metadata([*IDS[:2], ArxivId("2404.99999")], settings)
    paper = found.known["2404.02258"]
    direct = find_metadata(IDS[:1], settings).known["2404.02258"]
    assert (paper.title, paper.authors, paper.version, paper.published_on) == (
        direct.title,
        direct.authors,
        direct.version,
        direct.published_on,
    )
    assert (paper.updated_on, paper.licence, paper.categories) == (
        direct.updated_on,
        LICENCE,
        direct.categories,
    )
    assert "2404.99999" not in found.known
    assert "OAI-PMH was asked instead" in found.notes[0]


def test_both_routes_down_is_the_first_ones_error(
    standin: StandIn, settings: Settings
) -> None:
    standin.faults.order(Fault("429", "/api/query", seconds=40))
    standin.faults.order(Fault("503-html", "oaipmh", times=5))
    with pytest.raises(errors.RateLimited) as caught:
        find_metadata(IDS, settings)
    assert caught.value.retry_after == 40


@pytest.mark.parametrize(
    "body",
    [
        b"no xml",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error code="badVerb"/></OAI-PMH>',
    ],
)
def test_an_answer_of_oai_that_is_none_is_worth_another_try(
    standin: StandIn, settings: Settings, body: bytes
) -> None:
    standin.put("https://oaipmh.arxiv.org/oai", body, "text/xml")
    with pytest.raises(errors.SourceUnavailable):
        fetch_records(IDS[:1], settings)


def test_oai_gives_the_version_that_was_asked_for(settings: Settings) -> None:
    known = fetch_records(
        [ArxivId("2404.03592", 1), ArxivId("2404.02060")], settings
    ).known
    assert (known["2404.03592"].version, str(known["2404.03592"].updated_on)) == (
        1,
        "2024-04-04",
    )
    assert known["2404.02060"].version == 2


def test_a_cool_down_closes_one_route_and_survives_a_restart(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    slept: list[float] = []
    monkeypatch.setattr("rindoku.web.pace.time.sleep", slept.append)

    def refused() -> None:
        with arxiv_turn(Settings(), "query"):
            raise errors.RateLimited("429", retry_after=500)

    with pytest.raises(errors.RateLimited):
        refused()
    with (
        pytest.raises(errors.RateLimited, match="cool-down ends in") as caught,
        arxiv_turn(Settings(), "query"),
    ):
        pass
    assert caught.value.retry_after is not None
    assert 400 < caught.value.retry_after <= 500
    with arxiv_turn(Settings(), "oai"):
        pass
    assert 2.5 < slept[-1] <= 3, "the pace is one for all routes"


@pytest.mark.parametrize(
    ("comment", "abstract", "withdrawn"),
    [
        (
            "This paper has been withdrawn by the author due to an error in Theorem 2",
            "x",
            True,
        ),
        ("Withdrawn", "x", True),
        (None, "This paper has been withdrawn by the authors.", True),
        ("12 pages, 3 figures", "We study withdrawn money.", False),
        (None, None, False),
    ],
)
def test_withdrawn_papers_are_told_by_their_comment(
    comment: str | None, abstract: str | None, withdrawn: bool
) -> None:
    paper = PaperVersion(
        "arxiv:1",
        "arxiv",
        2,
        "T",
        (),
        True,
        abstract,
        None,
        None,
        (),
        "u",
        comment,
        "p",
    )
    assert bool(paper.withdrawn) is withdrawn


def test_a_withdrawn_paper_is_read_in_the_version_before(
    standin: StandIn, settings: Settings
) -> None:
    run = Run("test")
    paper = find_metadata([ArxivId("2404.02060")], settings).known["2404.02060"]
    with run.archive.write() as con:
        save_paper(con, replace(paper, comment="Withdrawn: the evaluation was wrong."))
    document_id = read_paper(run, paper.paper_id, paper.version)
    with run.archive.write() as con:
        document = get_document(con, document_id)
        findings = con.execute(
            "SELECT check_name, message FROM findings WHERE subject = ?", [document_id]
        ).fetchall()
    assert paper.version == 2
    assert document.url == "https://arxiv.org/html/2404.02060v1"
    assert document.note.startswith(
        "Withdrawn by its authors: Withdrawn: the evaluation was wrong. Read from v1."
    )
    assert findings == [
        (
            "withdrawn",
            "arxiv:2404.02060 was withdrawn: Withdrawn: the evaluation was wrong.",
        )
    ]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded answers are not here")
@pytest.mark.parametrize(
    "path",
    sorted((SHARED / "arxiv-atom").glob("id_*.json")) if SHARED.is_dir() else [],
    ids=lambda p: p.stem[:40],
)
def test_recorded_answers_are_read(
    path: Path, standin: StandIn, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = json.loads(path.read_text(encoding="utf-8"))
    ids = [
        ArxivId(
            i.partition("v")[0] if "/" not in i else i.removesuffix("v1"),
            1 if i.endswith("v1") else None,
        )
        for i in re.search(r"id_list=([^&]*)", recorded["url"])[1]
        .replace("%2F", "/")
        .replace("%2C", ",")
        .split(",")
    ]
    answer = standin.answer

    def recorded_answer(
        method: str, host: str, target: str, body: bytes, fault: str
    ) -> Answer:
        if "/api/query" in target:
            return Answer(
                recorded["status_code"],
                "application/atom+xml",
                recorded["body"].encode(),
            )
        return answer(method, host, target, body, fault)

    monkeypatch.setattr(standin, "answer", recorded_answer)
    found = find_metadata(ids, settings)
    for arxiv_id in ids:
        paper = found.known.get(arxiv_id.base)
        if paper is None:
            assert any(arxiv_id.base in note for note in found.notes)
        else:
            assert paper.title
            assert paper.authors
            assert paper.published_on is not None
            assert paper.published_on <= datetime.now(UTC).date()
