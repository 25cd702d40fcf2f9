"""However many requests there are, a page of them is read by an index, from where it begins."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from uuid import uuid4

import pytest
from pytest_django import DjangoDbBlocker

from accounts.models import Role, Space, SpaceAccess
from common.clock import now
from portal.models import ClientRequest, RequestStatus
from tests.cast import Cast, Person, make_cast, make_person
from tests.conftest import Api, shared_rows
from tests.messaging.test_plans import complaints
from tests.plans import plan_of

LIST = "client-requests/"


@pytest.fixture(scope="module")
def _filled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    with shared_rows(django_db_blocker):
        cast = make_cast()
        people = [make_person(cast.hotel, Role.CLIENT, f"Client {number}") for number in range(40)]
        for number, person in enumerate(people):
            space = Space.objects.create(organisation=cast.hotel, name=f"R {number:02}", slug=f"r{number}")
            SpaceAccess.objects.create(member=person.member, space=space)
            fill(person, space, 100)
        fill(cast.carol, cast.room, 100)
        fill(cast.paula, cast.acme_project, 2000)
        yield cast


def fill(person: Person, space: Space, count: int) -> None:
    """One in ten is pending."""
    decided = {"status": RequestStatus.APPROVED, "decided_by": person.member, "decided_at": now()}
    ClientRequest.objects.bulk_create(
        ClientRequest(
            organisation_id=space.organisation_id,
            space=space,
            created_by=person.member,
            client_id=uuid4(),
            kind="info",
            title=f"No. {number}",
            **(decided if number % 10 else {}),
        )
        for number in range(count)
    )


@pytest.fixture
def cast(_filled: Cast, db: None) -> Cast:
    return _filled


def test_every_list_has_its_index(cast: Cast) -> None:
    found = []
    for person, query, index in [
        (cast.marta, "?limit=20", "client_request_newest"),
        (cast.marta, "?limit=20&status=pending", "client_request_by_status"),
        (cast.marta, f"?limit=20&space={cast.room.pk}", "client_request_of_a_space"),
        (cast.marta, f"?limit=20&member={cast.carol.id}", "client_request_of_a_member"),
        (cast.carol, "?limit=20", "client_request_of_a_space"),
    ]:
        first = Api(person).get(LIST + query).json()
        assert first["next"] or "status" in query
        found += look(person, LIST + query, index)
        if first["next"]:
            found += look(person, f"{LIST}{query}&cursor={first['next']}", index)
    assert found == []


def test_the_second_page_begins_where_the_first_ended(cast: Cast) -> None:
    cursor = Api(cast.marta).get(f"{LIST}?limit=20").json()["next"]
    path = f"{LIST}?limit=20&cursor={cursor}"
    assert look(cast.marta, path, "client_request_newest", begins_at="id<") == []


def test_spaces(cast: Cast) -> None:
    cursor = Api(cast.marta).get("spaces/?limit=5").json()["next"]
    for path in ("spaces/?limit=5", f"spaces/?limit=5&cursor={cursor}"):
        assert look(cast.marta, path, "space_by_name") == []


def look(person: Person, path: str, index: str, *, begins_at: str = "") -> list[str]:
    found = complaints(plan_of(partial(Api(person).get, path)), index, begins_at=begins_at)
    return [f"{person.member.name} {path}: {one}" for one in found]
