"""Queries that are compiled once, for many ids at a time."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from common.bulk import update_rows
from common.clock import ask_the_database
from common.prepared import Prepared, in_one_trip
from messaging.actions import send_message, start_conversation
from messaging.models import Conversation, Kind, Message
from tests.cast import Cast

BODIES = Prepared(
    Message,
    ("conversation", "sender", "client_id"),
    lambda those: Message.objects.filter(pk__in=those).values_list("body", "conversation_id", "created_at"),
)
NEWEST = Prepared(
    Conversation,
    ("id",),
    lambda those: (
        Message.objects.filter(conversation__in=those, kind="text")
        .values("conversation_id")
        .annotate(newest=Max("seq"))
        .values_list("conversation_id", "newest")
    ),
)


@pytest.fixture
def said(cast: Cast) -> list[Message]:
    """Bob says one thing to Carol, Carol another to Alice."""
    pairs = [(cast.bob, cast.carol), (cast.carol, cast.alice)]
    messages = []
    for one, other in pairs:
        talk = start_conversation(one.actor, kind=Kind.DIRECT, member=other.member.id).conversation
        sent = send_message(
            one.actor, conversation_id=talk.id, client_id=uuid4(), body=f"I am {one.member.name}"
        )
        messages.append(sent.message)
    return messages


def key_of(message: Message) -> tuple[Any, Any, Any]:
    return message.conversation_id, message.sender_id, message.client_id


def test_the_rows_with_these_keys_as_the_orm_gives_them(said: list[Message]) -> None:
    first, second = said
    assert sorted(BODIES(map(key_of, said))) == [
        ("I am Bob", first.conversation_id, first.created_at),
        ("I am Carol", second.conversation_id, second.created_at),
    ]


def test_a_key_is_all_of_its_parts(said: list[Message]) -> None:
    first, second = said
    mixed = (first.conversation_id, second.sender_id, second.client_id)
    assert list(BODIES([mixed])) == []
    assert [body for body, *_ in BODIES([mixed, key_of(first), key_of(first)])] == ["I am Bob"]


def test_other_ids_ask_with_the_same_words(said: list[Message], django_assert_num_queries: Any) -> None:
    first, second = (one.conversation_id for one in said)
    with django_assert_num_queries(2) as asked:
        assert list(NEWEST([[first]])) == [(first, 1)]
        assert set(NEWEST([[first], [second], [uuid4()]])) == {(first, 1), (second, 1)}
    one, many = (re.split(r"[\[{]", query["sql"])[0] for query in asked.captured_queries)
    assert one == many


def test_what_is_asked_together_is_answered_in_any_order(said: list[Message]) -> None:
    first, second = said
    with in_one_trip():
        newest, bodies = NEWEST([[first.conversation_id]]), BODIES(map(key_of, said))
        now = ask_the_database()
        assert {body for body, *_ in bodies} == {"I am Bob", "I am Carol"}
    assert list(newest) == [(first.conversation_id, 1)]
    assert now() > second.created_at


def test_what_is_written_fails_before_its_transaction_ends(said: list[Message]) -> None:
    """What else it wrote is taken back with it, and what stands around it goes on."""
    first, second = said

    @transaction.atomic
    def change() -> None:
        with in_one_trip():
            update_rows(Message, key=("id",), fields=("body",), rows=[(first.pk, "Changed")])
            in_its_place = (second.pk, 1, first.conversation_id)
            update_rows(Message, key=("id",), fields=("seq", "conversation"), rows=[in_its_place])

    with pytest.raises(IntegrityError):
        change()
    assert Message.objects.get(pk=first.pk).body == "I am Bob"


def test_a_statement_is_planned_once(said: list[Message]) -> None:
    """By PostgreSQL, for each connection; a statement of the ORM is planned each time."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps its own")
    seqs = Prepared(Message, ("id",), lambda those: Message.objects.filter(pk__in=those).values_list("seq"))
    for _ in range(3):
        assert list(seqs([[message.pk] for message in said])) == [(1,), (1,)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE %s",
            ['SELECT "messaging_message"."seq"%'],
        )
        assert cursor.fetchall() == [(3, 0)]


@pytest.mark.django_db
def test_nobody_is_not_asked_for(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert list(NEWEST([])) == []
