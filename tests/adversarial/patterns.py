"""Every regular expression of the package, and how the package uses it."""

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import ModuleType
from unittest import mock

import rindoku
from tests.builders import DAIR_AI

# What reads a text from its start alone, and what tries each place of it.
_ANCHORED = {"match", "fullmatch"}
_METHODS = _ANCHORED | {"search", "sub", "subn", "split", "findall", "finditer"}
# Functions that build a pattern, with the name of the argument and how it is used.
_BUILT = {
    "rindoku.lists.numbered:_numbered": ("_USUAL", {"match"}),
    "rindoku.lists.threads:_article_entry": ("_ARTICLE_NUMBERING", {"finditer"}),
    "rindoku.lists.twin:_row": ("_USUAL_NUMBERING", {"match"}),
}
# Functions whose patterns need no test here.
BUILT_ELSEWHERE = {
    # Users write them in digests.toml.
    "rindoku.digests.tables:_compile",
    "rindoku.digests.patterns:has_digits_alone",
    "rindoku.digests.patterns:main",
    # Names of the module have their results.
    "rindoku.explain.extract:_compile",
    # Words of a question or an answer, and a tag of HTML, without repeats.
    "rindoku.explain.relevance:_count_terms",
    "rindoku.verify.checks.names:_abbreviates",
    "rindoku.documents.nesting:check_nesting",
    # The text of a link, escaped.
    "rindoku.lists.posts:_named",
    # The name of one of two hosts.
    "rindoku.identifiers.schemes:_find_preprint",
}
# These read what rindoku wrote.
_NO_STRANGERS = ("rindoku.sample.",)


@dataclass(frozen=True)
class UsedPattern:
    """A pattern and its place in the package.

    `anchored` has the methods that the package calls and that read from the start of a
    text; `searches` is True if it calls others, which try every place.
    """

    name: str
    source: str
    flags: int
    anchored: frozenset[str]
    searches: bool


def find_patterns() -> list[UsedPattern]:
    """Every pattern: of modules, in their containers, and inside functions."""
    found: dict[tuple[str, int], UsedPattern] = {}
    for module in _modules():
        tree = _parse(module)
        methods = _methods_by_name(tree)
        for name, value in vars(module).items():
            for pattern in _patterns_in(value):
                used = _used(f"{module.__name__}:{name}", pattern, methods.get(name))
                found.setdefault((pattern.pattern, pattern.flags), used)
        for used in _patterns_in_functions(module.__name__, tree):
            found.setdefault((used.source, used.flags), used)
    for name, (argument, calls) in _BUILT.items():
        module_name, function = name.split(":")
        names = vars(importlib.import_module(module_name))
        pattern = names[function](names[argument])
        found[pattern.pattern, pattern.flags] = _used(name, pattern, calls)
    heading = DAIR_AI.heading
    found[heading.pattern, heading.flags] = _used("digests.toml", heading, {"search"})
    return [used for used in found.values() if not used.name.startswith(_NO_STRANGERS)]


def functions_that_build_patterns() -> set[str]:
    """The functions whose patterns are no constants and not in `_BUILT`."""
    names = set()
    for module in _modules():
        for function, call in _calls_in_functions(_parse(module)):
            if not isinstance(call.args[0], ast.Constant):
                names.add(f"{module.__name__}:{function}")
    return names - _BUILT.keys()


def _modules() -> list[ModuleType]:
    walked = pkgutil.walk_packages(rindoku.__path__, "rindoku.")
    names = [info.name for info in walked if not info.name.endswith("__main__")]
    # Modules that are run as programs read their arguments when they are imported.
    with mock.patch.object(sys, "argv", sys.argv[:1]):
        return [importlib.import_module(name) for name in names]


def _parse(module: ModuleType) -> ast.Module:
    return ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))


def _patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _patterns_in(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _patterns_in(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _patterns_in(getattr(value, field.name))


def _methods_by_name(tree: ast.Module) -> dict[str, set[str]]:
    """The methods of patterns that a module calls on each name."""
    methods: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=method):
                if method in _METHODS:
                    methods.setdefault(name, set()).add(method)
    return methods


def _patterns_in_functions(module: str, tree: ast.Module) -> Iterator[UsedPattern]:
    for function, call in _calls_in_functions(tree):
        source = call.args[0]
        if isinstance(source, ast.Constant) and isinstance(source.value, str):
            method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            pattern = re.compile(source.value)
            yield _used(f"{module}:{function}", pattern, {method} & _METHODS or None)


def _calls_in_functions(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """The calls of functions of `re` inside functions, with the function's name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and _is_of_re(call.func) and call.args:
                    yield node.name, call


def _is_of_re(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
        and function.attr in _METHODS | {"compile"}
    )


def _used(name: str, pattern: re.Pattern[str], methods: set[str] | None) -> UsedPattern:
    methods = methods or _METHODS
    return UsedPattern(
        name,
        pattern.pattern,
        pattern.flags,
        frozenset(methods & _ANCHORED),
        searches=bool(methods - _ANCHORED),
    )


def readers_of(used: UsedPattern) -> Iterator[tuple[str, Callable[[str], object]]]:
    """The ways in which the package reads a text with a pattern."""
    pattern = re.compile(used.source, used.flags)
    if used.searches:
        yield "finditer", lambda text: sum(1 for _ in pattern.finditer(text))
    for method in sorted(used.anchored):
        yield method, getattr(pattern, method)
