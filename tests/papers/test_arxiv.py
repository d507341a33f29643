"""arXiv's metadata: batches and their failures, and recorded answers."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from rindoku.errors import RateLimited
from rindoku.identifiers import ArxivId, parse_arxiv_id
from rindoku.papers import find_metadata, valid_ids
from rindoku.sample import Fault, StandIn
from rindoku.sample.faults import Kind
from rindoku.sample.records import LICENCE
from rindoku.sample.responses import HttpResponse
from rindoku.settings import Settings
from tests.conftest import SHARED

IDS = [
    ArxivId("2404.02258"),
    ArxivId("2404.02060"),
    ArxivId("2403.17887"),
    ArxivId("2404.03592"),
    ArxivId("2404.03626"),
]
UNKNOWN = ArxivId("2404.99999")
REFUSED = ArxivId("2404.99998")


def test_malformed_ids_are_left_out_of_a_batch() -> None:
    texts = ["2404.02258v1", "abc", "../x", "2404.02258v1", "hep-th/9901001"]
    assert valid_ids(texts) == [ArxivId("2404.02258", 1), ArxivId("hep-th/9901001")]


def test_a_refused_id_is_found_by_halving_the_batch(
    standin: StandIn, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    respond = standin.respond

    def refuse_one(
        method: str, host: str, target: str, body: bytes, fault: str
    ) -> HttpResponse:
        if "/api/query" in target and REFUSED.base in target:
            return HttpResponse(400, "text/plain", b"")
        return respond(method, host, target, body, fault)

    monkeypatch.setattr(standin, "respond", refuse_one)
    found = find_metadata([*IDS[:2], REFUSED, *IDS[2:]], settings)
    assert set(found.known) == {arxiv_id.base for arxiv_id in IDS}
    assert found.notes[0] == "arXiv rejected the id 2404.99998 (400)."
    assert len(standin.log) <= 2 * 3 + 1


def test_unknown_ids_and_other_versions_are_noted(settings: Settings) -> None:
    found = find_metadata([ArxivId("2404.02258", 7), UNKNOWN], settings)
    assert found.notes == (
        "arXiv returned v1 of 2404.02258 instead of v7.",
        "arXiv has no paper 2404.99999.",
    )
    assert find_metadata([], settings).known == {}


@pytest.mark.parametrize(
    "kind", ["429", "503-html", "200-html", "truncated-json", "200-empty", "dropped"]
)
def test_oai_pmh_is_the_second_route_and_has_the_licence(
    standin: StandIn, settings: Settings, kind: Kind
) -> None:
    standin.faults.order(Fault(kind, "/api/query"))
    found = find_metadata([*IDS[:2], UNKNOWN], settings)
    queried = find_metadata(IDS[:1], settings).known["2404.02258"]
    paper = found.known["2404.02258"]
    assert paper == replace(
        queried,
        licence=LICENCE,
        payload_id=paper.payload_id,
        comment=paper.comment,
        abstract=paper.abstract,
    )
    assert UNKNOWN.base not in found.known
    assert "OAI-PMH was asked instead" in found.notes[0]


def test_the_first_error_counts_when_both_routes_fail(
    standin: StandIn, settings: Settings
) -> None:
    standin.faults.order(Fault("429", "/api/query", seconds=40))
    standin.faults.order(Fault("503-html", "oaipmh", times=5))
    with pytest.raises(RateLimited) as caught:
        find_metadata(IDS, settings)
    assert caught.value.retry_after == 40


RECORDED = sorted((SHARED / "arxiv-atom").glob("id_*.json"))


def queried_ids(url: str) -> list[ArxivId]:
    [id_list] = parse_qs(urlsplit(url).query)["id_list"]
    # Some of the recorded ids are malformed on purpose.
    return [parse_arxiv_id(text) or ArxivId(text) for text in id_list.split(",")]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded answers are not here")
@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem[:40])
def test_recorded_answers_are_read(
    path: Path, standin: StandIn, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = json.loads(path.read_text(encoding="utf-8"))
    status, body = recorded["status_code"], recorded["body"].encode()
    respond = standin.respond

    def answer_recorded(
        method: str, host: str, target: str, sent: bytes, fault: str
    ) -> HttpResponse:
        if "/api/query" in target:
            return HttpResponse(status, "application/atom+xml", body)
        return respond(method, host, target, sent, fault)

    monkeypatch.setattr(standin, "respond", answer_recorded)
    ids = queried_ids(recorded["url"])
    found = find_metadata(ids, settings)
    for arxiv_id in ids:
        paper = found.known.get(arxiv_id.base)
        if paper is None:
            assert any(arxiv_id.base in note for note in found.notes)
            continue
        assert paper.title
        assert paper.authors
        assert paper.published_on is not None
        assert paper.published_on <= datetime.now(UTC).date()
