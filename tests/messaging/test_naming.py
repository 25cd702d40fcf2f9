"""Whom and what a text names: a table."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.naming import entities_named, members_named

ANA, ANA_LOPEZ, JOSE, BOB, OTHER_BOB = (UUID(int=number) for number in range(1, 6))
PEOPLE = [(ANA, "Ana"), (ANA_LOPEZ, "Ana López"), (JOSE, "José"), (BOB, "Bob"), (OTHER_BOB, "bob")]
ONE_BOB = PEOPLE[:4]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("@Ana", {ANA: "@Ana"}),
        ("Thanks @ana!", {ANA: "@ana"}),
        ("(@Ana) and @Bob.", {ANA: "@Ana", BOB: "@Bob"}),
        ("@Ana López, please", {ANA_LOPEZ: "@Ana López"}),
        ("@Ana Lopez", {ANA: "@Ana"}),
        ("@ANA LÓPEZ", {ANA_LOPEZ: "@ANA LÓPEZ"}),
        ("@Ana @Ana", {ANA: "@Ana"}),
        ("@José", {JOSE: "@José"}),
        ("@Jose\u0301", {JOSE: "@Jose\u0301"}),
        ("@Anabel", {}),
        ("@Ana2", {}),
        ("ana@bob", {}),
        ("write to x.@Bob", {}),
        ("@@Bob", {}),
        ("Ana", {}),
        ("@", {}),
        ("", {}),
        ("@Bob's", {BOB: "@Bob"}),
        ("@Bob@Ana", {BOB: "@Bob"}),
        ("@Bob\n@Ana", {BOB: "@Bob", ANA: "@Ana"}),
    ],
)
def test_members(body: str, named: dict[UUID, str]) -> None:
    assert members_named(body, ONE_BOB) == named


@pytest.mark.parametrize(
    ("meant", "named"),
    [((), {BOB, OTHER_BOB}), ((OTHER_BOB,), {OTHER_BOB}), ((ANA,), {BOB, OTHER_BOB}), ((BOB,), {BOB})],
)
def test_of_several_with_one_name_the_one_who_is_meant(meant: tuple[UUID, ...], named: set[UUID]) -> None:
    assert set(members_named("@Bob", PEOPLE, meant)) == named


@pytest.mark.parametrize("name", ["a+b", "(x", "[", ".*", "Ana (HR)", "O'Neill", "李雷"])
def test_a_name_is_taken_as_it_is(name: str) -> None:
    assert members_named(f"Dear @{name}, hello", [(ANA, name)]) == {ANA: f"@{name}"}
    assert members_named("Dear @xyz, hello", [(ANA, name)]) == {}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("@task#45", {("task", "45"): "@task#45"}),
        ("See @task#45.", {("task", "45"): "@task#45"}),
        ("@Task#45, @damage#A-7/b", {("task", "45"): "@Task#45", ("damage", "A-7/b"): "@damage#A-7/b"}),
        ("@color_sample#RAL.9010!", {("color_sample", "RAL.9010"): "@color_sample#RAL.9010"}),
        ("@task#45 and @task#45", {("task", "45"): "@task#45"}),
        ("@plano#ñ1", {("plano", "ñ1"): "@plano#ñ1"}),
        ("@task #45", {}),
        ("task#45", {}),
        ("me@task#45", {}),
        ("@task#", {}),
        ("@#45", {}),
        ("@7up#1", {}),
        ("@task#" + "9" * 65, {}),
    ],
)
def test_entities(body: str, named: dict[tuple[str, str], str]) -> None:
    assert entities_named(body) == named


@given(st.text(alphabet="@ Anab#.-_1\n", max_size=200))
def test_what_is_named_stands_in_the_text(body: str) -> None:
    for text in [*members_named(body, PEOPLE).values(), *entities_named(body).values()]:
        assert text in body
        assert text.startswith("@")


@pytest.mark.parametrize("body", ["@" * 5000, "@a" * 2500, "@a#" * 1600, "@a#" + "-" * 4900, "@Ana " * 1000])
def test_no_text_takes_for_ever(body: str) -> None:
    """One that did would run into the test's time limit."""
    people = [(UUID(int=number), f"Ana {number}") for number in range(1000)]
    assert members_named(body, people) == {}
    assert set(entities_named(body).values()) <= {"@a#a"}
