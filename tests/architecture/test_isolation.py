"""No organisation reaches another one: every route, every method, every role, every id.

The cases follow from the table in `matrix.py`; `isolation.py` judges them. The socket's half is in
`test_isolation_of_the_socket.py`, the admin's own rules are in `test_admin.py`.
"""

from __future__ import annotations

import pytest
from django.urls import get_resolver

from tests.architecture import isolation, matrix
from tests.architecture.isolation import Case
from tests.architecture.worlds import Stage
from tests.conftest import Published

CASES = list(isolation.cases(matrix.ROUTES))


def test_every_route_has_an_entry() -> None:
    assert matrix.complaints(get_resolver()) == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_out_of_reach(stage: Stage, published: Published, case: Case) -> None:
    assert isolation.insider_complaints(get_resolver(), stage, case) == []
    assert isolation.complaints(get_resolver(), stage, published, case) == []
