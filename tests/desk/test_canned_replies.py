"""Marta writes what is often said; Bob finds it and says it, and nobody else knows of it."""

from __future__ import annotations

from typing import Any
from unittest.mock import ANY

import pytest

from accounts.models import AuditEntry, Member
from desk import actions
from desk.models import CannedReply
from messaging.actions import start_conversation
from messaging.models import Conversation, Kind
from tests.cast import Cast
from tests.conftest import ApiFactory
from tests.plans import asked_by

PATH = "desk/canned-replies/"
WIFI = {"shortcut": "WiFi", "body": "Hello {{client.name}},\nthe network is called Hotel. {{ agent.name }}"}


@pytest.fixture
def wifi(cast: Cast) -> CannedReply:
    return actions.create_canned_reply(cast.marta.actor, **WIFI)


def found(api: ApiFactory, person: Any, query: str = "") -> list[str]:
    return [one["shortcut"] for one in api(person).get(f"{PATH}?{query}").json()["results"]]


def test_marta_writes_one(cast: Cast, api: ApiFactory) -> None:
    made = api(cast.marta).post(PATH, {**WIFI, "language": "en"})
    assert (made.status_code, made.json()) == (
        201,
        {"id": ANY, "shortcut": "wifi", "body": WIFI["body"], "language": "en", "updated_at": ANY},
    )
    one = f"{PATH}{made.json()['id']}/"
    assert api(cast.bob).get(one).json() == made.json()
    changed = api(cast.marta).patch(one, {"body": "It is off."})
    assert (changed.status_code, changed.json()["body"], changed.json()["shortcut"]) == (
        200,
        "It is off.",
        "wifi",
    )
    assert api(cast.marta).delete(one).status_code == 204
    assert api(cast.marta).get(one).status_code == 404
    trace = AuditEntry.objects.filter(verb__startswith="canned_reply").order_by("pk")
    assert [(entry.verb, entry.actor, entry.data) for entry in trace] == [
        ("canned_reply.created", cast.marta.member, {"shortcut": "wifi"}),
        ("canned_reply.changed", cast.marta.member, {"shortcut": "wifi", "changed": ["body"]}),
        ("canned_reply.removed", cast.marta.member, {"shortcut": "wifi"}),
    ]


def test_what_is_so_already_leaves_no_trace(cast: Cast, wifi: CannedReply, api: ApiFactory) -> None:
    assert api(cast.marta).patch(f"{PATH}{wifi.pk}/", {"shortcut": "WIFI"}).status_code == 200
    assert not AuditEntry.objects.filter(verb="canned_reply.changed").exists()


@pytest.mark.parametrize("shortcut", ["wifi", "WIFI", "ＷiFi"])
def test_a_shortcut_is_there_once(cast: Cast, wifi: CannedReply, api: ApiFactory, shortcut: str) -> None:
    again = api(cast.alice).post(PATH, {"shortcut": shortcut, "body": "Another"})
    assert (again.status_code, list(again.json()["error"]["fields"])) == (400, ["shortcut"])
    other = actions.create_canned_reply(cast.marta.actor, shortcut="pool", body="At nine.")
    moved = api(cast.alice).patch(f"{PATH}{other.pk}/", {"shortcut": shortcut})
    assert (moved.status_code, list(moved.json()["error"]["fields"])) == (400, ["shortcut"])
    actions.create_canned_reply(cast.mallory.actor, shortcut="wifi", body="Acme's")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("shortcut", one) for one in ("", "two words", "a/b", "x" * 33, "wi\nfi", None)),
        *(("body", one) for one in ("", "  \n", "x" * 5001, None)),
        ("language", "xx"),
    ],
)
def test_what_is_wrong_is_named(cast: Cast, api: ApiFactory, field: str, value: Any) -> None:
    refused = api(cast.marta).post(PATH, {**WIFI, field: value})
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (400, [field])


def test_agents_read_managers_write_nobody_else_knows(cast: Cast, wifi: CannedReply, api: ApiFactory) -> None:
    one = f"{PATH}{wifi.pk}/"
    bob = api(cast.bob)
    assert [bob.get(PATH).status_code, bob.get(one).status_code] == [200, 200]
    assert [bob.post(PATH, WIFI).status_code, bob.patch(one, {}).status_code] == [403, 403]
    assert bob.delete(one).status_code == 403
    for person in (cast.carol, cast.vera, cast.dana, cast.robo):
        assert api(person).get(PATH).status_code == 403
        assert [api(person).get(one).status_code, api(person).delete(one).status_code] == [404, 404]
    assert api(cast.oscar).get(one).status_code == 404
    assert found(api, cast.oscar) == []


def test_shortcuts_come_before_texts(cast: Cast, wifi: CannedReply, api: ApiFactory) -> None:
    for shortcut, body in (
        ("window", "Cleaned on Mondays"),
        ("bath", "Wi-fi and window of the bath"),
        ("zoo", "-"),
    ):
        actions.create_canned_reply(cast.marta.actor, shortcut=shortcut, body=body)
    assert found(api, cast.bob) == ["bath", "wifi", "window", "zoo"]
    assert found(api, cast.bob, "q=WI") == ["wifi", "window", "bath"]
    assert found(api, cast.bob, "q=bath window") == ["bath"]
    assert found(api, cast.bob, "q=100%25") == []
    page: Any = {}
    pages, query = [], "q=wi&limit=1"
    for _ in range(3):
        page = api(cast.bob).get(f"{PATH}?{query}").json()
        pages += [one["shortcut"] for one in page["results"]]
        query = f"q=wi&limit=1&cursor={page['next']}"
    assert (pages, page["next"]) == (["wifi", "window", "bath"], None)


def test_names_are_filled_in_for_a_conversation(
    cast: Cast, wifi: CannedReply, support: Conversation, api: ApiFactory
) -> None:
    def text(conversation: Conversation) -> str:
        (told,) = api(cast.bob).get(f"{PATH}?conversation={conversation.pk}").json()["results"]
        assert told["body"] == WIFI["body"]
        return str(told["text"])

    assert text(support) == "Hello Carol,\nthe network is called Hotel. Bob"
    pair = start_conversation(cast.bob.actor, kind=Kind.DIRECT, member=cast.carol.member.id).conversation
    assert text(pair) == "Hello Carol,\nthe network is called Hotel. Bob"
    members = [cast.alice.member.id]
    group = start_conversation(cast.bob.actor, kind=Kind.GROUP, members=members).conversation
    assert text(group) == "Hello ,\nthe network is called Hotel. Bob"

    # A name is a text, and nothing else.
    Member.objects.filter(pk=cast.carol.member.pk).update(name="{{agent.name}}\n<b>Carol</b> \\1")
    assert text(support) == "Hello {{agent.name}} <b>Carol</b> \\1,\nthe network is called Hotel. Bob"


def test_names_of_a_conversation_that_one_does_not_see_are_not_told(
    cast: Cast, wifi: CannedReply, api: ApiFactory
) -> None:
    theirs = start_conversation(cast.paula.actor, kind=Kind.SUPPORT).conversation
    assert api(cast.bob).get(f"{PATH}?conversation={theirs.pk}").status_code == 404


def test_a_list_costs_the_same_however_long(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    def cost() -> int:
        return len(asked_by(lambda: found(api, cast.bob, f"q=w&conversation={support.pk}")))

    actions.create_canned_reply(cast.marta.actor, **WIFI)
    cost()
    few = cost()
    for number in range(20):
        actions.create_canned_reply(cast.marta.actor, shortcut=f"w{number}", body="-")
    assert cost() == few
