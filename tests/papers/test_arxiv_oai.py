"""arXiv's OAI-PMH interface."""

import pytest

from rindoku.errors import SourceUnavailable
from rindoku.identifiers import ArxivId
from rindoku.papers.arxiv_oai import fetch_records
from rindoku.sample import StandIn
from rindoku.settings import Settings

NAMESPACE = b"http://www.openarchives.org/OAI/2.0/"


@pytest.mark.parametrize(
    "body",
    [
        b"no xml",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<OAI-PMH xmlns="%s"><error code="badVerb"/></OAI-PMH>' % NAMESPACE,
    ],
)
def test_an_answer_without_a_record_is_transient(
    standin: StandIn, settings: Settings, body: bytes
) -> None:
    standin.put("https://oaipmh.arxiv.org/oai", body, "text/xml")
    with pytest.raises(SourceUnavailable):
        fetch_records([ArxivId("2404.02258")], settings)


def test_the_version_asked_for_is_given(settings: Settings) -> None:
    known = fetch_records(
        [ArxivId("2404.03592", 1), ArxivId("2404.02060")], settings
    ).known
    first = known["2404.03592"]
    assert (first.version, str(first.updated_on)) == (1, "2024-04-04")
    assert known["2404.02060"].version == 2


def test_a_route_that_is_not_found_is_transient(
    standin: StandIn, settings: Settings
) -> None:
    standin.put("https://oaipmh.arxiv.org/oai", "Not found", status=404)
    with pytest.raises(SourceUnavailable, match="OAI-PMH"):
        fetch_records([ArxivId("2404.02258")], settings)
