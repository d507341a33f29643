"""arXiv's query API and its failures."""

import pytest

from rindoku.errors import RateLimited, SourceUnavailable
from rindoku.identifiers import ArxivId
from rindoku.papers.arxiv_query import fetch_versions
from rindoku.sample import Fault, StandIn
from rindoku.sample.faults import Kind
from rindoku.settings import Settings

ARXIV = "/api/query"


def test_a_week_of_ids_is_one_request_in_any_order(
    standin: StandIn, settings: Settings
) -> None:
    ids = [
        ArxivId("2404.02258"),
        ArxivId("2403.17887", 1),
        ArxivId("2404.03592"),
        ArxivId("2404.99999"),
    ]
    metadata = fetch_versions(ids, settings)
    [payload] = metadata.payloads
    assert set(metadata.known) == {"2404.02258", "2403.17887", "2404.03592"}
    newest = metadata.known["2404.03592"]
    assert (newest.version, str(newest.updated_on)) == (2, "2024-04-08")
    assert metadata.known["2403.17887"].categories == ("cs.CL", "cs.LG", "stat.ML")
    assert payload.body.startswith(b"<?xml")
    assert len(standin.log) == 1


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("429", RateLimited),
        ("503-html", SourceUnavailable),
        ("200-html", SourceUnavailable),
        ("truncated-json", SourceUnavailable),
        ("200-empty", SourceUnavailable),
        ("dropped", SourceUnavailable),
    ],
)
def test_failures_that_look_like_success_are_errors_too(
    standin: StandIn, settings: Settings, kind: Kind, error: type[Exception]
) -> None:
    standin.faults.order(Fault(kind, ARXIV, seconds=9))
    with pytest.raises(error):
        fetch_versions([ArxivId("2404.02258")], settings)
    assert len(standin.log) == 1
