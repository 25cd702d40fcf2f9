"""Many at once: the counters stay gapless, a retry that races its first try stays one message."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from uuid import uuid4

import pytest
from django.db import connections

from accounts.models import Role
from messaging.actions import Started, send_message, start_conversation
from messaging.models import Conversation, Kind, Message
from messaging.saying import Sent
from tests.cast import Cast, Person, make_person

T = TypeVar("T")


def at_once(*deeds: Callable[[], T]) -> list[T]:
    """Each in a thread with a database connection of its own."""

    def run(deed: Callable[[], T]) -> T:
        try:
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(run, deeds))


@pytest.fixture
def talk(committed_cast: Cast) -> Conversation:
    return start_conversation(committed_cast.carol.actor, kind=Kind.SUPPORT).conversation


def saying(person: Person, talk: Conversation, times: int) -> Callable[[], list[Sent]]:
    def say() -> list[Sent]:
        return [
            send_message(person.actor, conversation_id=talk.id, client_id=uuid4(), body=str(number))
            for number in range(times)
        ]

    return say


def test_seq_has_no_holes_and_no_twins(committed_cast: Cast, talk: Conversation) -> None:
    # An agent who comes too late for what waits is turned away.
    saying(committed_cast.bob, talk, 1)()
    people = (committed_cast.carol, committed_cast.bob, committed_cast.alice, committed_cast.marta)
    at_once(*(saying(person, talk, 8) for person in people))

    talk.refresh_from_db()
    assert list(talk.messages.order_by("seq").values_list("seq", flat=True)) == list(range(1, 37))
    versions = list(talk.messages.order_by("version").values_list("version", flat=True))
    assert len(set(versions)) == 36
    # The start, 33 messages, one who took it and two who joined by speaking, a line for each.
    assert (talk.last_seq, talk.version) == (36, 40)


def test_twenty_people_speak_at_the_same_moment(committed_cast: Cast, talk: Conversation) -> None:
    """Each joins by speaking: nobody waits for somebody who waits for them."""
    managers = [make_person(committed_cast.hotel, Role.MANAGER, f"Manager {number}") for number in range(20)]
    at_once(*(saying(manager, talk, 3) for manager in managers))

    talk.refresh_from_db()
    assert list(talk.messages.order_by("seq").values_list("seq", flat=True)) == list(range(1, 81))
    # The start, 60 messages, twenty who joined, a line for each.
    assert (talk.last_seq, talk.version) == (80, 101)


def test_a_retry_that_races_its_first_try_is_one_message(committed_cast: Cast, talk: Conversation) -> None:
    client_id = uuid4()

    def send() -> Sent:
        return send_message(
            committed_cast.carol.actor, conversation_id=talk.id, client_id=client_id, body="Once"
        )

    sent = at_once(*[send] * 6)
    assert sorted(one.duplicate for one in sent) == [False] + [True] * 5
    assert {one.message.pk for one in sent} == {Message.objects.get().pk}


def test_a_pair_that_starts_at_once_has_one_conversation(committed_cast: Cast) -> None:
    bob, carol = committed_cast.bob, committed_cast.carol

    def start(one: Person, other: Person) -> Callable[[], Started]:
        return lambda: start_conversation(one.actor, kind=Kind.DIRECT, member=other.member.id)

    started = at_once(*[start(bob, carol), start(carol, bob)] * 3)
    assert sum(one.is_new for one in started) == 1
    assert Conversation.objects.count() == 1
