"""Names of the paper in katakana are found; loan words are not taken for names."""

import pytest

from rindoku.languages.ja.katakana import find_respellings

TEXT = (
    "Eurus-70B reaches 33.3% on LeetCode and does not need a critic. "
    "Eurus was trained on 86K instructions."
)


@pytest.mark.parametrize(
    ("name", "katakana"),
    [
        ("StarCoder", "スターコーダー"),
        ("RefinedWeb", "リファインドウェブ"),
        ("Mamba", "マンバ"),
        ("Mistral", "ミストラル"),
        ("Llama2", "ラマ"),
        ("Mixture-of-Depths", "ミクスチャーオブデプス"),
        ("TacRED", "タックレッド"),
    ],
)
def test_names_in_katakana_are_found(name: str, katakana: str) -> None:
    text = f"We compare with models such as {name} and with others."
    found = find_respellings(f"{katakana}を使います", text, "T")
    assert [respelling.written for respelling in found] == [katakana]


def test_a_name_is_found_before_a_loan_word() -> None:
    [found] = find_respellings("ユーラスモデルを使います", TEXT, "Eurus")
    assert found == ("ユーラスモデル", "Eurus")


@pytest.mark.parametrize(
    "answer",
    [
        "モデルのデータとパラメータをレースで評価し、リソースを使います",
        "ブロックとルーターとレース",
    ],
)
def test_loan_words_are_not_names(answer: str) -> None:
    text = f"{TEXT} We report on BoolQ, and Router, and Eurus."
    assert list(find_respellings(answer, text, "Eurus: Preference Trees")) == []
