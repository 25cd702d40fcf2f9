"""PostgreSQL goes away for longer than a moment, and comes back to a pool that asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from psycopg_pool import ConnectionPool, PoolTimeout

from tests.databases import nobody_else_let_in
from tests.faults.services import until

pytestmark = pytest.mark.skipif(
    not settings.IS_POSTGRESQL, reason="a database that can go away (make test-services)"
)


@pytest.fixture
def pool(transactional_db: None) -> Iterator[ConnectionPool]:
    """As the settings have it, but that nobody keeps a connection: each is a new one."""
    options = {**settings.DATABASES["default"]["OPTIONS"]["pool"], "min_size": 0}
    about = {**connection.get_connection_params(), "dbname": connection.settings_dict["NAME"]}
    about.pop("pool", None)
    with ConnectionPool(kwargs=about, **options) as pool:
        yield pool


def test_who_asks_when_it_is_back_does_not_wait_as_long_as_it_was_away(pool: ConnectionPool) -> None:
    with nobody_else_let_in():
        with pytest.raises(PoolTimeout):
            pool.getconn(timeout=0.1)
        until(lambda: pool.get_stats()["connections_errors"] >= 2)
    pool.putconn(pool.getconn(timeout=1.5))
