"""The stage of the isolation matrix."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from uuid import UUID

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoDbBlocker, Settings

from accounts.actions import issue_site_secret, issue_socket_ticket, note_contact
from accounts.models import Member
from common.clock import now
from common.ids import new_id
from delivery.actions import Choice, choose_preferences, move_receipt
from delivery.models import Channel, Look, NoticeKind, Outgoing, Progress, ServerKey, Transcript
from messaging.actions import edit_message, react, start_conversation
from messaging.models import Introduction, Kind
from presence.actions import set_availability
from presence.models import Availability, LeaseRow
from realtime.models import Epoch
from tests.architecture.isolation import ids_by_model
from tests.architecture.worlds import (
    CALLERS,
    Stage,
    own_things,
    policed,
    preview,
    read,
    say,
    set_stage,
    thumbnail,
)
from tests.cast import Cast, Person, make_cast
from tests.conftest import shared_rows
from work.models import TaskLease, Tick


def _quiet(stage: Stage) -> Stage:
    """What waits for the commit of the stage itself is no test's news."""
    connection.run_on_commit = []
    return stage


@pytest.fixture(scope="module")
def _bare(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    with shared_rows(django_db_blocker):
        stage = set_stage(make_cast())
        stage.meet(CALLERS)
        for member in Member.objects.all():
            Member.objects.filter(pk=member.pk).update(email=f"{member.pk.hex}@example.com")
        yield _quiet(stage)


@pytest.fixture(autouse=True)
def _sends_email(settings: Settings) -> None:
    """Who could be mailed at home must not be mailed of what is elsewhere."""
    settings.SENDS_EMAIL = True


@pytest.fixture
def stage(_bare: Stage, db: None) -> Stage:
    return deepcopy(_bare)


@pytest.fixture
def cast(stage: Stage) -> Cast:
    """Those on it."""
    return stage.cast


@pytest.fixture(scope="module")
def _furnished(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    with shared_rows(django_db_blocker):
        yield _quiet(furnished(set_stage(make_cast())))


@pytest.fixture
def furnished_stage(_furnished: Stage, db: None) -> Stage:
    """With a row of every model on both sides, named by its model: `world["accounts.Member"]`."""
    return deepcopy(_furnished)


def furnished(stage: Stage) -> Stage:
    for admin in (stage.cast.alice, stage.cast.mallory):
        issue_socket_ticket(admin.actor)
        start_conversation(admin.actor, kind=Kind.CHANNEL, title="Everybody")  # is audited
    for world, reader in ((stage.hotel, stage.cast.carol), (stage.acme, stage.cast.paula)):
        move_receipt(reader.actor, conversation_id=UUID(world["conversation"]), read=1)
        set_availability(reader.actor, availability=Availability.BUSY)
        preview(world["reply_to"])
        thumbnail(world["attachment"])
        policed(world["organisation"])
        read(reader, world["attachment"])
        told_about(reader, UUID(world["conversation"]))
        own_things(reader)
        note_contact(reader.actor, agent="Firefox", page="https://example.com/")
    for world, person in ((stage.hotel, stage.cast.bob), (stage.acme, stage.cast.oscar)):
        said = UUID(say(person, UUID(world["conversation"]), "Who is there?"))
        edit_message(person.actor, message_id=said, body="Anybody there?")
        react(person.actor, message_id=said, emoji="👍", on=True)
    issue_site_secret(stage.cast.mallory.actor, site_id=stage.cast.acme_site.id)
    of_all = {
        "realtime.Epoch": str(Epoch.objects.get().pk),
        "presence.LeaseRow": str(_lease().pk),
        **_of_workers(),
        "delivery.Look": str(Look.objects.create(name="messages").pk),
        "delivery.ServerKey": str(ServerKey.objects.get().pk),
        "type": str(ContentType.objects.get_for_model(Member).pk),
    }
    stage.hotel = stage.hotel.naming(of_all | ids_by_model(stage.hotel["organisation"]))
    stage.acme = stage.acme.naming(of_all | ids_by_model(stage.acme["organisation"]))
    return stage


def told_about(person: Person, conversation: UUID) -> None:
    """A row of each kind that being told leaves behind."""
    choose_preferences(person.actor, Choice({"mention": {"push": False}}))
    Progress.objects.create(conversation_id=conversation, member=person.member)
    Transcript.objects.create(conversation_id=conversation, member=person.member, language="en")
    Introduction.objects.create(conversation_id=conversation)
    Outgoing.objects.create(
        channel=Channel.EMAIL,
        kind=NoticeKind.MENTION,
        member=person.member,
        conversation_id=conversation,
        seq=1,
    )


def _lease() -> LeaseRow:
    return LeaseRow.objects.create(member_id=new_id(), process=new_id(), expires_at=now())


def _of_workers() -> dict[str, str]:
    given: dict[str, object] = {"args": [], "kwargs": {}}
    task = DBTaskResult.objects.create(args_kwargs=given, task_path="nowhere.to_be_found")
    lease = TaskLease.objects.create(id=task.id, worker=new_id(), expires_at=now())
    return {row._meta.label: str(row.pk) for row in (task, lease, Tick.objects.create(name="sweep"))}
