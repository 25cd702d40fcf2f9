"""What several people say at the same moment goes to the database together, and each as if it were alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.actions import send_messages, start_conversation
from messaging.models import Conversation, Kind, Message, Participant
from messaging.payloads import message_payload
from messaging.saying import Saying, Sent
from tests.cast import Cast, Person
from tests.conftest import Published
from tests.messaging.test_send_message import say


def group_of(*people: Person) -> Conversation:
    first, *others = people
    members = [one.member.id for one in others]
    return start_conversation(first.actor, kind=Kind.GROUP, members=members).conversation


def saying(person: Person, conversation: Conversation, body: str = "Hello", **options: Any) -> Saying:
    return Saying(person.actor, conversation.pk, **{"client_id": uuid4(), "body": body, **options})


def said_in(conversation: Conversation) -> list[tuple[int, str]]:
    return list(conversation.messages.order_by("seq").values_list("seq", "body"))


def sent(outcomes: Iterable[Sent | Exception]) -> list[Sent]:
    """Those that were said; what was refused is left out."""
    return [one for one in outcomes if isinstance(one, Sent)]


def frames(published: Published) -> list[tuple[Any, set[str]]]:
    """(frame, audience), in the order in which it leaves."""
    return [(event.frame(), {str(one) for one in audience}) for event, audience in published()]


def told(published: Published) -> list[tuple[str, int, set[str]]]:
    """The same in short: (event, version, audience)."""
    return [(frame["event"], frame["version"], audience) for frame, audience in frames(published)]


def test_three_people_speak_in_two_conversations(
    cast: Cast, group: Conversation, pair: Conversation, published: Published
) -> None:
    published()
    outcomes = sent(
        send_messages(
            [
                saying(cast.bob, group, "Who is on tonight?"),
                saying(cast.carol, pair, "May I check out late?"),
                saying(cast.alice, group, "I am"),
                saying(cast.bob, pair, "Of course"),
                saying(cast.carol, group, "So am I"),
            ]
        )
    )
    messages = [one.message for one in outcomes]
    assert [(one.sender.name, one.body, one.seq, one.version) for one in messages] == [
        ("Bob", "Who is on tonight?", 1, 2),
        ("Carol", "May I check out late?", 1, 2),
        ("Alice", "I am", 2, 3),
        ("Bob", "Of course", 2, 3),
        ("Carol", "So am I", 3, 4),
    ]
    assert not any(one.duplicate for one in outcomes)
    # What is answered is what stands there.
    kept = Message.objects.select_related("sender").in_bulk([one.pk for one in messages])
    assert [one.payload for one in outcomes] == [message_payload(kept[one.pk]) for one in messages]

    bob, carol, alice = (one.id for one in (cast.bob, cast.carol, cast.alice))
    audiences = {group.pk: {bob, carol, alice}, pair.pk: {bob, carol}}
    assert frames(published) == [
        (
            {
                "type": "message",
                "conversation": str(one.message.conversation_id),
                "version": one.message.version,
                "event": "created",
                "message": one.payload,
            },
            audiences[one.message.conversation_id],
        )
        for one in outcomes
    ]


def test_the_conversation_and_its_senders_come_along(
    cast: Cast, group: Conversation, pair: Conversation
) -> None:
    *_, in_pair, last = sent(
        send_messages(
            [
                saying(cast.bob, group, "Who is on tonight?"),
                saying(cast.alice, group, "I am"),
                saying(cast.bob, pair, "Good evening"),
                saying(cast.bob, group, "Thanks"),
            ]
        )
    )
    for conversation, sent_last, counters in ((group, last, (3, 4)), (pair, in_pair, (1, 2))):
        conversation.refresh_from_db()
        assert (conversation.last_seq, conversation.version) == counters
        assert conversation.last_message == sent_last.message
        assert conversation.active_at == conversation.changed_at == sent_last.message.created_at
    assert watermarks(group) == {"Bob": (3, 0), "Alice": (2, 0), "Carol": (0, 0)}
    assert watermarks(pair) == {"Bob": (1, 0), "Carol": (0, 0)}


def watermarks(conversation: Conversation) -> dict[str, tuple[int, int]]:
    rows = Participant.objects.filter(conversation=conversation).values_list(
        "member__name", "delivered_seq", "read_seq"
    )
    return {name: (delivered, read) for name, delivered, read in rows}


def test_of_the_same_client_id_twice_the_second_is_the_first(
    cast: Cast, group: Conversation, published: Published
) -> None:
    published()
    client_id = uuid4()
    first, again, alices = sent(
        send_messages(
            [
                saying(cast.bob, group, "Once", client_id=client_id),
                saying(cast.bob, group, "Once, again", client_id=client_id),
                saying(cast.alice, group, "I have an id like that too", client_id=client_id),
            ]
        )
    )
    assert [one.duplicate for one in (first, again, alices)] == [False, True, False]
    assert again.payload == first.payload
    assert said_in(group) == [(1, "Once"), (2, "I have an id like that too")]
    assert [version for _, version, _ in told(published)] == [2, 3]


def test_a_retry_among_what_is_new_is_told_to_nobody(
    cast: Cast, group: Conversation, published: Published
) -> None:
    once = saying(cast.bob, group, "Once")
    (first,) = sent(send_messages([once]))
    published()
    again, new = sent(send_messages([once, saying(cast.alice, group, "Yes?")]))

    assert (again.duplicate, again.payload) == (True, first.payload)
    assert told(published) == [("created", 3, {cast.bob.id, cast.carol.id, cast.alice.id})]
    assert said_in(group) == [(1, "Once"), (2, new.message.body)]


def test_replies_find_what_they_quote(cast: Cast, group: Conversation, pair: Conversation) -> None:
    question, greeting = say(cast.bob, group, "Who is on tonight?"), say(cast.carol, pair, "Good evening")
    outcomes = send_messages(
        [
            saying(cast.alice, group, "I am", reply_to=question.pk),
            saying(cast.bob, pair, "The same to you", reply_to=greeting.pk),
            saying(cast.carol, group, "So am I", reply_to=question.pk),
        ]
    )
    quotes = [one.payload["reply_to"] for one in sent(outcomes)]
    assert [quote and (quote["id"], quote["excerpt"]) for quote in quotes] == [
        (str(question.pk), "Who is on tonight?"),
        (str(greeting.pk), "Good evening"),
        (str(question.pk), "Who is on tonight?"),
    ]


def test_the_cost_does_not_grow_with_what_is_said(cast: Cast) -> None:
    """Nor by a retry among it."""
    groups = [group_of(cast.bob, cast.carol, cast.alice) for _ in range(10)]
    with CaptureQueriesContext(connection) as two:
        send_messages([saying(cast.bob, groups[0]), saying(cast.carol, groups[1])])
    twenty = [saying(one, group) for group in groups for one in (cast.bob, cast.alice)]
    with CaptureQueriesContext(connection) as many:
        outcomes = sent(send_messages([*twenty, twenty[0]]))
    assert [one.duplicate for one in outcomes] == [False] * 20 + [True]
    assert len(many) == len(two)
