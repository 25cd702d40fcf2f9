"""The ways to come in: a token, a session. And how each of them ends."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from unittest.mock import ANY
from uuid import UUID

import pytest

from accounts.actions import deactivate_member, make_token, revoke_token
from accounts.models import AuditEntry, Organisation, Role, Token, TokenKind, User
from accounts.permissions import GRANTED, Permission, Scope
from common.api import pack_cursor
from common.clock import now
from common.errors import Forbidden, NotFound
from tests.cast import Cast, Person, make_person
from tests.clients import Client
from tests.conftest import ApiFactory

OF_MANAGERS = {
    "delete_channels",
    "edit_any_time",
    "delete_any_message",
    "erase_messages",
    "audit",
    "manage_entities",
}


def test_a_token_says_who_one_is(cast: Cast, api: ApiFactory) -> None:
    response = api(cast.carol).get("me/")
    assert response.json() == {
        "member": {"id": cast.carol.id, "name": "Carol", "role": "client"},
        "organisation": {"id": ANY, "slug": "hotel", "name": "Hotel", "locale": "en", "timezone": "UTC"},
        "permissions": [
            "see_people",
            "move_receipts",
            "change_settings",
            "send",
            "start_direct",
            "start_support",
            "add_people",
            "create_requests",
        ],
        "settings": {"read_private": False, "locale": ""},
    }
    assert response.headers["Cache-Control"] == "private, no-store"


def test_bob_speaks_spanish(cast: Cast, api: ApiFactory) -> None:
    """What he does not name stays; "" is the organisation's again."""
    me = api(cast.bob)
    assert me.patch("me/", {"locale": "es"}).json()["settings"] == {"read_private": False, "locale": "es"}
    assert me.patch("me/", {"read_private": True}).json()["settings"] == {
        "read_private": True,
        "locale": "es",
    }
    assert me.patch("me/", {"locale": ""}).json()["settings"]["locale"] == ""
    refused = me.patch("me/", {"locale": "fr"})
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (400, ["locale"])
    assert me.get("me/").json()["settings"] == {"read_private": True, "locale": ""}


def test_a_session_says_so_too(cast: Cast) -> None:
    assert signed_in(cast.bob.member.user).get("/api/v1/me/").json()["member"]["name"] == "Bob"


def signed_in(user: User | None) -> Client:
    assert user
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


def test_a_session_needs_its_csrf_token_to_change_anything(cast: Cast) -> None:
    client = signed_in(cast.bob.member.user)
    ticket = partial(client.post, "/api/v1/socket-ticket/", {}, content_type="application/json")
    assert ticket().status_code == 403
    client.get("/chat/")
    token = client.cookies["csrftoken"].value
    assert ticket(headers={"X-CSRFToken": token}).status_code == 200


def test_in_several_organisations_one_is_chosen(cast: Cast) -> None:
    user = cast.bob.member.user
    other = make_person(cast.acme, Role.AGENT, "Bob of Acme").member
    other.user = user
    other.save()
    client = signed_in(user)

    assert client.get("/api/v1/me/").status_code == 400
    for slug, name in (("hotel", "Bob"), ("acme", "Bob of Acme")):
        assert client.get("/api/v1/me/", headers={"X-Organisation": slug}).json()["member"]["name"] == name
        # A browser that asks by itself sends no header of ours.
        assert client.get("/api/v1/me/", {"organisation": slug}).json()["member"]["name"] == name
    assert client.get("/api/v1/me/", headers={"X-Organisation": "nowhere"}).status_code == 401
    assert client.get("/api/v1/me/", {"organisation": "nowhere"}).status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer nonsense", "Basic YTpi", "Bearer \x00"])
def test_without_a_valid_token_nobody_comes_in(cast: Cast, header: str) -> None:
    response = Client(headers={"Authorization": header}).get("/api/v1/me/")
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "not_authenticated"
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_every_way_a_token_ends(cast: Cast, api: ApiFactory) -> None:
    tokens = Token.objects.filter(member=cast.carol.member)
    for change in ({"expires_at": now() - timedelta(seconds=1)}, {"revoked_at": now()}):
        tokens.update(**change)
        assert api(cast.carol).get("me/").status_code == 401
        tokens.update(expires_at=None, revoked_at=None)
    Organisation.objects.filter(pk=cast.hotel.pk).update(is_active=False)
    assert api(cast.carol).get("me/").status_code == 401


def test_the_removed_do_not_come_in(cast: Cast, api: ApiFactory) -> None:
    assert api(cast.greta).get("me/").status_code == 401
    assert signed_in(cast.greta.member.user).get("/api/v1/me/").status_code == 401


def test_alice_deactivates_bob(cast: Cast, api: ApiFactory) -> None:
    deactivate_member(cast.alice.actor, member_id=cast.bob.member.id)
    assert api(cast.bob).get("me/").status_code == 401
    assert AuditEntry.objects.get().verb == "member.deactivated"


def test_who_may_not(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        deactivate_member(cast.bob.actor, member_id=cast.carol.member.id)
    with pytest.raises(NotFound):
        deactivate_member(cast.mallory.actor, member_id=cast.carol.member.id)
    token = Token.objects.get(member=cast.carol.member)
    for stranger in (cast.bob, cast.mallory):
        with pytest.raises(NotFound):
            revoke_token(stranger.actor, token_id=token.id)


def test_the_audit_log_is_append_only(cast: Cast) -> None:
    deactivate_member(cast.alice.actor, member_id=cast.bob.member.id)
    for change in (AuditEntry.objects.all().delete, lambda: AuditEntry.objects.update(verb="nothing")):
        with pytest.raises(TypeError):
            change()


def test_a_scope_narrows_what_the_role_grants(cast: Cast, api: ApiFactory) -> None:
    issued = make_token(cast.bob.member, kind=TokenKind.API, scopes=frozenset({Scope.READ}))
    me = api(Authorization=f"Bearer {issued.secret}").get("me/").json()
    assert me["permissions"] == [
        "see_queue",
        "see_every_channel",
        "see_people",
        "see_notes",
        "use_canned_replies",
    ]


@pytest.mark.parametrize(
    ("role", "granted"),
    [
        (Role.GUEST, set()),
        (Role.VIEWER, set()),
        (Role.CLIENT, {"add_people"}),
        (Role.EXTERNAL_PM, {"add_people"}),
        (Role.BOT, {"manage_entities"}),
        (Role.AGENT, {"add_people"}),
        (Role.MANAGER, {"add_people", *OF_MANAGERS}),
        (Role.ADMIN, {"add_people", *OF_MANAGERS}),
    ],
)
def test_what_becomes_of_what_was_said_is_the_managers(role: Role, granted: set[str]) -> None:
    assert GRANTED[role] & {"add_people", *OF_MANAGERS} == granted


def test_a_token_that_only_writes_erases_and_audits_nothing(cast: Cast, api: ApiFactory) -> None:
    issued = make_token(cast.marta.member, kind=TokenKind.API, scopes=frozenset({Scope.READ, Scope.WRITE}))
    me = api(Authorization=f"Bearer {issued.secret}").get("me/").json()
    assert OF_MANAGERS & set(me["permissions"]) == {"edit_any_time", "delete_any_message"}


def test_without_the_scope_to_read_a_token_opens_nothing(cast: Cast, api: ApiFactory) -> None:
    issued = make_token(cast.bob.member, kind=TokenKind.API, scopes=frozenset({Scope.WRITE}))
    assert api(Authorization=f"Bearer {issued.secret}").get("me/").status_code == 403


def test_every_role_and_permission_is_in_the_table() -> None:
    assert set(GRANTED) == set(Role)
    assert set().union(*GRANTED.values()) == set(Permission)


def test_people_one_may_talk_to(cast: Cast, api: ApiFactory) -> None:
    def names(person: Person, query: str = "") -> list[str]:
        return [one["name"] for one in api(person).get(f"members/{query}").json()["results"]]

    assert names(cast.bob) == ["Alice", "Bob", "Carol", "Dana", "Marta", "Robo", "Vera"]
    assert names(cast.carol) == ["Alice", "Bob", "Carol", "Marta", "Vera"]
    assert names(cast.dana) == []
    assert names(cast.bob, "?q=AR") == ["Carol", "Marta"]
    assert names(cast.bob, "?role=guest") == ["Dana"]
    assert names(cast.mallory) == ["Mallory", "Oscar", "Paula"]


@pytest.mark.parametrize("position", [("a", "x"), ([], {}), (None, None), ("a",), ("nul \x00", UUID(int=1))])
def test_a_forged_cursor_is_named(cast: Cast, api: ApiFactory, position: tuple[object, ...]) -> None:
    response = api(cast.bob).get(f"members/?cursor={pack_cursor(*position)}")
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, ["cursor"])
