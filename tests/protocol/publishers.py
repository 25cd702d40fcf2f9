"""Which actions publish: read from the source, so that none can be forgotten."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

from tests.architecture.rooms import ROOMS

HOUSE = Path(__file__).resolve().parents[2]
DOOR = "realtime.publishing.publish"


def publishing_actions() -> set[str]:
    """The public functions of every `actions.py` that come to `publish`, by themselves or through another."""
    sources = {f"{room}.actions": HOUSE / room / "actions.py" for room in ROOMS}
    return publishing_among({name: path.read_text() for name, path in sources.items() if path.exists()})


def publishing_among(sources: dict[str, str]) -> set[str]:
    uses: dict[str, set[str]] = {}
    for module, source in sources.items():
        uses |= _uses(module, ast.parse(source))
    publishing = {DOOR}
    while new := {name for name, used in uses.items() if used & publishing} - publishing:
        publishing |= new
    return {name for name in publishing - {DOOR} if not name.rpartition(".")[2].startswith("_")}


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
