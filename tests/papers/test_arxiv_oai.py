"""arXiv's second route."""

import pytest

from rindoku import errors
from rindoku.identifiers import ArxivId
from rindoku.papers.arxiv_oai import fetch_records
from rindoku.sample.standin import StandIn
from rindoku.settings import Settings

IDS = [
    ArxivId(i)
    for i in ("2404.02258", "2404.02060", "2403.17887", "2404.03592", "2404.03626")
]


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
