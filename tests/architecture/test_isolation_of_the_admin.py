"""The isolation matrix's admin half: its pages follow from the models, so does the table."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import get_resolver

from accounts.models import Role
from tests.architecture import isolation, matrix
from tests.architecture.isolation import PAGE_REFUSED, ask, changed, entries, route_named, snapshot
from tests.architecture.matrix import Entry
from tests.architecture.worlds import Stage
from tests.conftest import Published

MALLORY = "admin by session"
NO_ADMINS = ("anonymous", "removed by session", *(str(role) for role in Role if role != Role.ADMIN))


every_table = pytest.mark.parametrize(
    "table",
    [
        pytest.param(matrix.ADMIN_ROOMS, id="rooms"),
        *(
            pytest.param(matrix.admin_entries(model, shown), id=model._meta.label)
            for model, shown in admin.site._registry.items()
        ),
    ],
)


@every_table
def test_no_page_shows_another_organisation(
    furnished_stage: Stage, published: Published, table: matrix.Table
) -> None:
    cases = [case for case in isolation.cases(table) if case.caller == MALLORY]
    found = [
        one for case in cases for one in isolation.insider_complaints(get_resolver(), furnished_stage, case)
    ]
    assert found + isolation.complaints(get_resolver(), furnished_stage, published, cases) == []


@every_table
def test_every_page_is_shut_to_whoever_is_no_admin(furnished_stage: Stage, table: matrix.Table) -> None:
    callers = [furnished_stage.caller(name) for name in NO_ADMINS]
    for caller in callers:
        caller.client_for(page=True)
    before = snapshot()
    answers = {
        f"{method} {route} as {caller.name}": ask(
            route_named(get_resolver(), route), method, entry, caller, furnished_stage.hotel
        ).status
        for route, method, entry in entries(table, Entry)
        for caller in callers
    }
    assert {call: status for call, status in answers.items() if status not in PAGE_REFUSED} == {}
    assert changed(before, snapshot()) == []
