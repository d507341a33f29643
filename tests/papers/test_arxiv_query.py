"""arXiv's query API and its failures."""

import pytest

from rindoku import errors
from rindoku.identifiers import ArxivId
from rindoku.papers.arxiv_query import fetch_versions
from rindoku.sample.faults import Fault
from rindoku.sample.standin import StandIn
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
    known = metadata.known
    [payload] = metadata.payloads
    assert set(known) == {"2404.02258", "2403.17887", "2404.03592"}
    assert (known["2404.03592"].version, str(known["2404.03592"].updated_on)) == (
        2,
        "2024-04-08",
    )
    assert known["2403.17887"].categories == ("cs.CL", "cs.LG", "stat.ML")
    assert payload.body.startswith(b"<?xml")
    assert len(standin.log) == 1


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("429", errors.RateLimited),
        ("503-html", errors.SourceUnavailable),
        ("200-html", errors.SourceUnavailable),
        ("truncated-json", errors.SourceUnavailable),
        ("200-empty", errors.SourceUnavailable),
        ("dropped", errors.SourceUnavailable),
    ],
)
def test_arxivs_failures_are_seen_also_those_that_look_like_success(
    standin: StandIn, settings: Settings, kind, error: type[Exception]
) -> None:
    standin.faults.order(Fault(kind, ARXIV, seconds=9))
    with pytest.raises(error):
        fetch_versions([ArxivId("2404.02258")], settings)
    assert len(standin.log) == 1
