"""Every check is listed, and every reason it gives is worded."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType

import pytest

from rindoku.languages import find_languages, get_language
from rindoku.verify import checks

_REASON = re.compile(r"\b(?:error|warning)\(\s*\"[\w ]+\",\s*\"(\w+)\"")


def check_modules() -> Iterator[ModuleType]:
    for module in pkgutil.iter_modules(checks.__path__, f"{checks.__name__}."):
        yield importlib.import_module(module.name)


def test_every_check_is_listed() -> None:
    listed = {check.__name__ for check in (*checks.ANSWER_CHECKS, *checks.TEXT_CHECKS)}
    defined = {
        name
        for module in check_modules()
        for name, _ in inspect.getmembers(module, inspect.isfunction)
        if name.startswith("check_")
    }
    assert listed == defined


@pytest.mark.parametrize("code", find_languages())
def test_every_reason_is_worded(code: str) -> None:
    reasons = {
        reason
        for module in check_modules()
        for reason in _REASON.findall(inspect.getsource(module))
    }
    assert len(reasons) > 10
    assert reasons <= get_language(code).wording.findings.keys()
