"""Explanations as they are saved in the archive."""

from pathlib import Path

import pytest

from rindoku.explain import documents_to_explain, explain_document, save_explanation
from rindoku.publish import publish_week
from rindoku.run import Run
from rindoku.sample import SAMPLE_WEEK, StandIn
from rindoku.verify.quantities import find_numbers
from tests.queries import count_model_calls, count_rows, sample_article, select_rows
from tests.steps import explain_and_save


def test_a_key_that_comes_later_replaces_the_extract(
    standin: StandIn, document_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    [sighting] = select_rows("SELECT sighting_id FROM current_sightings")

    def is_pending() -> bool:
        return document_id in documents_to_explain(Run("r"), sighting["sighting_id"])

    monkeypatch.setenv("ANTHROPIC_API_KEY", "")
    save_explanation(Run("keyless"), explain_document(Run("keyless"), document_id))
    assert not Run("r").settings.has_model_key
    assert not is_pending()
    assert count_model_calls(standin) == 0
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sample-key")
    assert is_pending()
    explain_and_save(Run("r"), document_id)
    assert not is_pending()
    assert select_rows("SELECT label FROM week_entries WHERE rank = 3") == [
        {"label": "sample"}
    ]
    assert count_rows("generations WHERE kind = 'extract'") == 1


def test_the_samples_planted_mistakes_are_repaired_or_withheld(home: Path) -> None:
    counts = select_rows("SELECT status, count(*) AS n FROM answers GROUP BY ALL")
    assert {row["status"]: row["n"] for row in counts} == {
        "verified": 97,
        "not in paper": 1,
        "unverified": 2,
    }
    withheld = select_rows(
        "SELECT rank, position FROM unverified_answers ORDER BY rank"
    )
    assert withheld == [{"rank": 6, "position": 9}, {"rank": 9, "position": 2}]
    assert count_rows("questions WHERE repaired") == 1


def test_numbers_of_tldr_and_summary_are_located_in_the_document(
    standin: StandIn, document_id: str
) -> None:
    run = Run("r")
    generation_id = explain_document(run, document_id)
    save_explanation(run, generation_id)
    figures = select_rows("FROM text_figures")
    [document] = select_rows(
        "SELECT text FROM raw.document_texts WHERE document_id = $id", id=document_id
    )
    assert len(figures) >= 5
    for figure in figures:
        sentence = document["text"][figure["start_char"] : figure["end_char"]]
        assert figure["number"] in {str(n) for n in find_numbers(sentence)}
    [summary] = select_rows("SELECT tldr_reason, summary_reason FROM summaries")
    assert summary == {"tldr_reason": None, "summary_reason": None}


def test_the_article_names_the_sections_that_were_left_out(
    standin: StandIn, document_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for function in ("cut", "titles_left_out"):
        default = f"rindoku.documents.budget.{function}.__defaults__"
        monkeypatch.setattr(default, (2500,))
    run = Run("r")
    generation_id = explain_document(run, document_id)
    save_explanation(run, generation_id)
    publish_week(run, SAMPLE_WEEK)
    article = sample_article(run.archive)
    assert "全文(HTML版)(長いため、次の節を除く:2 Method" in article


def test_questions_that_share_a_position_are_renumbered_and_none_is_lost(
    standin: StandIn, document_id: str
) -> None:
    standin.model.edit_reply = lambda reply, _: (
        reply | {"questions": [q | {"position": 1} for q in reply["questions"]]}
    )
    generation_id = explain_document(Run("r"), document_id)
    save_explanation(Run("r"), generation_id)
    found = select_rows("SELECT position FROM questions ORDER BY position")
    assert [row["position"] for row in found] == list(range(1, 11))
