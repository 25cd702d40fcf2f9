"""Which actions publish: read from the source, so that none can be forgotten."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

from tests.architecture.rooms import ROOMS

HOUSE = Path(__file__).resolve().parents[2]
DOOR = "realtime.publishing.publish"


def publishing_actions() -> set[str]:
    """The public functions of every room's actions that come to `publish`, by themselves or through another."""
    sources = dict(_sources())
    return {name for name in publishing_among(sources) if not _stays_inside(name, sources)}


def _stays_inside(name: str, sources: dict[str, str]) -> bool:
    """A module of a package, that passes it on to nobody."""
    package = name.rpartition(".")[0].rpartition(".")[0]
    return f"{package}.__init__" in sources


def _sources() -> Iterable[tuple[str, str]]:
    """By module. Actions are one file, or a package of them."""
    for room in ROOMS:
        for path in [*(HOUSE / room).glob("actions.py"), *(HOUSE / room).glob("actions/*.py")]:
            yield ".".join(path.relative_to(HOUSE).with_suffix("").parts), path.read_text()


def publishing_among(sources: dict[str, str]) -> set[str]:
    uses: dict[str, set[str]] = {}
    for module, source in sources.items():
        uses |= _uses(module, ast.parse(source)) | _passed_on(module, source)
    publishing = {DOOR}
    while new := {name for name, used in uses.items() if used & publishing} - publishing:
        publishing |= new
    # What a package passes on has the package's name.
    passed_on = [_passed_on(module, source).values() for module, source in sources.items()]
    names = (publishing - {DOOR}).difference(*(names for some in passed_on for names in some))
    return {name for name in names if not name.rpartition(".")[2].startswith("_")}


def _passed_on(module: str, source: str) -> dict[str, set[str]]:
    """What an `__init__` imports is its own for others: new name -> the one it has."""
    package, _, file = module.rpartition(".")
    if file != "__init__":
        return {}
    return {f"{package}.{name}": {full} for name, full in _imports(ast.parse(source))}


def _uses(module: str, tree: ast.Module) -> dict[str, set[str]]:
    """Function -> the full names of what it mentions."""
    functions = [one for one in tree.body if isinstance(one, ast.FunctionDef)]
    known = {one.name: f"{module}.{one.name}" for one in functions} | dict(_imports(tree))
    return {
        f"{module}.{function.name}": {known[name] for name in _mentioned(function) if name in known}
        for function in functions
    }


def _imports(tree: ast.Module) -> Iterable[tuple[str, str]]:
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                yield alias.asname or alias.name, f"{statement.module}.{alias.name}"
        elif isinstance(statement, ast.Import):
            for alias in statement.names:
                yield alias.asname or alias.name, alias.name


def _mentioned(function: ast.FunctionDef) -> set[str]:
    return {one.id for one in ast.walk(function) if isinstance(one, ast.Name)}
