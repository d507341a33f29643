"""Every regular expression of the package, and how the package uses it."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import ModuleType

import rindoku
from rindoku.digests import DEFAULT, find_digest
from rindoku.lists import numbered, threads, twin

# What reads a text from its start alone, and what tries each place of it.
_ANCHORED = {"match", "fullmatch"}
_METHODS = _ANCHORED | {"search", "sub", "subn", "split", "findall", "finditer"}
# Patterns that a function builds: each module's functions must be here.
_BUILT = {
    "rindoku.lists.numbered:_numbered": lambda: numbered._numbered(numbered._USUAL),
    "rindoku.lists.threads:_article_entry": lambda: threads._article_entry(
        threads._ARTICLE_NUMBERING
    ),
    "rindoku.lists.twin:_row": lambda: twin._row(twin._USUAL_NUMBERING),
}
# Patterns that users write in digests.toml, and those built of a term of six letters.
_NOT_OURS = {
    "rindoku.digests:_take_heading",
    "rindoku.digests:_take_numbering",
}


@dataclass(frozen=True)
class UsedPattern:
    """A pattern, its place in the package, and whether it only reads from a start."""

    name: str
    source: str
    flags: int
    anchored: frozenset[str]
    searches: bool


def find_patterns() -> list[UsedPattern]:
    """Every pattern: of modules, in their containers, and inside functions."""
    found: dict[tuple[str, int], UsedPattern] = {}
    for module in _modules():
        tree = ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))
        methods = _methods_by_name(tree)
        for name, value in vars(module).items():
            for pattern in _patterns_in(value):
                used = _used(f"{module.__name__}:{name}", pattern, methods.get(name))
                found.setdefault((pattern.pattern, pattern.flags), used)
        for used in _patterns_in_functions(module.__name__, tree):
            found.setdefault((used.source, used.flags), used)
    for name, build in _BUILT.items():
        pattern = build()
        found[pattern.pattern, pattern.flags] = _used(name, pattern, None)
    heading = find_digest(DEFAULT, Path()).heading
    found[heading.pattern, heading.flags] = _used("digests.toml", heading, {"search"})
    return list(found.values())


def functions_that_build_patterns() -> set[str]:
    """The functions whose patterns are no constants, as `module:function`."""
    names = set()
    for module in _modules():
        tree = ast.parse(Path(module.__file__ or "").read_text(encoding="utf-8"))
        for function, call in _calls_in_functions(tree):
            if not isinstance(call.args[0], ast.Constant):
                names.add(f"{module.__name__}:{function}")
    return names


def _modules() -> Iterator[ModuleType]:
    walked = pkgutil.walk_packages(rindoku.__path__, "rindoku.")
    for info in walked:
        if not info.name.endswith("__main__"):
            yield importlib.import_module(info.name)


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
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.attr in _METHODS:
                methods.setdefault(node.value.id, set()).add(node.attr)
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
