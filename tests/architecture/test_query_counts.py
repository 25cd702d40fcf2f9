"""No list asks more of the database the longer it is: a new one that does fails the build."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID, uuid4

from django.urls import get_resolver

from accounts.models import Role, Space
from attachments.models import Attachment, FileState
from common.clock import now
from delivery.models import Webhook
from desk.models import CannedReply
from messaging.actions import (
    Telling,
    edit_message,
    pin_message,
    send_message,
    start_conversation,
    tell_entities,
    tell_entity_type,
)
from messaging.models import Conversation, Kind, Participant
from tests.architecture import isolation, matrix
from tests.architecture.isolation import Answer, ask, rolled_back, route_named
from tests.architecture.matrix import Entry
from tests.architecture.worlds import (
    HOTEL_WORDS,
    Stage,
    own_things,
    read,
    served,
    tell_in_vain,
    thumbnail,
    told_to_a_host,
    wanted,
)
from tests.attachments.kept import shared, uploaded
from tests.cast import Cast, make_person
from tests.plans import asked_by

# Sync reads as well: its cursors are too many for a query.
READS = [
    (route, method, entry)
    for route, method, entry in isolation.entries(matrix.API, Entry)
    if method == "GET" or route == "sync"
]


def grow(cast: Cast, night_shift: Conversation, said: UUID, *, by: int) -> None:
    """More people, who were there all along; more conversations of theirs, more said in each, and edited."""
    for number in range(by):
        carol = make_person(cast.hotel, Role.CLIENT, f"Carol {number}")
        own_things(cast.bob)
        joined_at = night_shift.created_at - timedelta(days=1)
        Participant.objects.create(conversation=night_shift, member=carol.member, joined_at=joined_at)
        invited = [carol.member.id, cast.carol.member.id]
        group = start_conversation(
            cast.bob.actor, kind=Kind.GROUP, title=f"Night {number}", members=invited, space=cast.room.id
        ).conversation
        send_message(cast.carol.actor, conversation_id=group.id, client_id=uuid4(), body="I?")
        for conversation in (night_shift, group):
            asked = send_message(
                carol.actor, conversation_id=conversation.id, client_id=uuid4(), body=HOTEL_WORDS
            )
            send_message(
                cast.bob.actor,
                conversation_id=conversation.id,
                client_id=uuid4(),
                body="I.",
                reply_to=asked.message.id,
            )
            pin_message(cast.bob.actor, message_id=asked.message.id, on=True)
        start_conversation(
            cast.bob.actor, kind=Kind.CHANNEL, title=f"News {number} {carol.id}", space=cast.room.id
        )
        send_message(
            carol.actor,
            conversation_id=night_shift.id,
            client_id=uuid4(),
            body=f"@Bob, see @task#45 and @task#{carol.id}",
        )
        tell_entity_type(cast.alice.actor, key=f"kind_{carol.id.replace('-', '')[-20:]}", name="Kind")
        task = Telling("task", carol.id, f"Paint {number}", space=cast.room.id)
        tell_entities(cast.alice.actor, [task, replace(task, ref="45")])
    for _ in range(by):
        once_helped(cast)
        CannedReply.objects.create(
            organisation=cast.hotel,
            shortcut=f"wifi-{uuid4().hex[:8]}",
            body="It is free.",
            created_by=cast.marta.member,
        )
    for number in range(by):
        thumbnail(shared(cast.bob, night_shift.id, f"Plan {number} {uuid4()}"))
        edit_message(cast.bob.actor, message_id=said, body=f"@Bob, better: {number} {uuid4()}")
    webhook = Webhook.objects.order_by("pk")[0]
    for _ in range(by):
        told_to_a_host(cast.hotel.id)
        tell_in_vain(webhook)


def once_helped(cast: Cast) -> None:
    """A support conversation of Carol's that is over."""
    carol = cast.carol.member
    Conversation.objects.create(
        organisation=cast.hotel,
        kind=Kind.SUPPORT,
        client=carol,
        created_by=carol,
        queue_open=True,
        closed_at=now(),
    )


def grow_desk(stage: Stage, *, by: int) -> None:
    help = Conversation.objects.get(pk=stage.hotel["help"])
    for _ in range(by):
        served(help, stage.cast.bob)


def grow_portal(stage: Stage, *, by: int) -> None:
    for _ in range(by):
        wanted(stage.cast.carol, stage.cast.room)
        name = f"Room {uuid4()}"
        Space.objects.create(organisation=stage.cast.hotel, name=name, slug=name[5:])


def grow_files(stage: Stage, *, by: int) -> None:
    """More that wait, more versions of one, more who have read it by links."""
    where, first = UUID(stage.hotel["conversation"]), UUID(stage.hotel["attachment"])
    there = Attachment.objects.filter(original=first).count()
    for number in range(by):
        words = f"Plan {uuid4()}"
        thumbnail(shared(stage.cast.bob, where, words, state=FileState.PENDING))
        version = there + number + 2
        thumbnail(
            uploaded(stage.cast.bob, where, words, original_id=first, version=version, is_current=False)
        )
        read(stage.cast.bob, str(first))


def test_more_rows_are_no_more_queries(stage: Stage) -> None:
    night_shift = Conversation.objects.get(pk=UUID(stage.hotel["conversation"]))
    said = UUID(stage.hotel["message"])
    grow(stage.cast, night_shift, said, by=1)
    grow_files(stage, by=1)
    grow_desk(stage, by=1)
    grow_portal(stage, by=1)
    few = [look(stage, *read) for read in READS]
    grow(stage.cast, night_shift, said, by=5)
    grow_files(stage, by=5)
    grow_desk(stage, by=5)
    grow_portal(stage, by=5)
    many = [look(stage, *read) for read in READS]

    names = [f"{method} {route} {entry.label}".rstrip() for route, method, entry in READS]
    assert {
        name: (before.queries, after.queries)
        for name, before, after in zip(names, few, many, strict=True)
        if before.queries != after.queries
    } == {}
    assert [
        name
        for name, before, after in zip(names, few, many, strict=True)
        if after.rows is not None and not after.rows > (before.rows or 0)
    ] == []


class Look(NamedTuple):
    """`rows`: see `rows_of`."""

    queries: int
    rows: int | None


def look(stage: Stage, route: str, method: str, entry: Entry) -> Look:
    insider = stage.insider(entry.insider)
    reading = partial(ask, route_named(get_resolver(), route), method, entry, insider, stage.hotel)
    with rolled_back():
        answer = reading()
        return Look(len(asked_by(reading)), rows_of(answer))


def rows_of(answer: Answer) -> int | None:
    """None where the answer is no list: bytes of a file, or one thing."""
    if not answer.text.startswith("{"):
        return None
    told = json.loads(answer.content)
    rows = told.get("results", told.get("conversations"))
    return None if rows is None else len(rows)
