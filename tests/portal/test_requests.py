"""Carol asks for something in her room; Marta decides, once, and everybody who may see it hears of it."""

from __future__ import annotations

from typing import Any
from unittest.mock import ANY
from uuid import uuid4

import pytest

from accounts.actor import Actor
from accounts.models import AuditEntry, Member, Role, SpaceAccess, SpaceRole
from accounts.permissions import Scope
from common.clock import now
from common.errors import Forbidden
from portal.actions import approve_request, create_request, withdraw_request
from portal.models import ClientRequest, RequestStatus
from tests.cast import Cast, Person, make_person
from tests.conftest import Api, Published
from tests.plans import asked_by
from tests.portal.asked import ask, asked, enclosed

PATH = "client-requests/"


def told(published: Published) -> list[tuple[Any, set[str]]]:
    """The frames of requests, and who hears them."""
    heard = [(event.frame(), {str(one) for one in audience}) for event, audience in published()]
    return [(frame, audience) for frame, audience in heard if frame["type"] == "request"]


def everybody(cast: Cast) -> set[str]:
    """Who sees what is asked for in room 101."""
    return {cast.alice.id, cast.marta.id, cast.bob.id, cast.carol.id, cast.vera.id}


def titles(person: Person, query: str = "") -> list[str]:
    return [one["title"] for one in Api(person).get(f"{PATH}?{query}").json()["results"]]


def test_carol_asks_and_marta_approves(cast: Cast, published: Published) -> None:
    made = ask(cast.carol, cast.room, title=" Two more towels ", description="Large ones.")
    expected = {
        "id": ANY,
        "space": {"id": str(cast.room.pk), "kind": "room", "name": "Room 101"},
        "kind": "material",
        "title": "Two more towels",
        "description": "Large ones.",
        "status": "pending",
        "created_by": {"id": cast.carol.id, "name": "Carol", "role": "client"},
        "created_at": ANY,
        "updated_at": made.json()["created_at"],
        "decided_by": None,
        "decided_at": None,
        "reason": "",
        "files": [],
        "version": 1,
    }
    assert (made.status_code, made.json()) == (201, expected)
    request = made.json()
    assert told(published) == [({"type": "request", "event": "created", "request": request}, everybody(cast))]
    one = f"{PATH}{request['id']}/"
    for person in (cast.carol, cast.vera, cast.bob, cast.marta):
        assert Api(person).get(one).json() == request
        assert Api(person).get(PATH).json() == {"results": [request], "next": None}

    decided = Api(cast.marta).post(f"{one}approve/", {"reason": "As agreed."})
    assert decided.status_code == 200
    assert decided.json() == {
        **request,
        "status": "approved",
        "decided_by": {"id": cast.marta.id, "name": "Marta", "role": "manager"},
        "decided_at": ANY,
        "updated_at": ANY,
        "reason": "As agreed.",
        "version": 2,
    }
    assert told(published) == [
        ({"type": "request", "event": "approved", "request": decided.json()}, everybody(cast))
    ]
    assert Api(cast.carol).get(one).json() == decided.json()
    (trace,) = AuditEntry.objects.filter(verb__startswith="request.")
    assert (trace.verb, trace.actor, trace.object_id, trace.data) == (
        "request.approved",
        cast.marta.member,
        request["id"],
        {"reason": "As agreed."},
    )


def test_alice_rejects_one(cast: Cast, published: Published) -> None:
    request = asked(cast.carol, cast.room)
    rejected = Api(cast.alice).post(f"{PATH}{request.pk}/reject/").json()
    assert (rejected["status"], rejected["decided_by"]["name"], rejected["reason"]) == (
        "rejected",
        "Alice",
        "",
    )
    ((frame, audience),) = told(published)
    assert (frame["event"], frame["request"], audience) == ("rejected", rejected, everybody(cast))
    assert AuditEntry.objects.filter(verb="request.rejected", actor=cast.alice.member).count() == 1


def test_carol_asks_for_it_otherwise(cast: Cast, published: Published) -> None:
    request = asked(cast.carol, cast.room, "Towels", description="Two.")
    one = f"{PATH}{request.pk}/"
    changed = Api(cast.carol).patch(one, {"title": "Four towels", "kind": "info"})
    body = changed.json()
    assert (changed.status_code, body["title"], body["kind"], body["description"], body["version"]) == (
        *(200, "Four towels", "info", "Two."),
        2,
    )
    ((frame, audience),) = told(published)
    assert (frame["event"], frame["request"], audience) == ("changed", body, everybody(cast))
    assert Api(cast.carol).patch(one, {"title": "Four towels"}).json() == body
    assert Api(cast.carol).patch(one, {"description": ""}).json()["description"] == ""
    assert [frame["request"]["version"] for frame, _ in told(published)] == [3]


def test_carol_takes_it_back(cast: Cast, published: Published) -> None:
    request = asked(cast.carol, cast.room)
    taken = Api(cast.carol).post(f"{PATH}{request.pk}/withdraw/")
    assert (taken.status_code, taken.json()["status"], taken.json()["decided_by"]) == (200, "withdrawn", None)
    ((frame, audience),) = told(published)
    assert (frame["event"], frame["request"], audience) == ("withdrawn", taken.json(), everybody(cast))
    assert not AuditEntry.objects.filter(verb__startswith="request.").exists()


@pytest.mark.parametrize("status", ["approved", "rejected", "withdrawn"])
def test_what_is_settled_stays_so(cast: Cast, published: Published, status: str) -> None:
    who: dict[str, Any] = {"decided_by": cast.alice.member, "decided_at": now()}
    who = {} if status == "withdrawn" else who
    request = asked(cast.carol, cast.room, status=status, **who)
    one = f"{PATH}{request.pk}/"
    current = Api(cast.carol).get(one).json()
    for answer in (
        Api(cast.marta).post(f"{one}approve/"),
        Api(cast.marta).post(f"{one}reject/", {"reason": "No."}),
        Api(cast.carol).post(f"{one}withdraw/"),
        Api(cast.carol).patch(one, {"title": "More"}),
    ):
        assert (answer.status_code, answer.json()["error"]) == (
            409,
            {"code": "conflict", "message": "This has been settled already.", "current": current},
        )
    assert told(published) == []
    assert Api(cast.carol).get(one).json() == current
    assert not AuditEntry.objects.filter(verb__startswith="request.").exists()


def test_asked_twice_it_is_one(cast: Cast, published: Published) -> None:
    """Whatever is said the second time. Another member's id is another's."""
    client_id = str(uuid4())
    first = ask(cast.carol, cast.room, client_id=client_id)
    told(published)
    again = ask(cast.carol, cast.room, client_id=client_id, title="Other")
    assert (again.status_code, again.json()) == (200, first.json())
    assert told(published) == []
    assert ask(cast.bob, cast.room, client_id=client_id).status_code == 201
    assert ClientRequest.objects.count() == 2


def test_what_was_asked_where_one_comes_no_more_is_not_told_again(cast: Cast) -> None:
    client_id = uuid4()
    asked(cast.carol, cast.room).delete()
    ask(cast.carol, cast.room, client_id=str(client_id))
    SpaceAccess.objects.filter(member=cast.carol.member).update(space=cast.other_room)
    assert ask(cast.carol, cast.other_room, client_id=str(client_id)).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("kind", one) for one in ("", "wish", None)),
        *(("title", one) for one in ("", "  ", "x" * 201, None, "a\x00b")),
        *(("description", one) for one in ("x" * 5001, None)),
        *(("client_id", one) for one in ("", "7", None)),
        *(("space", one) for one in ("", "room", None)),
    ],
)
def test_what_is_wrong_is_named(cast: Cast, field: str, value: Any) -> None:
    refused = ask(cast.carol, cast.room, **{field: value})
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (400, [field])
    assert not ClientRequest.objects.exists()


def test_a_change_and_a_decision_that_are_wrong_are_named(cast: Cast) -> None:
    one = f"{PATH}{asked(cast.carol, cast.room).pk}/"
    for answer, field in (
        (Api(cast.carol).patch(one, {"title": ""}), "title"),
        (Api(cast.carol).patch(one, {"kind": "wish"}), "kind"),
        (Api(cast.marta).post(f"{one}approve/", {"reason": "x" * 1001}), "reason"),
        (Api(cast.carol).get(f"{PATH}?status=open"), "status"),
        (Api(cast.carol).get(f"{PATH}?space=room"), "space"),
        (Api(cast.carol).get(f"{PATH}?cursor=abc"), "cursor"),
    ):
        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, [field])


# --- who is turned away ---------------------------------------------------------------------------------------------


def test_who_may_ask(cast: Cast) -> None:
    """In a space: its client and its project manager, and the staff."""
    pedro = make_person(cast.hotel, Role.EXTERNAL_PM, "Pedro")
    SpaceAccess.objects.create(member=pedro.member, space=cast.room, role=SpaceRole.EXTERNAL_PM)
    for person in (cast.carol, pedro, cast.bob, cast.marta, cast.alice):
        assert ask(person, cast.room).status_code == 201
    for person in (cast.dana, cast.robo, cast.mallory, cast.oscar, cast.paula):
        assert ask(person, cast.room).status_code == 404
    assert ask(cast.vera, cast.room).status_code == 403
    assert ask(cast.carol, cast.other_room).status_code == 404
    assert ask(cast.carol, cast.acme_project).status_code == 404


def test_the_narrower_role_wins(cast: Cast) -> None:
    """A client who may only look in a space, and a viewer who is its client."""
    request = asked(cast.carol, cast.room)
    SpaceAccess.objects.filter(member=cast.carol.member).update(role=SpaceRole.VIEWER)
    SpaceAccess.objects.filter(member=cast.vera.member).update(role=SpaceRole.CLIENT)
    assert [ask(one, cast.room).status_code for one in (cast.carol, cast.vera)] == [403, 403]
    one = f"{PATH}{request.pk}/"
    assert Api(cast.carol).get(one).status_code == 200
    assert Api(cast.carol).patch(one, {"title": "More"}).status_code == 403
    assert Api(cast.carol).post(f"{one}withdraw/").status_code == 403


@pytest.mark.parametrize("role", [Role.GUEST, Role.BOT])
def test_guests_and_bots_do_neither(cast: Cast, role: Role) -> None:
    """Whatever access they have been given."""
    somebody = make_person(cast.hotel, role, "Zoe", site=cast.site if role == Role.GUEST else None)
    SpaceAccess.objects.create(member=somebody.member, space=cast.room)
    request = asked(cast.carol, cast.room)
    assert titles(somebody) == []
    assert ask(somebody, cast.room).status_code == 403
    for deed in ("approve", "reject", "withdraw"):
        assert Api(somebody).post(f"{PATH}{request.pk}/{deed}/").status_code == 404


def test_who_may_decide(cast: Cast) -> None:
    request = asked(cast.carol, cast.room)
    one = f"{PATH}{request.pk}/"
    for deed in ("approve", "reject"):
        for person in (cast.bob, cast.carol, cast.vera):
            assert Api(person).post(f"{one}{deed}/").status_code == 403
        for person in (cast.dana, cast.robo, cast.mallory, cast.paula):
            assert Api(person).post(f"{one}{deed}/").status_code == 404
    request.refresh_from_db()
    assert (request.status, request.version) == (RequestStatus.PENDING, 1)


def test_only_who_asked_changes_it_or_takes_it_back(cast: Cast) -> None:
    request = asked(cast.carol, cast.room)
    one = f"{PATH}{request.pk}/"
    for person in (cast.vera, cast.bob, cast.marta):
        assert Api(person).patch(one, {"title": "More"}).status_code == 403
        assert Api(person).post(f"{one}withdraw/").status_code == 403
    for person in (cast.dana, cast.robo, cast.oscar, cast.paula):
        assert Api(person).get(one).status_code == 404
        assert Api(person).patch(one, {"title": "More"}).status_code == 404
        assert Api(person).post(f"{one}withdraw/").status_code == 404
    assert Api().get(PATH).status_code == 401


def test_a_token_that_may_only_read_does_nothing(cast: Cast) -> None:
    request = asked(cast.carol, cast.room)
    reading = frozenset({Scope.READ})
    carol, marta = (
        Actor(one.member, one.actor.credential, scopes=reading) for one in (cast.carol, cast.marta)
    )
    with pytest.raises(Forbidden):
        create_request(carol, client_id=uuid4(), space=cast.room.pk, kind="info", title="Why?")
    with pytest.raises(Forbidden):
        withdraw_request(carol, request_id=request.pk)
    with pytest.raises(Forbidden):
        approve_request(marta, request_id=request.pk)


# --- lists ----------------------------------------------------------------------------------------------------------


def test_lists_are_of_what_one_sees_the_newest_first(cast: Cast) -> None:
    asked(cast.carol, cast.room, "First")
    asked(cast.bob, cast.other_room, "Other room")
    asked(cast.paula, cast.acme_project, "Acme's")
    decided = {"status": RequestStatus.APPROVED, "decided_by": cast.marta.member, "decided_at": now()}
    asked(cast.bob, cast.room, "Decided", **decided)
    for staff in (cast.alice, cast.marta, cast.bob):
        assert titles(staff) == ["Decided", "Other room", "First"]
    assert titles(cast.carol) == titles(cast.vera) == ["Decided", "First"]
    assert titles(cast.oscar) == ["Acme's"]
    assert titles(cast.dana) == titles(cast.robo) == titles(cast.paula) == []

    assert titles(cast.bob, f"space={cast.room.pk}") == ["Decided", "First"]
    assert titles(cast.bob, "status=pending") == ["Other room", "First"]
    assert titles(cast.bob, f"member={cast.bob.id}") == ["Decided", "Other room"]
    assert titles(cast.carol, f"member={cast.bob.id}&status=approved") == ["Decided"]
    assert titles(cast.bob, f"space={cast.other_room.pk}&status=approved") == []
    assert titles(cast.bob, f"member={cast.paula.id}") == titles(cast.bob, f"member={uuid4()}") == []
    for person, space in ((cast.carol, cast.other_room), (cast.bob, cast.acme_project)):
        assert Api(person).get(f"{PATH}?space={space.pk}").status_code == 404


def test_pages_go_on(cast: Cast) -> None:
    for number in range(5):
        asked(cast.carol, cast.room, f"No. {number}")
    seen, cursor = [], ""
    for _ in range(3):
        page = Api(cast.carol).get(f"{PATH}?limit=2&cursor={cursor}").json()
        seen.append([one["title"] for one in page["results"]])
        cursor = page["next"] or ""
    assert (seen, cursor) == ([["No. 4", "No. 3"], ["No. 2", "No. 1"], ["No. 0"]], "")


def test_a_list_costs_the_same_however_long(cast: Cast) -> None:
    def cost() -> int:
        return len(asked_by(lambda: titles(cast.bob)))

    def more(count: int) -> None:
        for number in range(count):
            decided = {"status": "approved", "decided_by": cast.marta.member, "decided_at": now()}
            one = asked(cast.carol, cast.room, f"No. {number}", **decided)
            enclosed(cast.carol, one, f"Words {uuid4()}")

    more(1)
    cost()
    few = cost()
    more(20)
    assert cost() == few == 4


def test_a_frame_goes_to_whoever_may_see_it(cast: Cast, published: Published) -> None:
    """Those, and nobody else: whoever was removed, or lost access, hears nothing."""
    pedro = make_person(cast.hotel, Role.EXTERNAL_PM, "Pedro")
    SpaceAccess.objects.create(member=pedro.member, space=cast.other_room)
    SpaceAccess.objects.create(member=cast.dana.member, space=cast.other_room)
    SpaceAccess.objects.create(member=cast.robo.member, space=cast.other_room)
    Member.objects.filter(pk=cast.alice.member.pk).update(deactivated_at=now())
    ask(cast.bob, cast.other_room)
    ((_, audience),) = told(published)
    assert audience == {cast.marta.id, cast.bob.id, pedro.id}
    (request,) = ClientRequest.objects.all()
    people = (cast.marta, cast.bob, cast.carol, cast.vera, cast.dana, cast.robo, pedro, cast.mallory)
    seeing = {one.id for one in people if Api(one).get(f"{PATH}{request.pk}/").status_code == 200}
    assert seeing == audience
