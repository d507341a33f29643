"""How the code is laid out: sizes and names that keep it readable."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.conftest import ROOT

MOST_PACKAGES, MOST_TOP_MODULES = 16, 12
MOST_BRANCHES, MOST_POSITIONAL = 12, 5
MOST_MODULE_LINES, MOST_FUNCTION_LINES = 400, 60

RINDOKU = ROOT / "rindoku"
# The sample is test material, and follows these rules only where it can.
MODULES = [
    path
    for folder in ("rindoku", "flows", "tasks")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "sample" not in path.relative_to(ROOT).parts
]
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def place(path: Path, node: Function | ast.Call | None = None) -> str:
    """Where something is, as editors and terminals open it."""
    name = str(path.relative_to(ROOT))
    return f"{name}:{node.lineno}" if node else name


def find_functions() -> Iterator[tuple[str, Function]]:
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield f"{place(path, node)} {node.name}", node


def count_branches(function: Function) -> int:
    """One for the function, and one for each decision in it."""
    return 1 + sum(map(count_decisions, ast.walk(function)))


def count_decisions(node: ast.AST) -> int:
    match node:
        case ast.BoolOp():
            return len(node.values) - 1
        case (
            ast.If()
            | ast.IfExp()
            | ast.For()
            | ast.AsyncFor()
            | ast.While()
            | ast.comprehension()
            | ast.ExceptHandler()
            | ast.match_case()
            | ast.Assert()
        ):
            return 1
    return 0


def check_none(found: Sequence[str], advice: str) -> None:
    """Fails with a list of all places, and what to do about them."""
    assert not found, "\n".join([advice, *found])


def count_lines(node: Function) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def test_the_top_of_the_package_stays_small() -> None:
    packages = {path.parent.name for path in RINDOKU.glob("*/__init__.py")}
    modules = {path.name for path in RINDOKU.glob("*.py")} - {"__init__.py"}
    assert len(packages) <= MOST_PACKAGES, "put the new package into an existing one"
    assert len(modules) <= MOST_TOP_MODULES, "put the new module into a package"


def test_every_package_says_what_it_is_for() -> None:
    packages = {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for path in RINDOKU.rglob("__init__.py")
    }
    missing = [place(p) for p, tree in packages.items() if not ast.get_docstring(tree)]
    check_none(missing, "give the package a docstring of a sentence or two")


def test_functions_have_few_branches() -> None:
    found = {name: count_branches(function) for name, function in find_functions()}
    too_many = [f"{name}: {n}" for name, n in found.items() if n > MOST_BRANCHES]
    check_none(too_many, "move a decision into a function with a name")


def test_functions_fit_on_a_screen() -> None:
    found = {name: count_lines(function) for name, function in find_functions()}
    too_long = [f"{name}: {n}" for name, n in found.items() if n > MOST_FUNCTION_LINES]
    check_none(too_long, "split the function into steps with names")


def test_modules_are_short() -> None:
    found = {place(p): len(p.read_text().splitlines()) for p in MODULES}
    too_long = [f"{name}: {n}" for name, n in found.items() if n > MOST_MODULE_LINES]
    check_none(too_long, "split the module by what it is about")


def test_long_calls_name_their_arguments() -> None:
    calls = [
        place(path, node)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and len(node.args) > MOST_POSITIONAL
    ]
    check_none(calls, "pass keyword arguments, or an object with named fields")


def test_the_formatter_is_never_turned_off() -> None:
    switch = "# fmt:"
    found = [place(path) for path in MODULES if switch in path.read_text()]
    check_none(found, "let the formatter lay out the code")


def stem(name: str) -> str:
    """A name without the endings that say nothing: plural -s, -ing, a final e."""
    if not name.endswith("ss"):
        name = name.removesuffix("s")
    return name.removesuffix("ing").removesuffix("e")


@pytest.mark.parametrize(
    ("name", "other", "alike"),
    [
        ("resolve", "resolving", True),
        ("read", "reading", True),
        ("pages", "page", True),
        ("records", "read", False),
        ("access", "acces", False),
    ],
)
def test_the_stem_of_names(name: str, other: str, alike: bool) -> None:
    assert (stem(name) == stem(other)) is alike


# The modules of the archive are named after its tables, whose names are plurals.
NAMED_AFTER_TABLES = RINDOKU / "archive"


def test_names_of_modules_differ_by_more_than_an_ending() -> None:
    by_stem = defaultdict[str, dict[str, str]](dict)
    for path in MODULES:
        is_named_freely = path.parent != NAMED_AFTER_TABLES and path.stem != "__init__"
        if path.is_relative_to(RINDOKU) and is_named_freely:
            by_stem[stem(path.stem)][path.stem] = place(path)
    groups = [sorted(names.values()) for names in by_stem.values()]
    alike = [", ".join(group) for group in groups if len(group) > 1]
    check_none(alike, "rename one of the two after what it is about")
