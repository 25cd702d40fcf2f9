"""Receipts of several conversations are written together, and each as if it were alone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actor import EVERY_SCOPE, Actor
from accounts.permissions import Scope
from common.clock import now
from common.errors import Forbidden, InvalidInput, NotFound
from delivery import actions, commands
from delivery.actions import Moving, note_receipts, write_due_receipts, write_receipts
from delivery.models import ReceiptMark
from delivery.pending import Move, pending
from messaging.actions import start_conversation
from messaging.models import Conversation, Kind, Participant
from tests.cast import Cast, Person
from tests.conftest import Published
from tests.messaging.test_held_conversations import apart
from tests.messaging.test_send_message import say


@pytest.fixture(autouse=True)
def _nothing_pending() -> Iterator[None]:
    """A process gathers receipts for all of its conversations: none of ours may reach another test."""
    yield
    pending.take_due(now=float("inf"))


@pytest.fixture
def talks(cast: Cast, published: Published) -> list[Conversation]:
    """Two groups of Bob, Carol and Alice, in each of which Bob has said three things."""
    talks = [group_of(cast.bob, cast.carol, cast.alice) for _ in range(2)]
    published()
    return talks


def group_of(speaker: Person, *others: Person) -> Conversation:
    members = [one.member.id for one in others]
    group = start_conversation(speaker.actor, kind=Kind.GROUP, members=members).conversation
    for body in ("One", "Two", "Three"):
        say(speaker, group, body)
    return group


def move(person: Person, *, delivered: int = 0, read: int = 0) -> Move:
    return Move(person.member.id, delivered, read, now())


def moving(person: Person, talk: Conversation, *, delivered: int = 0, read: int = 0) -> Moving:
    return Moving(person.actor, talk.pk, delivered, read)


def watermarks(talk: Conversation) -> dict[str, tuple[int, int]]:
    rows = Participant.objects.filter(conversation=talk).values_list(
        "member__name", "delivered_seq", "read_seq"
    )
    return {name: (delivered, read) for name, delivered, read in rows}


def told(published: Published) -> list[tuple[UUID, int, list[list[Any]], set[str]]]:
    """(conversation, receipt_version, watermarks by member, audience) of each receipt."""
    heard = [(event.frame(), {str(one) for one in audience}) for event, audience in published()]
    assert {frame["type"] for frame, _ in heard} <= {"receipt"}
    return [
        (UUID(frame["conversation"]), frame["receipt_version"], sorted(frame["watermarks"]), audience)
        for frame, audience in heard
    ]


def test_each_conversation_has_a_receipt_of_its_own(
    cast: Cast, talks: list[Conversation], published: Published
) -> None:
    one, two = talks
    written = write_receipts(
        {
            one.pk: [move(cast.carol, delivered=3, read=2), move(cast.alice, delivered=1)],
            two.pk: [move(cast.carol, read=1)],
        }
    )
    assert watermarks(one) == {"Bob": (3, 0), "Carol": (3, 2), "Alice": (1, 0)}
    assert watermarks(two) == {"Bob": (3, 0), "Carol": (1, 1), "Alice": (0, 0)}
    assert {id: talk.receipt_version for id, talk in written.items()} == {one.pk: 1, two.pk: 1}
    everybody = {cast.bob.id, cast.carol.id, cast.alice.id}
    in_one = sorted([[cast.carol.id, 3, 2], [cast.alice.id, 1, 0]])
    assert sorted(told(published)) == sorted(
        [(one.pk, 1, in_one, everybody), (two.pk, 1, [[cast.carol.id, 1, 1]], everybody)]
    )
    for talk in talks:
        talk.refresh_from_db()
        assert talk.receipt_version == 1
        assert talk.changed_at > talk.created_at


def test_what_is_no_news_is_not_told(cast: Cast, talks: list[Conversation], published: Published) -> None:
    one, two = talks
    write_receipts({one.pk: [move(cast.carol, read=2)]})
    published()
    write_receipts({one.pk: [move(cast.carol, read=1)], two.pk: [move(cast.alice, read=9)]})

    assert told(published) == [
        (two.pk, 1, [[cast.alice.id, 3, 3]], {cast.bob.id, cast.carol.id, cast.alice.id})
    ]
    assert watermarks(one)["Carol"] == (2, 2)
    one.refresh_from_db()
    assert one.receipt_version == 1


def test_who_reads_in_private_is_told_alone(
    cast: Cast, talks: list[Conversation], published: Published
) -> None:
    """In the first group Carol alone moves, in the second Alice moves beside her."""
    one, two = talks
    cast.carol.member.read_private = True
    cast.carol.member.save()
    for talk in talks:
        Participant.objects.filter(conversation=talk, member=cast.carol.member).update(delivered_seq=3)
    write_receipts(
        {
            one.pk: [move(cast.carol, read=3)],
            two.pk: [move(cast.carol, read=2), move(cast.alice, read=1)],
        }
    )
    assert watermarks(one)["Carol"] == (3, 3)
    assert watermarks(two)["Carol"] == (3, 2)
    everybody = {cast.bob.id, cast.carol.id, cast.alice.id}
    assert sorted(told(published)) == sorted(
        [
            (one.pk, 0, [[cast.carol.id, 3, 3]], {cast.carol.id}),
            (two.pk, 1, [[cast.carol.id, 3, 2]], {cast.carol.id}),
            (two.pk, 1, [[cast.alice.id, 1, 1]], everybody),
        ]
    )
    assert not ReceiptMark.objects.filter(member=cast.carol.member).exists()


def test_whoever_has_left_one_still_moves_in_the_other(
    cast: Cast, talks: list[Conversation], published: Published
) -> None:
    left, other = talks
    Participant.objects.filter(conversation=left, member=cast.carol.member).update(left_at=now())
    moves = [move(cast.carol, read=3), move(cast.mallory, read=3)]
    write_receipts({left.pk: moves, other.pk: moves, uuid4(): moves})

    assert watermarks(left) == {"Bob": (3, 0), "Carol": (0, 0), "Alice": (0, 0)}
    assert watermarks(other)["Carol"] == (3, 3)
    assert [talk for talk, *_ in told(published)] == [other.pk]


# --- when something is wrong ----------------------------------------------------------------------------------------


def test_a_conversation_that_fails_stops_no_other(
    cast: Cast, talks: list[Conversation], published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = talks

    def write(moves: actions.receipts.Moves, *, wait: bool) -> object:
        if bad.pk in moves:
            raise RuntimeError("something in this one")
        return write_receipts(moves, wait=wait)

    note_receipts([moving(cast.carol, talk, read=1) for talk in talks])
    monkeypatch.setattr(actions.receipts, "write_receipts", write)
    write_due_receipts(all_of_them=True)
    assert watermarks(bad)["Carol"] == (0, 0)
    assert watermarks(good)["Carol"] == (1, 1)
    assert [(talk, version) for talk, version, *_ in told(published)] == [(good.pk, 1)]
    # What fails for its own sake is not tried for ever.
    assert pending.is_empty()


@pytest.mark.skipif(not connection.features.has_select_for_update, reason="SQLite locks no rows")
def test_a_conversation_that_somebody_holds_stops_no_other(committed_cast: Cast) -> None:
    """It waits for its turn, and nobody waits for it."""
    people = committed_cast.bob, committed_cast.carol, committed_cast.alice
    held, free = (group_of(*people) for _ in range(2))
    note_receipts([moving(committed_cast.carol, talk, read=1) for talk in (held, free)])
    with ThreadPoolExecutor(1) as other, transaction.atomic():
        Conversation.objects.select_for_update(no_key=True).get(pk=held.pk)
        other.submit(apart, partial(write_due_receipts, all_of_them=True)).result(timeout=10)
        assert not pending.is_empty()
    assert [watermarks(talk)["Carol"] for talk in (held, free)] == [(0, 0), (1, 1)]
    write_due_receipts(all_of_them=True)
    assert watermarks(held)["Carol"] == (1, 1)


def test_what_a_database_that_is_away_did_not_take_is_written_later(
    cast: Cast, talks: list[Conversation], published: Published
) -> None:
    note_receipts([moving(cast.carol, talk, delivered=3, read=1) for talk in talks])
    with connection.execute_wrapper(away):
        write_due_receipts(all_of_them=True)
    assert [watermarks(talk)["Carol"] for talk in talks] == [(0, 0), (0, 0)]
    assert published() == []

    note_receipts([moving(cast.carol, talks[0], read=2)])
    write_due_receipts(all_of_them=True)
    assert [watermarks(talk)["Carol"] for talk in talks] == [(3, 2), (3, 1)]
    assert sorted((talk, version) for talk, version, *_ in told(published)) == sorted(
        (talk.pk, 1) for talk in talks
    )


def away(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """No statement about our tables is taken."""
    if sql.startswith(("SELECT", "UPDATE", "INSERT")):
        raise OperationalError("the database system is starting up")
    return execute(sql, params, many, context)


# --- being noted ----------------------------------------------------------------------------------------------------


def test_an_outsiders_is_refused_and_the_neighbours_are_noted(
    cast: Cast, talks: list[Conversation], published: Published
) -> None:
    """Marta may see every conversation: to her it is said that nothing is wrong, and nothing moves."""
    one, two = talks
    reader = Actor(cast.alice.member, cast.alice.actor.credential, EVERY_SCOPE - {Scope.WRITE})
    problems = note_receipts(
        [
            moving(cast.carol, one, read=1),
            moving(cast.mallory, one, read=1),
            moving(cast.dana, two, read=1),
            Moving(reader, one.pk, read=1),
            Moving(cast.carol.actor, uuid4(), read=1),
            moving(cast.marta, two, read=1),
            moving(cast.carol, two, read=2),
        ]
    )
    assert [error and type(error) for error in problems] == [
        None,
        NotFound,
        NotFound,
        Forbidden,
        NotFound,
        None,
        None,
    ]
    write_due_receipts(all_of_them=True)
    assert watermarks(one) == {"Bob": (3, 0), "Carol": (1, 1), "Alice": (0, 0)}
    assert watermarks(two) == {"Bob": (3, 0), "Carol": (2, 2), "Alice": (0, 0)}


def test_each_frame_is_answered_in_its_place(cast: Cast, talks: list[Conversation]) -> None:
    """One that was not numbered needs no answer."""
    one, two = ({"type": "receipt.move", "conversation": str(talk.pk), "read": 1} for talk in talks)
    numbered, silent, bad, outsider, last = commands.move_receipts(
        [
            (cast.carol.actor, {**one, "id": 1}),
            (cast.alice.actor, one),
            (cast.alice.actor, {**one, "id": 2, "read": -1}),
            (cast.mallory.actor, {**two, "id": 3}),
            (cast.carol.actor, {**two, "id": 4}),
        ],
        False,
    )
    assert (numbered, silent, last) == (
        {"conversation": one["conversation"]},
        None,
        {"conversation": two["conversation"]},
    )
    assert isinstance(bad, InvalidInput)
    assert list(bad.fields) == ["read"]
    assert isinstance(outsider, NotFound)
    write_due_receipts(all_of_them=True)
    assert watermarks(talks[0]) == {"Bob": (3, 0), "Carol": (1, 1), "Alice": (1, 1)}
    assert watermarks(talks[1]) == {"Bob": (3, 0), "Carol": (1, 1), "Alice": (0, 0)}


# --- what it costs --------------------------------------------------------------------------------------------------


def test_the_cost_does_not_grow_with_the_conversations(cast: Cast, talks: list[Conversation]) -> None:
    many = [group_of(cast.bob, cast.carol, cast.alice) for _ in range(10)]
    with CaptureQueriesContext(connection) as noted_one:
        note_receipts([moving(cast.carol, talks[0], read=1)])
    with CaptureQueriesContext(connection) as wrote_one:
        write_due_receipts(all_of_them=True)
    with CaptureQueriesContext(connection) as noted_many:
        note_receipts([moving(one, talk, read=1) for talk in many for one in (cast.carol, cast.alice)])
    with CaptureQueriesContext(connection) as wrote_many:
        write_due_receipts(all_of_them=True)
    assert {watermarks(talk)["Alice"] for talk in many} == {(1, 1)}
    assert (len(noted_many), len(wrote_many)) == (len(noted_one), len(wrote_one))
