"""Where the settings and the home are."""

from pathlib import Path

import pytest

from rindoku.errors import BadInput
from rindoku.run import Run
from rindoku.settings import Settings, find_home, find_settings_file, load_settings


def test_the_home_is_the_one_set_else_the_one_here_else_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own-data" / "rindoku"
    assert load_settings().home_path == own
    assert "your own" in find_home("").reason
    (tmp_path / "rindoku-home").mkdir()
    assert load_settings().home_path == tmp_path / "rindoku-home"
    assert "working folder" in find_home("").reason
    monkeypatch.setenv("RINDOKU_HOME", "elsewhere")
    assert load_settings().home_path == tmp_path / "elsewhere"


def test_ones_own_home_is_created_when_it_is_first_written_to(tmp_path: Path) -> None:
    with Run("check").archive.write():
        pass
    assert (find_home("").path / "writer").is_dir()
    assert find_home("").path.is_relative_to(tmp_path)


def test_the_settings_of_the_working_folder_replace_ones_own(tmp_path: Path) -> None:
    own = find_settings_file().path
    assert own == tmp_path / "own-config" / "rindoku" / "settings.env"
    own.parent.mkdir(parents=True)
    own.write_text("RINDOKU_MODEL=own\nRINDOKU_LANGUAGE=en\n")
    assert load_settings().model == "own"
    (tmp_path / ".env").write_text("RINDOKU_MODEL=here\n")
    assert find_settings_file().path == tmp_path / ".env"
    settings = load_settings()
    assert (settings.model, settings.language) == ("here", "ja"), "one file, not both"


@pytest.mark.parametrize(
    "variable", ["RINDOKU_CONTACT", "X_BEARER_TOKEN", "ANTHROPIC_API_KEY"]
)
@pytest.mark.parametrize("value", ["山田太郎", "sk-\xe9", "key\r\nX: y", "\u200bkey"])
def test_what_no_header_can_have_is_named_without_its_value(
    variable: str, value: str
) -> None:
    with pytest.raises(BadInput, match=variable) as caught:
        load_settings({variable: value})
    assert value not in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("RINDOKU_QUESTIONS", "9" * 5000),
        ("RINDOKU_TIMEZONE", "Asia"),
        ("RINDOKU_TIMEZONE", "A" * 5000),
        ("RINDOKU_LOOPBACK_URL", "http://[bad"),
        ("RINDOKU_LOOPBACK_URL", "http://127.0.0.1:99999"),
    ],
)
def test_an_odd_value_is_wrong_input(variable: str, value: str) -> None:
    with pytest.raises(BadInput, match=variable):
        load_settings({variable: value})


def test_the_user_agent_can_be_sent() -> None:
    agent = Settings(contact="https://xn--r8jz45g.jp/").user_agent
    assert agent.encode("ascii").endswith(b"(https://xn--r8jz45g.jp/)")


def test_secrets_are_hidden_in_any_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:proxy-word@proxy.example:8080")
    settings = Settings(
        anthropic_api_key="sk-secret",
        x_bearer_token="AAAA-token",  # noqa: S106 - made up
        anthropic_base_url="https://me:base-word@llm.example/v1",
    )
    text = "sk-secret, AAAA-token, https://me:base-word@llm.example/v1, proxy-word, x"
    assert (
        settings.hide_secrets(text) == "***, ***, https://me:***@llm.example/v1, ***, x"
    )
    assert Settings().hide_secrets("plain") == "plain"
