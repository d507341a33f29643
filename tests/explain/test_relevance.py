"""Texts are ranked by the terms they share with a question."""

from rindoku.explain.relevance import rank, terms

TEXTS = {
    "a": "routing routing tokens",
    "b": "tokens tokens tokens",
    "c": "nothing at all " * 50,
}


def test_terms_are_content_words_and_pairs_of_characters() -> None:
    assert terms("What is the best routing of LLMs?") == ["best", "routing", "llm"]
    assert terms("What are the papers on GPT-4 models?") == ["gpt-4", "model"]
    assert terms("学習率は?") == ["学習", "習率"]
    assert terms("how many papers are there") == []


def test_rare_terms_that_occur_often_decide() -> None:
    assert [key for key, _ in rank("routing of tokens", TEXTS)] == ["a", "b"]
    assert rank("学習率", {"ja": "学習率を下げる", "en": "learning"})[0][0] == "ja"


def test_texts_without_a_term_are_left_out() -> None:
    assert rank("the of", TEXTS) == []
    assert rank("zebra", TEXTS) == []
    assert rank("tokens", {}) == []


def test_equally_relevant_texts_are_in_the_order_of_their_keys() -> None:
    assert [key for key, _ in rank("token", {"y": "token", "x": "token"})] == ["x", "y"]
