"""Two of the staff want it at the same moment: one gets it, the other is told who has it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from accounts.actions import deactivate_member
from accounts.models import Role
from common.errors import Conflict, ParleyError
from desk.actions import assign
from desk.models import Assignment, State
from messaging.actions import send_message, start_conversation
from messaging.models import Conversation, Kind
from tests.cast import Cast, Person, make_person
from tests.messaging.test_held_conversations import apart, somebody_waits_for_us


def test_two_take_it(committed_cast: Cast) -> None:
    cast, support = committed_cast, asked(committed_cast)
    outcomes = at_once(
        lambda: assign(cast.bob.actor, conversation_id=support.pk),
        lambda: assign(cast.marta.actor, conversation_id=support.pk),
    )
    won = [one for one in outcomes if isinstance(one, Assignment)]
    lost = [one for one in outcomes if isinstance(one, Conflict)]
    assert (len(won), len(lost)) == (1, 1)
    assert (lost[0].current or {})["assignee"]["id"] == str(won[0].assignee_id)
    assert serving(support) == [won[0].assignee_id]


def test_two_answer(committed_cast: Cast) -> None:
    """Two agents: what the slower one says is not said in a conversation that is not theirs."""
    cast, support = committed_cast, asked(committed_cast)
    eve = make_person(cast.hotel, Role.AGENT, "Eve")

    def answer(who: Person) -> object:
        return send_message(who.actor, conversation_id=support.pk, client_id=uuid4(), body="Yes")

    outcomes = at_once(lambda: answer(cast.bob), lambda: answer(eve))
    (refused,) = [one for one in outcomes if isinstance(one, Exception)]
    support.refresh_from_db()
    assert support.assignee
    assert str(refused) == f"{support.assignee.name} has it already."
    assert serving(support) == [support.assignee_id]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_it_is_given_to_somebody_who_goes(committed_cast: Cast) -> None:
    """It does not stay with whoever is gone."""
    cast, support, bob = committed_cast, asked(committed_cast), committed_cast.bob.member.pk
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            assign(cast.marta.actor, conversation_id=support.pk, member=bob)
            going = other.submit(apart, partial(deactivate_member, cast.alice.actor, member_id=bob))
            while not somebody_waits_for_us() and not going.done():
                wait([going], 0.01)
        going.result()
    support.refresh_from_db()
    assert (serving(support), support.assignee, support.queue_open) == ([], None, True)


def asked(cast: Cast) -> Conversation:
    return start_conversation(cast.carol.actor, kind=Kind.SUPPORT).conversation


def serving(conversation: Conversation) -> list[object]:
    found = Assignment.objects.filter(conversation=conversation, state=State.ACTIVE)
    return list(found.values_list("assignee", flat=True))


def at_once(*acts: Callable[[], object]) -> list[object]:
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        barrier.wait(10)
        try:
            return act()
        except ParleyError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))
