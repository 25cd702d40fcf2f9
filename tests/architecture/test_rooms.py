"""The house has its rooms, each says what it is for, and none is a cupboard."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.rooms import ROOMS

HOUSE = Path(__file__).resolve().parents[2]
CUPBOARDS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "managers",
    "service",
    "services",
    "misc",
    "lib",
}
FURNITURE = ("tests", "static", "templates", "docs", "deploy", "nginx")

MODULES = sorted(
    module
    for room in ROOMS
    for module in (HOUSE / room).rglob("*.py")
    if "migrations" not in module.relative_to(HOUSE).parts
)


def name_of(module: Path) -> str:
    return str(module.relative_to(HOUSE))


def docstring_of(module: Path) -> str:
    return ast.get_docstring(ast.parse(module.read_text())) or ""


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_says_what_it_is_for(room: str) -> None:
    purpose = docstring_of(HOUSE / room / "__init__.py").partition("\n")[0]
    assert len(purpose.split()) >= 5
    assert purpose.endswith(".")


@pytest.mark.parametrize("place", FURNITURE)
def test_every_other_place_is_in_use(place: str) -> None:
    assert any(path.is_file() for path in (HOUSE / place).rglob("*"))


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_every_module_says_what_it_owns(module: Path) -> None:
    """But for Django's AppConfigs, which say nothing but a name, and for what is empty."""
    assert module.name == "apps.py" or not module.read_text() or docstring_of(module)


def test_there_is_no_cupboard() -> None:
    assert [name_of(module) for module in MODULES if {module.stem, module.parent.name} & CUPBOARDS] == []


def test_no_room_is_missing_from_the_plan() -> None:
    """Whatever Python package stands at the top is a room, or the tests."""
    packages = {path.parent.name for path in HOUSE.glob("*/__init__.py")}
    assert packages == {*ROOMS, "tests"}
