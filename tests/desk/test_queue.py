"""Dana waits, then Carol: who is first, how long it may take, and what they are told as it moves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Role
from common.clock import now
from desk.actions import assign, tell_moved_queues
from desk.models import Assignment, State
from desk.pending import moved
from desk.queries import place_at_first
from messaging.actions import start_conversation
from messaging.models import Conversation, Kind
from tests.cast import Cast, make_person
from tests.conftest import ApiFactory, Published


@pytest.fixture(autouse=True)
def _nothing_moved() -> None:
    moved.take()


@pytest.fixture
def danas(cast: Cast) -> Conversation:
    return start_conversation(cast.dana.actor, kind=Kind.SUPPORT).conversation


@pytest.fixture
def carols(cast: Cast, danas: Conversation) -> Conversation:
    return start_conversation(cast.carol.actor, kind=Kind.SUPPORT).conversation


def place(api: ApiFactory, who: Any, conversation: Conversation) -> Any:
    return api(who).get(f"desk/places/{conversation.pk}/").json()


def waits(cast: Cast, *minutes: int, place: int = 1) -> None:
    """So long others waited before, in this place of the queue."""
    for one in minutes:
        client = make_person(cast.hotel, Role.GUEST, "Gone").member
        served = Conversation.objects.create(
            organisation=cast.hotel, kind=Kind.SUPPORT, client=client, created_by=client
        )
        Assignment.objects.create(
            organisation=cast.hotel,
            conversation=served,
            assignee=cast.bob.member,
            assigned_by=cast.bob.member,
            queued_at=now() - timedelta(minutes=one),
            created_at=now(),
            place=place,
        )


def test_the_first_comes_first(
    cast: Cast, danas: Conversation, carols: Conversation, api: ApiFactory
) -> None:
    queue = api(cast.bob).get("desk/queue/").json()
    assert [one["conversation"]["id"] for one in queue["results"]] == [str(danas.pk), str(carols.pk)]
    assert [set(one) for one in queue["results"]] == [{"conversation", "queued_at", "waited_s"}] * 2
    first = api(cast.bob).get("desk/queue/?limit=1").json()
    second = api(cast.bob).get(f"desk/queue/?limit=1&cursor={first['next']}").json()
    assert [one["conversation"]["id"] for one in second["results"]] == [str(carols.pk)]
    assert second["next"] is None


def test_each_knows_their_place(
    cast: Cast, danas: Conversation, carols: Conversation, api: ApiFactory
) -> None:
    """Of how long it takes nobody knows enough yet."""
    assert place(api, cast.dana, danas) == {"conversation": str(danas.pk), "place": 1, "wait_s": None}
    assert place(api, cast.carol, carols) == {"conversation": str(carols.pk), "place": 2, "wait_s": None}
    assign(cast.bob.actor, conversation_id=danas.pk)
    assert place(api, cast.carol, carols)["place"] == 1
    assert place(api, cast.dana, danas) == {"conversation": str(danas.pk), "place": None, "wait_s": None}


def test_how_long_it_takes_is_told_from_the_last(
    cast: Cast, danas: Conversation, carols: Conversation, api: ApiFactory
) -> None:
    """The median of a place's minutes: of somebody who began as the third, a third of their wait."""
    waits(cast, 2, 2, 4)
    waits(cast, 12, place=3)
    assert place(api, cast.carol, carols)["wait_s"] is None
    waits(cast, 60)
    assert place(api, cast.dana, danas)["wait_s"] == 4 * 60
    assert place(api, cast.carol, carols)["wait_s"] == 8 * 60


def test_what_is_kept_of_a_wait(cast: Cast, danas: Conversation, carols: Conversation) -> None:
    """Whoever was served before did not wait for it."""
    assert place_at_first(carols) == 2
    first = assign(cast.bob.actor, conversation_id=carols.pk)
    danas.refresh_from_db()
    assert (first.queued_at, first.place) == (carols.queued_at, 2)
    passed_on = assign(cast.marta.actor, conversation_id=carols.pk, member=cast.marta.member.id)
    assert (passed_on.queued_at, passed_on.place) == (None, None)


def test_who_waits_is_told_when_it_moves_and_not_of_each_move(
    cast: Cast, danas: Conversation, carols: Conversation, published: Published
) -> None:
    assign(cast.bob.actor, conversation_id=danas.pk)
    published()
    tell_moved_queues()
    told = [(event.frame(), {str(one) for one in audience}) for event, audience in published()]
    assert told == [
        (
            {"type": "queue", "conversation": str(carols.pk), "place": 1, "wait_s": None},
            {cast.carol.id},
        )
    ]
    tell_moved_queues()
    assert published() == []


def test_what_is_said_moves_nothing(cast: Cast, danas: Conversation, published: Published) -> None:
    published()
    moved.take()
    assert moved.is_empty()


def test_those_far_behind_ask_themselves(
    cast: Cast, danas: Conversation, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.actions.queueing.TOLD", 1)
    start_conversation(cast.carol.actor, kind=Kind.SUPPORT)
    published()
    tell_moved_queues()
    assert [event.frame()["place"] for event, _ in published()] == [1]


@pytest.mark.parametrize(("who", "expected"), [("carol", 403), ("vera", 403), ("robo", 403)])
def test_the_queue_is_the_staffs(cast: Cast, api: ApiFactory, who: str, expected: int) -> None:
    assert api(getattr(cast, who)).get("desk/queue/").status_code == expected


def test_nobody_sees_another_tenants_queue(
    cast: Cast, danas: Conversation, carols: Conversation, api: ApiFactory
) -> None:
    assert api(cast.oscar).get("desk/queue/").json() == {"results": [], "next": None}
    assert api(cast.oscar).get(f"desk/places/{danas.pk}/").status_code == 404
    assert api(cast.carol).get(f"desk/places/{danas.pk}/").status_code == 404
    assert not Assignment.objects.exclude(state=State.ACTIVE).exists()
