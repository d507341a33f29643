"""`rindoku demo`; the whole of it runs in tests/slow."""

import os
from pathlib import Path

import pytest

from rindoku.cli.demo import set_environment
from rindoku.settings import load_settings


def test_of_the_users_settings_only_the_language_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "environ", dict(os.environ))
    os.environ |= {
        "RINDOKU_LANGUAGE": "en",
        "RINDOKU_PUBLISHED": str(tmp_path / "published"),
        "ANTHROPIC_API_KEY": "a-real-key",
    }
    set_environment({"ANTHROPIC_API_KEY": "sample"}, tmp_path / "demo")
    settings = load_settings()
    assert settings.language == "en"
    assert settings.published_path == settings.home_path == tmp_path / "demo"
    assert settings.anthropic_api_key == "sample"
