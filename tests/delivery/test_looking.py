"""The ticker's look: what it costs, whom it passes over, and that there is one at a time."""

from __future__ import annotations

import pytest

from accounts.models import Member, Role
from delivery.models import Outgoing, Progress
from delivery.tasks import forget_what_was_told, tell_due_messages
from messaging.actions import start_conversation
from messaging.models import Conversation, Kind, Participant
from tests.cast import Cast, make_person
from tests.delivery.conftest import Tell, later
from tests.delivery.services import MailServer
from tests.messaging.test_send_message import say
from tests.plans import asked_by


@pytest.fixture
def crowd(cast: Cast, tell: Tell, post_office: MailServer) -> Conversation:
    group = start_conversation(
        cast.bob.actor, kind=Kind.GROUP, title="Everybody", members=[cast.alice.member.id]
    ).conversation
    tell()
    return group


def join(cast: Cast, crowd: Conversation, count: int) -> None:
    """Each can be mailed."""
    for number in range(count):
        person = make_person(cast.hotel, Role.AGENT, f"Agent {number}")
        Member.objects.filter(pk=person.member.pk).update(email=f"{person.id}@hotel.example")
        Participant.objects.create(conversation=crowd, member=person.member, joined_at=crowd.created_at)


def test_many_who_are_behind_are_no_more_queries(cast: Cast, crowd: Conversation) -> None:
    join(cast, crowd, 1)
    say(cast.bob, crowd)
    for_one = len(asked_by(tell_due_messages))
    join(cast, crowd, 5)
    say(cast.bob, crowd)
    asked = asked_by(tell_due_messages)
    assert Outgoing.objects.count() == 1 + 6
    # A task that is enqueued is a query of its own library's.
    assert len([one for one in asked if "tasks" not in one[0]]) <= for_one


def test_of_whom_nothing_can_be_told_nothing_is_written(cast: Cast, crowd: Conversation) -> None:
    say(cast.bob, crowd)
    tell_due_messages()
    assert not Progress.objects.exists()


def test_who_was_looked_at_is_passed_over(cast: Cast, crowd: Conversation) -> None:
    """Though what changed is looked at again for a while, in case it committed late."""
    join(cast, crowd, 1)
    say(cast.bob, crowd)
    tell_due_messages()
    progress = list(Progress.objects.values())
    tell_due_messages()
    assert (list(Progress.objects.values()), Outgoing.objects.count()) == (progress, 1)


def test_what_was_said_before_they_came_is_no_news(
    cast: Cast, crowd: Conversation, post_office: MailServer, tell: Tell
) -> None:
    say(cast.bob, crowd)
    join(cast, crowd, 1)
    Participant.objects.filter(conversation=crowd, member__name="Agent 0").update(
        joined_at=crowd.messages.order_by("-seq")[0].created_at
    )
    tell()
    assert post_office.take() == []


def test_what_nobody_looked_at_for_a_day_is_looked_at_no_more(
    cast: Cast, crowd: Conversation, settings: object
) -> None:
    join(cast, crowd, 1)
    say(cast.bob, crowd)
    settings.EMAIL_DELAY_SECONDS = 600  # type: ignore[attr-defined]
    tell_due_messages()
    assert Progress.objects.get().due_at
    later(crowd, days=2)
    Member.objects.update(email="")
    tell_due_messages()
    assert not Progress.objects.filter(due_at__isnull=False).exists()


def test_old_ones_are_forgotten(cast: Cast, crowd: Conversation) -> None:
    join(cast, crowd, 1)
    say(cast.bob, crowd)
    tell_due_messages()
    forget_what_was_told()
    assert Outgoing.objects.count() == 1
    old = Outgoing.objects.get()
    Outgoing.objects.update(created_at=old.created_at.replace(year=old.created_at.year - 1))
    forget_what_was_told()
    assert not Outgoing.objects.exists()
