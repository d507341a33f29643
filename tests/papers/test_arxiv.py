"""arXiv's metadata: batches, what goes wrong with them, and the recorded answers."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rindoku import errors
from rindoku.identifiers import ArxivId
from rindoku.papers import valid_ids
from rindoku.papers.arxiv import find_metadata
from rindoku.sample.answers import Answer
from rindoku.sample.faults import Fault
from rindoku.sample.records import LICENCE
from rindoku.sample.standin import StandIn
from rindoku.settings import Settings
from tests.conftest import SHARED


def test_malformed_ids_never_reach_the_batch() -> None:
    assert list(
        map(
            str,
            valid_ids(
                ["2404.02258v1", "abc", "../x", "2404.02258v1", "hep-th/9901001"]
            ),
        )
    ) == [
        "2404.02258v1",
        "hep-th/9901001",
    ]


IDS = [
    ArxivId(i)
    for i in ("2404.02258", "2404.02060", "2403.17887", "2404.03592", "2404.03626")
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
