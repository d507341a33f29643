"""Nothing yet is said only when a source answered; unreachable is a failure."""

from datetime import UTC, datetime

import pytest

from rindoku.errors import NothingPublishedYet, SourceUnavailable
from rindoku.flows import pipeline
from rindoku.lists import list_week, observe_week
from rindoku.run import Run
from rindoku.sample import Fault, StandIn
from rindoku.sample.faults import Kind
from rindoku.settings import Settings
from rindoku.tasks.executor import PlainExecutor

NEW_YEAR = datetime(2025, 1, 5, 12, tzinfo=UTC)
AFTER = datetime(2024, 4, 15, tzinfo=UTC)


def test_a_twin_that_is_gone_is_a_failure(settings: Settings, standin: StandIn) -> None:
    standin.faults.order(Fault("404", "/years/", times=2))
    with pytest.raises(SourceUnavailable, match="twin of dair_ai is gone") as caught:
        observe_week(Run("r"), "2024-W14", "twin", AFTER)
    assert "digests.toml" in caught.value.remedy


def test_a_file_that_is_missing_in_the_first_days_of_a_year_is_nothing_yet(
    settings: Settings, standin: StandIn
) -> None:
    standin.faults.order(Fault("404", "/years/2025", times=1))
    payloads = observe_week(Run("r"), "2025-W01", "twin", NEW_YEAR)
    assert payloads == []
    with pytest.raises(NothingPublishedYet):
        list_week(Run("r"), "2025-W01", payloads, NEW_YEAR)


@pytest.mark.parametrize("kind", ["200-html", "200-binary", "200-empty"])
def test_what_is_no_list_in_markdown_says_nothing_of_what_is_published(
    settings: Settings, standin: StandIn, kind: Kind
) -> None:
    standin.faults.order(Fault(kind, "/years/"))
    with pytest.raises(SourceUnavailable, match="no list in Markdown"):
        observe_week(Run("r"), "2024-W14", "twin", AFTER)


def test_without_a_name_service_the_twin_is_unreachable(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    import socket

    def unknown(*_args: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.delenv("RINDOKU_LOOPBACK_URL")
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(SourceUnavailable, match="twin cannot be reached") as caught:
        observe_week(Run("r"), "2024-W14", "twin", AFTER)
    assert "name service" in caught.value.remedy


def test_when_both_sources_fail_both_reasons_are_given(
    settings: Settings, standin: StandIn
) -> None:
    standin.faults.order(Fault("503-html", "/2/", times=9))
    standin.faults.order(Fault("503-html", "/years/", times=9))
    with pytest.raises(SourceUnavailable, match=r"githubusercontent.*X failed before"):
        pipeline.observe(
            Run("r"), "2024-W14", "auto", AFTER, PlainExecutor(), failures=[]
        )
