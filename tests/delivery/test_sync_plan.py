"""What sync and healing read: found by index, and as much as has changed, however long the history."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import Member
from delivery.queries import Cursors, heads, sync
from messaging.models import Conversation, Kind, Mention, Message, Participant
from tests.cast import Cast, Person
from tests.plans import IS_SQLITE, asked_by, look_at_the_data, plan_of, whole_tables, work_of

NEW = 5


@pytest.fixture(autouse=True)
def _patient_database(db: None) -> None:
    """Twenty thousand rows are made before the first is written: on a busy machine, longer than a server waits."""
    if not IS_SQLITE:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")


def grow(starter: Member, others: list[Member], *, conversations: int, messages: int) -> list[Conversation]:
    """Groups of these people in which all was said long ago."""
    grown = [
        Conversation(
            organisation_id=starter.organisation_id,
            kind=Kind.GROUP,
            created_by=starter,
            last_seq=messages,
            version=messages + 1,
            changed_at="2026-01-01T00:00:00Z",
        )
        for _ in range(conversations)
    ]
    Conversation.objects.bulk_create(grown)
    Participant.objects.bulk_create(
        Participant(conversation=one, member=member) for one in grown for member in (starter, *others)
    )
    Message.objects.bulk_create(
        Message(
            conversation=one,
            organisation_id=one.organisation_id,
            seq=seq,
            version=seq + 1,
            sender=starter,
            client_id=uuid4(),
            body="Hi",
        )
        for one in grown
        for seq in range(1, messages + 1)
    )
    return grown


def read(talk: Conversation, *readers: Member, but: int) -> Cursors:
    """They have had everything but the newest; gives their cursors."""
    had = talk.last_seq - but
    Participant.objects.filter(conversation=talk, member__in=readers).update(delivered_seq=had, read_seq=had)
    return {talk.pk: (talk.version - but, 0)}


def mentioned_throughout(talk: Conversation, member: Member) -> None:
    Mention.objects.bulk_create(
        Mention(message_id=id, member=member, text="@Alice")
        for id in Message.objects.filter(conversation=talk).values_list("pk", flat=True)
    )


# --- by index -------------------------------------------------------------------------------------------------------


def long_tables(plan: list[str]) -> list[str]:
    """Two thousand short rows, sixty pages, are sometimes cheaper to read from end to end; the planner is free to."""
    return [line for line in whole_tables(plan) if IS_SQLITE or "messaging_conversation" not in line]


def test_what_changed_is_found_by_index_among_2000_conversations(cast: Cast) -> None:
    marta, bob, carol = cast.marta.member, cast.bob.member, cast.carol.member
    grow(marta, [cast.alice.member], conversations=1980, messages=2)
    few = grow(marta, [bob, carol], conversations=20, messages=2)
    (long,) = grow(marta, [bob, carol], conversations=1, messages=20_000)
    mentioned_throughout(long, cast.alice.member)
    cursors = read(long, bob, carol, but=NEW)
    for number, one in enumerate(few):
        cursors |= read(one, bob, carol, but=number % 3)
    Conversation.objects.filter(pk=long.pk).update(
        changed_at=Conversation._meta.get_field("changed_at").db_default
    )

    for person in (cast.bob, cast.carol):
        missed = plan_of(partial(sync, person.actor, cursors=cursors, limit=50))
        assert long_tables(missed) == []
        assert "message_by_version" in "".join(missed)
        first = plan_of(partial(sync, person.actor, cursors={}, limit=50))
        assert long_tables(first) == []
    healing = plan_of(partial(heads, 17.0, [bob.pk, carol.pk], [str(long.pk)]))
    assert long_tables(healing) == []
    assert "changed_at" in "".join(healing)


# --- as much as has changed -----------------------------------------------------------------------------------------


def cost_of_catching_up(person: Person, starter: Member, *, messages: int) -> tuple[int, int]:
    """Queries and work, for the newest of so many messages."""
    (talk,) = grow(starter, [person.member], conversations=1, messages=messages)
    look_at_the_data()
    catch_up = partial(sync, person.actor, cursors=read(talk, person.member, but=NEW), limit=50)
    (answer,) = catch_up()["conversations"]
    assert len(answer["messages"]) == answer["conversation"]["unread_count"] == NEW
    cost = len(asked_by(catch_up)), work_of(catch_up)
    talk.delete()
    return cost


@pytest.mark.parametrize("name", ["bob", "carol"])
def test_a_long_history_costs_what_a_short_one_does(cast: Cast, name: str) -> None:
    """Among the talk of others, which is most of what a database holds."""
    person, starter = getattr(cast, name), cast.marta.member
    grow(starter, [cast.alice.member], conversations=500, messages=4)
    queries, work = cost_of_catching_up(person, starter, messages=10)
    queries_of_long, work_of_long = cost_of_catching_up(person, starter, messages=10_000)
    assert queries_of_long == queries
    assert work_of_long < 1.5 * work
