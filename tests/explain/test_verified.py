"""Repairs, and what is withheld when they fail."""

import pytest

from rindoku.explain import explain_document, repair_explanation, save_explanation
from rindoku.publish import publish_week
from rindoku.run import Run
from rindoku.sample import SAMPLE_WEEK, StandIn
from tests.edits import Json, is_repair, rewrite
from tests.queries import count_model_calls, sample_article, select_rows
from tests.steps import explain_and_save


def test_a_repair_fixes_what_it_can_and_reads_the_cache(
    standin: StandIn, document_id: str
) -> None:
    run = Run("r")
    generation_id = explain_document(run, document_id)
    for _ in range(2):
        assert repair_explanation(run, generation_id) is not None
    save_explanation(run, generation_id)
    assert count_model_calls(standin) == 2
    [repair] = select_rows("FROM model_calls WHERE kind = 'repair'")
    assert repair["cache_read_tokens"] > 500
    assert repair["cache_write_tokens"] == 0
    [question] = select_rows("FROM questions WHERE repaired")
    assert (question["position"], question["status"]) == (8, "verified")
    assert "50%" in question["answer"]


def test_a_tldr_with_a_wrong_number_is_repaired(
    standin: StandIn, document_id: str
) -> None:
    standin.model.edit_reply = rewrite(
        tldr="99.9%のトークンを飛ばす手法",
        repaired={"tldr": "87.5%のトークンを飛ばす手法"},
    )
    run = Run("r")
    generation_id = explain_document(run, document_id)
    repair_explanation(run, generation_id)
    save_explanation(run, generation_id)
    assert count_model_calls(standin) == 2
    [summary] = select_rows("SELECT tldr, tldr_reason FROM summaries")
    assert summary == {"tldr": "87.5%のトークンを飛ばす手法", "tldr_reason": None}


def test_a_text_that_cannot_be_repaired_is_withheld_with_its_reason(
    standin: StandIn, document_id: str
) -> None:
    standin.model.edit_reply = rewrite(
        tldr="ミクスチャーオブデプスは速い",
        summary="精度は99.9%です。GPT-44を使います。",
    )
    run = Run("r")
    generation_id = explain_document(run, document_id)
    repair_explanation(run, generation_id)
    save_explanation(run, generation_id)
    publish_week(run, SAMPLE_WEEK)
    [shown] = select_rows(
        "SELECT tldr, summary, tldr_reason, summary_reason FROM week_entries "
        "WHERE rank = 3",
    )
    assert (shown["tldr"], shown["summary"]) == (None, None)
    assert "Mixture-of-Depths" in shown["tldr_reason"]
    assert "99.9%" in shown["summary_reason"]
    forms: list[str] = ["md", "html"]
    for form in forms:
        article = sample_article(run.archive, form)
        assert "ミクスチャーオブデプスは速い" not in article
        assert "GPT-44を使います" not in article
        assert article.count("検証できず") >= 3


@pytest.mark.parametrize(
    "slip",
    [
        "another question",
        "the same position twice",
        "a position that was not asked for",
    ],
)
def test_a_repair_of_something_else_is_not_used(
    standin: StandIn, document_id: str, slip: str
) -> None:
    def edit(reply: Json, request: Json) -> Json:
        if not is_repair(request):
            return reply
        [repaired] = reply["questions"]
        if slip == "another question":
            other = {"question": "まったく別の、聞かれていないこと?"}
            return reply | {"questions": [repaired | other]}
        if slip == "the same position twice":
            other = {"answer": "別の答えです。"}
            return reply | {"questions": [repaired, repaired | other]}
        return reply | {"questions": [repaired | {"position": 3}]}

    standin.model.edit_reply = edit
    explain_and_save(Run("r"), document_id)
    found = select_rows("SELECT status, repaired FROM questions ORDER BY position")
    assert [f["status"] for f in found].count("unverified") == 1
    assert not any(f["repaired"] for f in found)
