"""Names in answers: Latin terms must be the paper's, and its proper names stay in Latin script."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_KATAKANA = re.compile(r"[ァ-ヴー・]{2,}")
_LATIN = re.compile(r"(?<![\d.A-Za-z])\d+D(?![A-Za-z])|[A-Za-z][A-Za-z0-9]*(?:[-@+./&'][A-Za-z0-9]+)*")
_MATH = re.compile(r"\\\(.*?\\\)")
_NAME = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z]{3,}(?![a-z])(?:-(?:[a-z]{2,3}-)?[A-Z][A-Za-z]+)*")
# In the middle of a sentence a capital makes a name; at its beginning it says nothing.
_MID_SENTENCE = re.compile(r"[a-z,;:(/\u2019'-]\s*$|\b(?:and|or)\s+$")
# Loan words that everybody writes in katakana; some sound like a name.
_ESTABLISHED = {
    "アーキテクチャ", "アイデア", "アクション", "アクセス", "アクティブ", "アダプター", "アップデート", "アテンション", "アノテーション",
    "アノテーター", "アプリ", "アプリケーション", "アプローチ", "アルゴリズム", "アンサンブル", "イベント", "イメージ", "インターネット",
    "インターフェース", "インデックス", "ウィンドウ", "ウェブ", "エージェント", "エキスパート", "エネルギー", "エポック", "エラー",
    "エンコーダ", "エンコーダー", "エンジン", "エントロピー", "オープン", "オブジェクト", "オプション", "オフライン", "オンライン",
    "カーネル", "ガウシアン", "ガウス", "カウント", "カスタム", "カテゴリ", "カテゴリー", "カメラ", "キー", "キャッシュ",
    "キャプション", "クエリ", "クラス", "クラスタ", "クラスター", "クラウド", "グラフ", "グループ", "グローバル", "ケース",
    "ゲーム", "コア", "コード", "コサイン", "コスト", "コマンド", "コミュニティ", "コンテキスト", "コンテンツ", "コンピュータ",
    "コンピューター", "コンポーネント", "サーバー", "サービス", "サイズ", "サイクル", "サブセット", "サポート", "サンプリング",
    "サンプル", "シーケンス", "シード", "システム", "シナリオ", "シミュレーション", "シミュレータ", "シャッフル", "ショット",
    "スカラー", "スキーマ", "スキル", "スケール", "スケーリング", "スコア", "スタイル", "ステージ", "ステップ", "ストリーム",
    "スパース", "スピード", "スペース", "スライス", "スループット", "スロット", "セグメント", "セッション", "セット", "セル",
    "ゼロ", "センサー", "ソース", "ソフトウェア", "ターゲット", "タイプ", "ダイナミクス", "タグ", "タスク", "ツール", "ツリー",
    "ディレクトリ", "データ", "データセット", "データベース", "テーブル", "テーマ", "テキスト", "デコーダ", "デコーダー", "テスト",
    "デバイス", "デモ", "テンソル", "テンプレート", "トークン", "トークナイザー", "トピック", "ドメイン", "トランスフォーマー",
    "トレーニング", "ドル", "ニューラル", "ネットワーク", "ノイズ", "ノード", "パーセント", "パーティ", "バージョン", "パイプライン",
    "バイアス", "バイト", "ハードウェア", "バグ", "パス", "パターン", "バッチ", "バッファ", "パフォーマンス", "パラダイム",
    "パラメータ", "パラメーター", "バランス", "パリティ", "ハブ", "ピクセル", "ビット", "ビデオ", "ファイル", "フィードバック",
    "フィルタ", "フィルター", "フーリエ", "フェーズ", "フォーマット", "ブラウザ", "ブラックボックス", "プラットフォーム", "フレーム",
    "フレームワーク", "プレフィックス", "フロー", "ブロック", "プログラム", "プロジェクト", "プロセス", "プロンプト", "プロンプティング",
    "ペア", "ベイジアン", "ベイズ", "ベースライン", "ベース", "ベータ", "ページ", "ベクトル", "ヘッド", "ベンチマーク",
    "ポイント", "ホップ", "ポリシー", "ボトルネック", "マスク", "マップ", "マルコフ", "マルチ", "ミス", "メカニズム", "メタ",
    "メッセージ", "メトリクス", "メモ", "メモリ", "モード", "モーダル", "モジュール", "モダリティ", "モデル", "モデリング",
    "モンテカルロ", "ユーザー", "ユーザ", "ユークリッド", "ライセンス", "ライブラリ", "ラグランジュ", "ラボ", "ラベル", "ランク",
    "ランダム", "リアルタイム", "リーダーボード", "リクエスト", "リスク", "リスト", "リソース", "リポジトリ", "リランキング",
    "リンク", "ルーター", "ルーティング", "ルール", "レイテンシ", "レイヤー", "レース", "レビュー", "レベル", "レポート",
    "ローカル", "ログ", "ロジック", "ロス", "ロボット", "ワークフロー", "ワード",
}  # fmt: skip
_SILENT_R = re.compile(r"(?<=[aeiouy])r(?![aeiouy])")
_DIGRAPHS = {
    "シャ": "sh",
    "シュ": "sh",
    "ショ": "sh",
    "チャ": "t",
    "チュ": "t",
    "チョ": "t",
    "ジャ": "j",
    "ジュ": "j",
    "ジョ": "j",
}
_ROWS = {
    "k": "カキクケコ", "g": "ガギグゲゴ", "s": "サスセソ", "sh": "シ", "z": "ザズゼゾ", "j": "ジ", "t": "タテトチツ",
    "d": "ダデドヂヅ", "n": "ナニヌネノン", "h": "ハヒヘホ", "f": "フ", "b": "バビブベボヴ", "p": "パピプペポ",
    "m": "マミムメモ", "r": "ラリルレロ",
}  # fmt: skip
_CONSONANT = {kana: consonant for consonant, row in _ROWS.items() for kana in row}
_VOWEL = {
    **dict.fromkeys("アカガサザタダナハバパマヤラワァャ", "a"), **dict.fromkeys("イキギシジチヂニヒビピミリィ", "i"),
    **dict.fromkeys("ウクグスズツヅヌフブプムユルゥュヴ", "u"), **dict.fromkeys("エケゲセゼテデネヘベペメレェ", "e"),
    **dict.fromkeys("オコゴソゾトドノホボポモヨロヲォョ", "o"),
}  # fmt: skip


def latin_terms(answer: str) -> list[str]:
    """Words in Latin letters, formulas left out."""
    plain = unicodedata.normalize("NFKC", _MATH.sub(" ", answer))
    return [t for t in _LATIN.findall(plain) if len(t) > 1]


def english_names(answer: str) -> list[str]:
    """Words of an English answer that are names: with a capital in the middle of a sentence, within the word, or a digit."""
    plain = unicodedata.normalize("NFKC", _MATH.sub(" ", answer))
    found: dict[str, None] = {}
    for match in _LATIN.finditer(plain):
        word = match[0].removesuffix("'s")
        inner = any(c.isupper() or c.isdigit() for c in word[1:])
        named = word[0].isupper() and _MID_SENTENCE.search(plain[max(0, match.start() - 12) : match.start()])
        if len(word) > 1 and (inner or named):
            found[word] = None
    return list(found)


def stands_for(term: str, text: str) -> bool:
    """Whether a term is an abbreviation of words that stand in a folded text: LLM of large language models."""
    letters = term.removesuffix("s")
    if not (2 < len(letters) < 7 and letters.isalpha() and letters.isupper()):
        return False
    words = r"[\s-]+".join(rf"{letter.lower()}[a-z]+" for letter in letters)
    return re.search(rf"\b{words}\b", text) is not None


def katakana_spellings(answer: str, text: str, title: str) -> Iterator[tuple[str, str]]:
    """Katakana words of an answer that spell a proper name of the paper, each with that name.

    A proper name is a capitalised word of the title, or one that the text never writes in lower case and
    writes with its capital in the middle of a sentence. Words are compared by their consonants, short ones by
    their first vowel too, as katakana keeps those.
    """
    names = _proper_names(text, title)
    for spelled in dict.fromkeys(_KATAKANA.findall(answer)):
        if spelled in _ESTABLISHED:
            continue
        for name in names:
            if _sounds_like(spelled, name):
                yield spelled, name
                break


@lru_cache(maxsize=4)
def _proper_names(text: str, title: str) -> tuple[str, ...]:
    words = re.findall(r"\b[A-Za-z]{4,}\b", text)
    lower = {w for w in words if w.islower()}
    found = dict.fromkeys(_NAME.findall(title))
    for match in _NAME.finditer(text):
        if match[0] not in found and _MID_SENTENCE.search(text[max(0, match.start() - 12) : match.start()]):
            found[match[0]] = None
    return tuple(w for w in found if w.lower() not in lower)


def _sounds_like(kana: str, name: str) -> bool:
    spelled = _kana_skeleton(kana)
    # Katakana drops an r behind a vowel: スターコーダー for StarCoder.
    if len(spelled) < 2 or spelled not in {_latin_skeleton(name), _latin_skeleton(_SILENT_R.sub("", name.lower()))}:
        return False
    # Two consonants alone say too little: レース is no Eurus.
    return len(spelled) > 2 or _first_vowel(kana) == _latin_first_vowel(name)


def _kana_skeleton(kana: str) -> str:
    for digraph, consonant in _DIGRAPHS.items():
        kana = kana.replace(digraph, consonant)
    return _merged("".join(_CONSONANT.get(c, c if c.isascii() else "") for c in kana))


def _merged(consonants: str) -> str:
    # マンバ is Mamba: before b, p and m, ン is an m. Doubled consonants sound once.
    return re.sub(r"(.)\1+", r"\1", re.sub(r"n(?=[bpm])", "m", consonants))


def _latin_skeleton(name: str) -> str:
    word = re.sub(r"\bof\b", "ob", name.lower())
    for written, sound in (
        ("ture", "ta"), ("tch", "t"), ("ch", "t"), ("ck", "k"), ("qu", "k"), ("ph", "f"), ("th", "s"), ("x", "ks"), ("ce", "se"),
        ("ci", "si"), ("c", "k"), ("q", "k"), ("l", "r"), ("v", "b"),
    ):  # fmt: skip
        word = word.replace(written, sound)
    return _merged(re.sub(r"[aeiouyw-]", "", word))


def _first_vowel(kana: str) -> str:
    return next((_VOWEL[c] for c in kana if c in _VOWEL), "")


def _latin_first_vowel(name: str) -> str:
    match = re.search(r"eu|ou|oo|ew|[aeiouy]", name.lower())
    return {"eu": "u", "ou": "u", "oo": "u", "ew": "u", "y": "i"}.get(match[0], match[0]) if match else ""
