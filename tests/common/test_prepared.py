"""Queries that are compiled once, for many ids at a time."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Max

from common.prepared import Prepared
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


@pytest.mark.django_db
def test_nobody_is_not_asked_for(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert list(NEWEST([])) == []
