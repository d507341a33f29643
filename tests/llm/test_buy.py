"""Single calls: no generation is paid for twice."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from rindoku.errors import OutOfCredit
from rindoku.explain import explain_document
from rindoku.run import Run
from rindoku.sample import Fault, StandIn
from rindoku.sample.faults import Kind
from rindoku.settings import Settings
from tests.queries import count_model_calls, find_document_id, select_rows


def test_explaining_twice_makes_one_call(standin: StandIn, document_id: str) -> None:
    run = Run("r")
    assert explain_document(run, document_id) == explain_document(run, document_id)
    assert count_model_calls(standin) == 1
    [call] = select_rows("FROM model_calls")
    assert (call["status"], call["stop_reason"]) == ("answered", "end_turn")
    assert call["cost_usd"] > 0
    assert call["cache_write_tokens"] > 500


def test_runs_at_the_same_time_make_one_call(
    standin: StandIn, document_id: str
) -> None:
    standin.latency_s = 0.5
    with ThreadPoolExecutor(3) as pool:
        ids = set(
            pool.map(lambda name: explain_document(Run(name), document_id), "abc")
        )
    assert (len(ids), count_model_calls(standin)) == (1, 1)


@pytest.mark.parametrize(
    "kind", ["400-spend-limit", "400-enforced-limit", "400-contract-limit"]
)
@pytest.mark.parametrize("runs", [("unpaid", "unpaid"), ("all/2024-04", "all/2024-05")])
def test_a_run_makes_no_more_calls_once_the_credit_is_used_up(
    standin: StandIn, read_already: Settings, kind: Kind, runs: tuple[str, str]
) -> None:
    standin.faults.order(Fault(kind, "/v1/messages"))
    papers = ("arxiv:2404.02258", "arxiv:2403.17887")
    for run_id, paper in zip(runs, papers, strict=True):
        with pytest.raises(OutOfCredit, match="spend limit"):
            explain_document(Run(run_id), find_document_id(paper))
    assert count_model_calls(standin) == 1, "also by another part of the run"
    explain_document(Run("topped up"), find_document_id("arxiv:2404.02258"))


def test_a_call_waits_for_the_money_that_another_one_leaves(
    standin: StandIn, read_already: Settings
) -> None:
    standin.latency_s = 0.3
    run = Run("tight", max_usd=0.30)
    papers = ("arxiv:2404.02258", "arxiv:2403.17887", "arxiv:2404.03626")
    documents = [find_document_id(paper) for paper in papers]
    with ThreadPoolExecutor(3) as pool:
        ids = list(
            pool.map(lambda document: explain_document(run, document), documents)
        )
    assert (len(set(ids)), count_model_calls(standin)) == (3, 3)
    calls = select_rows("FROM model_calls ORDER BY asked_at")
    assert sum(call["estimated_usd"] for call in calls[:2]) > 0.30
    for call, following in pairwise(calls):
        assert call["answered_at"] <= following["asked_at"], "one after the other"
