"""Carol chooses how she is told; the hotel chooses for whoever has not."""

from __future__ import annotations

from typing import Any

import pytest

from delivery.choices import wishes_of
from messaging.actions import start_conversation
from messaging.models import Kind
from tests.cast import Cast
from tests.conftest import ApiFactory
from tests.messaging.test_send_message import say

EVERYTHING = {"email": True, "inbox": True, "push": True}
BUILT_IN = {
    "mention": EVERYTHING,
    "new_message": {"email": True, "push": True},
    "assignment": EVERYTHING,
    "urgent": EVERYTHING,
    "sla_warning": {"email": False, "inbox": True, "push": True},
    "sla_breach": EVERYTHING,
    "file_decision": {"email": True, "inbox": True, "push": False},
    "new_request": EVERYTHING,
    "request_status": EVERYTHING,
    "storage": {"email": True, "inbox": True, "push": False},
}
NIGHT = {"from": "22:00", "until": "07:00", "timezone": "Europe/Madrid"}


def test_nothing_chosen_yet(cast: Cast, api: ApiFactory) -> None:
    assert api(cast.carol).get("preferences/").json() == {"kinds": BUILT_IN, "quiet": None}


def test_carol_chooses(cast: Cast, api: ApiFactory) -> None:
    said = {"kinds": {"mention": {"email": False}}, "quiet": NIGHT}
    answer = api(cast.carol).patch("preferences/", said).json()
    kinds = {**BUILT_IN, "mention": {**EVERYTHING, "email": False}}
    assert answer == {"kinds": kinds, "quiet": NIGHT}
    assert api(cast.carol).patch("preferences/", {"kinds": {"mention": {"push": False}}}).json() == {
        "kinds": {**kinds, "mention": {"email": False, "inbox": True, "push": False}},
        "quiet": NIGHT,
    }
    assert api(cast.carol).patch("preferences/", {"quiet": None}).json()["quiet"] is None
    assert api(cast.bob).get("preferences/").json() == {"kinds": BUILT_IN, "quiet": None}


def test_the_hotel_chooses_for_whoever_has_not(cast: Cast, api: ApiFactory) -> None:
    api(cast.carol).patch("preferences/", {"kinds": {"urgent": {"push": True}}})
    quiet = {"from": "23:00", "until": "06:00"}
    said = {"kinds": {"urgent": {"push": False, "email": False}}, "quiet": quiet}
    chosen = api(cast.alice).patch("preferences/defaults/", said).json()

    assert chosen == {
        "kinds": {**BUILT_IN, "urgent": {"email": False, "inbox": True, "push": False}},
        "quiet": {**quiet, "timezone": "UTC"},
    }
    assert api(cast.alice).get("preferences/defaults/").json() == chosen
    assert api(cast.bob).get("preferences/").json() == chosen
    assert api(cast.carol).get("preferences/").json()["kinds"]["urgent"] == {
        "email": False,
        "inbox": True,
        "push": True,
    }
    assert api(cast.oscar).get("preferences/").json() == {"kinds": BUILT_IN, "quiet": None}


@pytest.mark.parametrize("who", ["marta", "bob", "carol", "dana"])
def test_only_an_admin_chooses_for_all(cast: Cast, api: ApiFactory, who: str) -> None:
    person = getattr(cast, who)
    assert api(person).patch("preferences/defaults/", {"kinds": {}}).status_code == 403
    assert api(person).get("preferences/defaults/").status_code == 403


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kinds": {"gossip": {"push": True}}}, "kinds.gossip"),
        ({"kinds": {"mention": {"fax": True}}}, "kinds.mention.fax"),
        ({"kinds": {"mention": {"push": "perhaps"}}}, "kinds.mention.push"),
        ({"kinds": {"mention": True}}, "kinds.mention.non_field_errors"),
        ({"kinds": {"new_message": {"inbox": True}}}, "kinds.new_message.inbox"),
        ({"kinds": []}, "kinds.non_field_errors"),
        ({"quiet": {"from": "22:00"}}, "quiet.until"),
        ({"quiet": {"from": "25:00", "until": "07:00"}}, "quiet.from"),
        ({"quiet": {**NIGHT, "timezone": "Hotel/Bar"}}, "quiet.timezone"),
        ({"sound": True}, "sound"),
    ],
)
def test_what_is_wrong_is_named(cast: Cast, api: ApiFactory, said: Any, field: str) -> None:
    response = api(cast.carol).patch("preferences/", said)
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, [field])
    assert api(cast.carol).get("preferences/").json()["kinds"] == BUILT_IN


def test_what_is_not_wanted_is_not_in_the_inbox(cast: Cast, api: ApiFactory) -> None:
    api(cast.carol).patch("preferences/", {"kinds": {"mention": {"inbox": False}}})
    pair = start_conversation(cast.bob.actor, kind=Kind.DIRECT, member=cast.carol.member.id).conversation
    say(cast.bob, pair, "@Carol?")
    assert api(cast.carol).get("notifications/").json()["results"] == []


def test_many_cost_no_more_than_one(cast: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        wishes_of([cast.carol.member.id])
    with django_assert_num_queries(2):
        wishes_of([one.member.id for one in (cast.carol, cast.bob, cast.alice, cast.mallory)])
