"""How a message reached each recipient, and receipts that are written together."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from common.clock import iso, now
from delivery import actions
from delivery.actions import Moving, move_receipt, note_receipts, write_due_receipts
from delivery.models import ReceiptMark
from delivery.pending import Move, PendingReceipts
from messaging.actions import start_conversation
from messaging.models import Conversation, Kind, Participant
from tests.cast import Cast, Person
from tests.conftest import ApiFactory, Published
from tests.messaging.test_send_message import say

CAROL, BOB = UUID(int=1), UUID(int=2)
NOON = datetime.fromisoformat("2026-11-21T12:00:00+00:00")


@pytest.fixture
def group(cast: Cast) -> Conversation:
    """Bob, Carol and Alice; Bob has said one thing."""
    started = start_conversation(
        cast.bob.actor, kind=Kind.GROUP, members=[cast.carol.member.id, cast.alice.member.id]
    )
    say(cast.bob, started.conversation)
    return started.conversation


def deliveries(api: ApiFactory, person: Person, conversation: Conversation, seq: int = 1) -> Any:
    message = conversation.messages.get(seq=seq)
    return api(person).get(f"chat/messages/{message.id}/deliveries/")


def test_each_recipient_with_its_own_times(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    delivered = move_and_time(cast.carol, group, delivered=1)
    read = move_and_time(cast.carol, group, read=1)

    assert deliveries(api, cast.bob, group).json() == {
        "results": [
            {
                "member": {"id": cast.alice.id, "name": "Alice", "role": "admin"},
                "status": "sent",
                "delivered_at": None,
                "read_at": None,
            },
            {
                "member": {"id": cast.carol.id, "name": "Carol", "role": "client"},
                "status": "read",
                "delivered_at": iso(delivered),
                "read_at": iso(read),
            },
        ],
        "next": None,
    }


def move_and_time(person: Person, conversation: Conversation, **marks: int) -> datetime:
    move_receipt(person.actor, conversation_id=conversation.id, **marks)
    return ReceiptMark.objects.order_by("-pk").values_list("at", flat=True)[0]


def test_the_first_mark_that_covers_a_message_tells_its_time(
    cast: Cast, group: Conversation, api: ApiFactory
) -> None:
    for _ in range(3):
        say(cast.bob, group)
    second = move_and_time(cast.carol, group, read=2)
    fourth = move_and_time(cast.carol, group, read=4)

    def read_at(seq: int) -> str:
        return str(deliveries(api, cast.bob, group, seq).json()["results"][1]["read_at"])

    assert [read_at(seq) for seq in (1, 2, 3, 4)] == [iso(second)] * 2 + [iso(fourth)] * 2


def test_whoever_joined_later_is_no_recipient(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    Participant.objects.create(conversation=group, member=cast.marta.member)
    names = [one["member"]["name"] for one in deliveries(api, cast.bob, group).json()["results"]]
    assert names == ["Alice", "Carol"]


def test_the_cost_does_not_grow_with_the_recipients(
    cast: Cast, group: Conversation, api: ApiFactory, django_assert_num_queries: Any
) -> None:
    path = f"chat/messages/{group.messages.get(seq=1).id}/deliveries/"
    # The token, the message, its recipients, their marks.
    with django_assert_num_queries(4):
        api(cast.bob).get(path)
    for person in (cast.marta, cast.vera, cast.robo):
        Participant.objects.create(conversation=group, member=person.member, joined_at=group.created_at)
    with django_assert_num_queries(4):
        assert len(api(cast.bob).get(path).json()["results"]) == 5


def test_outsiders_find_nothing(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    for outsider in (cast.dana, cast.vera, cast.mallory):
        assert deliveries(api, outsider, group).status_code == 404


# --- written together -----------------------------------------------------------------------------------------------


def test_receipts_that_come_together_are_one_write_and_one_frame(
    cast: Cast, group: Conversation, published: Published
) -> None:
    published()
    for person in (cast.carol, cast.alice):
        note_receipts([Moving(person.actor, group.id, delivered=1)])
    note_receipts([Moving(cast.carol.actor, group.id, read=1)])
    assert published() == []

    write_due_receipts(all_of_them=True)
    ((event, audience),) = published()
    frame = event.frame()
    assert (frame["type"], frame["receipt_version"]) == ("receipt", 1)
    assert sorted(frame["watermarks"]) == sorted([[cast.carol.id, 1, 1], [cast.alice.id, 1, 0]])
    assert audience == {cast.bob.member.id, cast.carol.member.id, cast.alice.member.id}
    assert ReceiptMark.objects.count() == 3


def test_the_cost_does_not_grow_with_those_who_read(
    cast: Cast, group: Conversation, django_assert_num_queries: Any
) -> None:
    note_receipts([Moving(cast.carol.actor, group.id, read=1)])
    with CaptureQueriesContext(connection) as one:
        write_due_receipts(all_of_them=True)
    say(cast.bob, group)
    for person in (cast.carol, cast.alice):
        note_receipts([Moving(person.actor, group.id, read=2)])
    with django_assert_num_queries(len(one)):
        write_due_receipts(all_of_them=True)


def test_one_conversation_that_fails_stops_no_other(
    cast: Cast, group: Conversation, support: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(cast.bob, support)
    note_receipts([Moving(cast.carol.actor, group.id, read=1)])
    note_receipts([Moving(cast.carol.actor, support.id, read=1)])
    group.delete()

    write_due_receipts(all_of_them=True)
    assert Participant.objects.get(conversation=support, member=cast.carol.member).read_seq == 1


def test_what_the_database_did_not_take_waits_for_it(
    cast: Cast, group: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was acknowledged, so a restart of PostgreSQL must not lose it."""

    def away(*args: object, **options: object) -> None:
        raise OperationalError("the database system is starting up")

    note_receipts([Moving(cast.carol.actor, group.id, read=1)])
    with monkeypatch.context() as outage:
        outage.setattr(actions.receipts, "write_receipts", away)
        write_due_receipts(all_of_them=True)
    assert Participant.objects.get(conversation=group, member=cast.carol.member).read_seq == 0
    write_due_receipts(all_of_them=True)
    assert Participant.objects.get(conversation=group, member=cast.carol.member).read_seq == 1


def test_whoever_left_meanwhile_moves_nothing(cast: Cast, group: Conversation, published: Published) -> None:
    note_receipts([Moving(cast.carol.actor, group.id, read=1)])
    Participant.objects.filter(conversation=group, member=cast.carol.member).update(left_at=now())
    published()
    write_due_receipts(all_of_them=True)
    assert published() == []


@pytest.mark.parametrize(
    ("moves", "gathered"),
    [
        ([(CAROL, 3, 1), (CAROL, 2, 2)], [(CAROL, 3, 2)]),
        ([(CAROL, 1, 0), (BOB, 1, 1)], [(CAROL, 1, 0), (BOB, 1, 1)]),
    ],
)
def test_gathering_keeps_the_highest(moves: list[Any], gathered: list[Any]) -> None:
    pending = PendingReceipts()
    for member, delivered, read in moves:
        pending.note(BOB, Move(member, delivered, read, NOON), within=0)
    expected = [Move(member, delivered, read, NOON) for member, delivered, read in gathered]
    assert pending.take_due() == {BOB: expected}
    assert pending.take_due() == {}


def test_nothing_is_taken_before_its_time() -> None:
    pending = PendingReceipts()
    pending.note(BOB, Move(CAROL, 1, 1, NOON), within=60)
    assert pending.take_due() == {}
    assert list(pending.take_due(now=float("inf"))) == [BOB]
