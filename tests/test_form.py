"""How the code is laid out: sizes and names that keep it readable."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from rindoku.cli.flow_runner import STAGES
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


def place(path: Path, node: ast.stmt | ast.expr | None = None) -> str:
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


def module_name(path: Path) -> str:
    """The name by which a file is imported; `flows` and `tasks` are in the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    names = parts if parts[0] == "rindoku" else ("rindoku", *parts)
    return ".".join(names).removesuffix(".__init__")


def find_exports(tree: ast.Module) -> set[str] | None:
    """The names in a package's `__all__`; None when it has none."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return None


def find_parents(module: str) -> list[str]:
    """The packages around a module, outermost first."""
    parts = module.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts))]


EXPORTS = {
    module_name(path): find_exports(ast.parse(path.read_text(encoding="utf-8")))
    for path in RINDOKU.rglob("__init__.py")
}


def test_a_package_lists_what_it_offers() -> None:
    offers = (ast.Import, ast.ImportFrom, ast.Assign, ast.FunctionDef, ast.ClassDef)
    missing = [
        place(path)
        for path in RINDOKU.rglob("__init__.py")
        if EXPORTS[module_name(path)] is None
        and any(isinstance(node, offers) for node in ast.parse(path.read_text()).body)
    ]
    check_none(missing, "give the package an __all__")


def find_bypasses(path: Path, tree: ast.Module) -> Iterator[str]:
    """Imports from inside another package of what that package offers."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        for package in find_parents(node.module):
            is_inside = f"{module_name(path)}.".startswith(f"{package}.")
            offered = EXPORTS.get(package) or set()
            names = sorted(offered & {alias.name for alias in node.names})
            if names and not is_inside:
                yield f"{place(path, node)}: {', '.join(names)} of {package}"


def test_what_a_package_offers_is_imported_from_it() -> None:
    found = [
        bypass for path, tree in TREES.items() for bypass in find_bypasses(path, tree)
    ]
    check_none(found, "import it from the package")


def find_task_names() -> Iterator[str]:
    """The names in the `@task(name=...)` of functions."""
    for _, function in find_functions():
        for call in function.decorator_list:
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "task":
                values = {word.arg: word.value for word in call.keywords}
                yield ast.literal_eval(values["name"])


def test_the_stages_of_the_progress_bar_are_the_names_of_the_tasks() -> None:
    assert set(STAGES) == set(find_task_names())


def stem(name: str) -> str:
    """A name without the endings that say nothing: -s, -ing, -ed, a final e."""
    if not name.endswith("ss"):
        name = name.removesuffix("s")
    for ending in ("ing", "ed"):
        name = name.removesuffix(ending)
    return name.removesuffix("e")


@pytest.mark.parametrize(
    ("name", "other", "alike"),
    [
        ("resolve", "resolving", True),
        ("read", "reading", True),
        ("pages", "page", True),
        ("numbered", "numbers", True),
        ("records", "read", False),
        ("access", "acces", False),
    ],
)
def test_the_stem_of_names(name: str, other: str, alike: bool) -> None:
    assert (stem(name) == stem(other)) is alike


# The modules of the archive are named after its tables, whose names are plurals.
NAMED_AFTER_TABLES = RINDOKU / "archive"


def find_alike(places: Iterable[tuple[str, str]]) -> list[str]:
    """Groups of places whose names differ by an ending; given names with places."""
    by_stem = defaultdict[str, dict[str, str]](dict)
    for name, where in places:
        by_stem["_".join(map(stem, name.split("_")))][name] = where
    groups = [sorted(names.values()) for names in by_stem.values()]
    return [", ".join(group) for group in groups if len(group) > 1]


def test_names_of_modules_and_packages_differ_by_more_than_an_ending() -> None:
    alike = find_alike(
        (module_name(path).rpartition(".")[2], place(path))
        for path in MODULES
        if path.parent != NAMED_AFTER_TABLES
    )
    check_none(alike, "rename one of the two after what it is about")


def find_public(
    kind: type[ast.FunctionDef | ast.ClassDef],
) -> Iterator[tuple[str, str]]:
    """Names and places of the public functions or classes of modules."""
    for path, tree in TREES.items():
        for node in tree.body:
            if isinstance(node, kind) and not node.name.startswith("_"):
                yield node.name, place(path, node)


def test_names_of_public_functions_differ_by_more_than_an_ending() -> None:
    alike = find_alike(find_public(ast.FunctionDef))
    check_none(alike, "rename one of the two after what it does")


def test_a_public_class_has_a_name_of_its_own() -> None:
    places = defaultdict[str, list[str]](list)
    for name, where in find_public(ast.ClassDef):
        places[name].append(where)
    twice = [f"{name}: {', '.join(at)}" for name, at in places.items() if len(at) > 1]
    check_none(twice, "rename one of the two after what it holds")
