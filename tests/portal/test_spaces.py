"""The spaces one sees, and where one may ask for something."""

from __future__ import annotations

from accounts.models import Space, SpaceAccess
from tests.cast import Cast, Person
from tests.conftest import Api
from tests.plans import asked_by


def spaces(person: Person, query: str = "") -> list[tuple[str, bool]]:
    return [
        (one["name"], one["may_request"]) for one in Api(person).get(f"spaces/?{query}").json()["results"]
    ]


def test_carol_sees_her_room(cast: Cast) -> None:
    answer = Api(cast.carol).get("spaces/")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "results": [{"id": str(cast.room.pk), "kind": "room", "name": "Room 101", "may_request": True}],
            "next": None,
        },
    )


def test_each_sees_their_own(cast: Cast) -> None:
    for staff in (cast.alice, cast.marta, cast.bob):
        assert spaces(staff) == [("Room 101", True), ("Room 102", True)]
    assert spaces(cast.vera) == [("Room 101", False)]
    assert spaces(cast.paula) == spaces(cast.dana) == spaces(cast.robo) == []
    assert spaces(cast.oscar) == [("Tower", True)]
    assert Api().get("spaces/").status_code == 401


def test_by_name_in_pages(cast: Cast) -> None:
    for slug, name in (("b", "Attic"), ("a", "Attic"), ("c", "Cellar")):
        Space.objects.create(organisation=cast.hotel, name=name, slug=slug)
    assert [name for name, _ in spaces(cast.bob)] == ["Attic", "Attic", "Cellar", "Room 101", "Room 102"]
    assert [name for name, _ in spaces(cast.bob, "q=ROOM")] == ["Room 101", "Room 102"]
    assert spaces(cast.bob, "q=100%25") == []
    seen, cursor = [], ""
    for _ in range(5):
        page = Api(cast.bob).get(f"spaces/?limit=1&cursor={cursor}").json()
        seen += [one["id"] for one in page["results"]]
        cursor = page["next"] or ""
    assert (len(set(seen)), cursor) == (5, "")
    assert Api(cast.bob).get("spaces/?cursor=x").status_code == 400


def test_a_list_costs_the_same_however_long(cast: Cast) -> None:
    def cost() -> int:
        return len(asked_by(lambda: spaces(cast.carol)))

    cost()
    few = cost()
    for number in range(20):
        space = Space.objects.create(organisation=cast.hotel, name=f"Room {number}", slug=f"r{number}")
        SpaceAccess.objects.create(member=cast.carol.member, space=space)
    assert len(spaces(cast.carol)) == 21
    assert cost() == few == 3
