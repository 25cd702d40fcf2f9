"""Sync: what a client missed, by version, and nothing else."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import ANY
from uuid import uuid4

import pytest

from common.clock import now
from delivery import queries
from delivery.actions import move_receipt
from messaging.actions import start_conversation
from messaging.models import Conversation, Kind, Participant
from tests.cast import Cast, Person
from tests.conftest import Api, ApiFactory
from tests.messaging.test_send_message import say

SYNC = "chat/sync/"


def sync(person: Person, **body: Any) -> Any:
    response = Api(person).post(SYNC, body)
    assert response.status_code == 200
    return response.json()


def cursors_after(answer: Any) -> dict[str, list[int]]:
    return {
        one["conversation"]["id"]: [one["conversation"]["version"], one["conversation"]["receipt_version"]]
        for one in answer["conversations"]
    }


def bodies(answer: Any) -> list[str]:
    return [message["body"] for one in answer["conversations"] for message in one["messages"]]


def test_a_first_visit_gets_everything_that_is_new(cast: Cast, support: Conversation) -> None:
    say(cast.carol, support, "Hi")

    answer = sync(cast.bob)
    assert answer == {
        "epoch": ANY,
        "conversations": [
            {"conversation": ANY, "messages": [ANY], "watermarks": [[cast.carol.id, 1, 0]], "limited": False}
        ],
        "gone": [],
        "more": False,
        "poll_after_ms": 5000,
    }
    assert answer["conversations"][0]["conversation"]["id"] == str(support.id)
    assert bodies(answer) == ["Hi"]


def test_whoever_is_up_to_date_gets_nothing(cast: Cast, support: Conversation) -> None:
    say(cast.carol, support)
    answer = sync(cast.carol, cursors=cursors_after(sync(cast.carol)))
    assert answer["conversations"] == []


def test_only_what_changed_since(cast: Cast, support: Conversation) -> None:
    say(cast.carol, support, "Old")
    cursors = cursors_after(sync(cast.carol))
    say(cast.bob, support, "New")

    answer = sync(cast.carol, cursors=cursors)
    # That Bob has come, and what he says.
    assert bodies(answer) == ["", "New"]
    assert {one["member"]["name"] for one in answer["conversations"][0]["conversation"]["participants"]} == {
        "Carol",
        "Bob",
    }


def test_a_receipt_alone_is_a_change(cast: Cast, support: Conversation) -> None:
    say(cast.bob, support)
    cursors = cursors_after(sync(cast.bob))
    move_receipt(cast.carol.actor, conversation_id=support.id, read=1)

    (change,) = sync(cast.bob, cursors=cursors)["conversations"]
    assert change["messages"] == []
    assert [cast.carol.id, 1, 1] in change["watermarks"]


def test_too_much_to_catch_up_gives_the_newest_page(cast: Cast, support: Conversation) -> None:
    say(cast.carol, support, "0")
    cursors = cursors_after(sync(cast.carol))
    for number in range(1, 6):
        say(cast.carol, support, str(number))

    (change,) = sync(cast.carol, cursors=cursors, limit=3)["conversations"]
    assert change["limited"]
    assert [message["body"] for message in change["messages"]] == ["3", "4", "5"]


def test_a_long_answer_comes_in_parts(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, support: Conversation
) -> None:
    monkeypatch.setattr(queries, "ANSWER_BYTES", 4_000)
    for number in range(6):
        group = start_conversation(
            cast.bob.actor, kind=Kind.GROUP, title=str(number), members=[cast.carol.member.id]
        )
        say(cast.bob, group.conversation, f"{number} " + "x" * 1000)

    cursors: dict[str, list[int]] = {}
    parts, said = 0, []
    while True:
        answer = sync(cast.carol, cursors=cursors)
        cursors |= cursors_after(answer)
        said += [body.split()[0] for body in bodies(answer)]
        parts += 1
        if not answer["more"]:
            break
    assert parts > 2
    assert said == ["5", "4", "3", "2", "1", "0"]


def test_one_conversation_of_long_messages_stays_within_the_answer(cast: Cast, support: Conversation) -> None:
    """A frame over 1 MiB would close the socket of everybody who hears the conversation."""
    worst = "\x01" * 5000  # six bytes each in JSON
    for _ in range(50):
        say(cast.carol, support, worst)

    answer = sync(cast.bob)
    assert len(json.dumps(answer, ensure_ascii=False).encode()) < queries.ANSWER_BYTES + 1000
    (first,) = answer["conversations"]
    assert [message["seq"] for message in first["messages"]] == [48, 49, 50]
    assert not first["limited"]
    assert sync(cast.bob, cursors={str(support.id): [2, 0]})["conversations"][0]["limited"]


def test_what_is_no_longer_visible_is_gone(cast: Cast) -> None:
    group = start_conversation(cast.bob.actor, kind=Kind.GROUP, members=[cast.carol.member.id]).conversation
    cursors = cursors_after(sync(cast.carol))
    Participant.objects.filter(conversation=group, member=cast.carol.member).update(left_at=now())

    answer = sync(cast.carol, cursors=cursors)
    assert (answer["conversations"], answer["gone"]) == ([], [str(group.id)])


def test_a_strangers_conversation_is_gone_like_one_that_never_was(cast: Cast, support: Conversation) -> None:
    never = str(uuid4())
    answer = sync(cast.mallory, cursors={str(support.id): [0, 0], never: [0, 0]})
    assert answer["conversations"] == []
    assert set(answer["gone"]) == {str(support.id), never}


def test_the_cost_does_not_grow_with_history_or_conversations(
    cast: Cast, support: Conversation, django_assert_num_queries: Any
) -> None:
    def grow(count: int) -> None:
        for number in range(count):
            group = start_conversation(cast.bob.actor, kind=Kind.GROUP, members=[cast.carol.member.id])
            say(cast.bob, group.conversation, str(number))

    sync(cast.carol)
    grow(2)
    # The token; what is behind; those, their last messages, participants and messages, how one wants them; the epoch;
    # that one polled.
    with django_assert_num_queries(8):
        sync(cast.carol)
    grow(20)
    with django_assert_num_queries(8):
        sync(cast.carol)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"cursors": {"x": [1, 1]}}, "cursors"),
        ({"cursors": {str(uuid4()): [1]}}, "cursors"),
        ({"cursors": {str(uuid4()): ["a", 1]}}, "cursors"),
        ({"cursors": {str(uuid4()): [2**70, 1]}}, "cursors"),
        ({"cursors": []}, "cursors"),
        ({"limit": 0}, "limit"),
    ],
)
def test_bad_input_is_named(cast: Cast, api: ApiFactory, body: dict[str, Any], field: str) -> None:
    response = api(cast.carol).post(SYNC, body)
    assert response.status_code == 400
    assert next(iter(response.json()["error"]["fields"])).startswith(field)


def test_those_who_missed_nothing_are_told_so_together(cast: Cast, support: Conversation) -> None:
    """As sync would tell each; whoever has missed something, or read what we do not know of, is None."""
    say(cast.carol, support, "Hi")
    own, current = Participant.objects.get(member=cast.carol.member), Conversation.objects.get(pk=support.pk)
    there = {support.id: (current.version, current.receipt_version)}
    known = {support.id: (own.delivered_seq, own.read_seq)}
    clients = [
        queries.Client(cast.carol.actor, there, known),
        queries.Client(cast.carol.actor, {support.id: (current.version - 1, 0)}, {}),
        queries.Client(cast.carol.actor, there, {support.id: (own.delivered_seq, own.read_seq + 1)}),
        queries.Client(cast.carol.actor, there, {support.id: (own.delivered_seq - 1, own.read_seq)}),
        queries.Client(cast.mallory.actor, there, {support.id: (9, 9)}),
        queries.Client(cast.bob.actor, there, {}),
        queries.Client(cast.bob.actor, {}, {}),
    ]
    told = queries.up_to_date(clients)
    assert [one is not None for one in told] == [True, False, False, False, True, True, False]
    assert [told[n] for n in (0, 4, 5)] == [
        queries.sync(one.actor, cursors=one.cursors, limit=50, read=one.read)
        for one in (clients[0], clients[4], clients[5])
    ]
    assert told[4] is not None
    assert told[4]["gone"] == [str(support.id)], "it is not for her"
