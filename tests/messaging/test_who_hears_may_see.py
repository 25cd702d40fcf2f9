"""A law: whoever hears a conversation as a participant may see it, so sending needs no second look at that."""

from __future__ import annotations

from itertools import product
from uuid import UUID, uuid4

import pytest

from accounts.actor import EVERY_SCOPE, Actor
from accounts.models import Role, SpaceAccess
from accounts.permissions import Scope
from common.clock import now
from messaging.access import Hearers, conversations_visible_to
from messaging.models import Conversation, Kind, Participant
from tests.cast import Cast, Person, make_person


def everybody_of(cast: Cast) -> list[Person]:
    """One of every role, with access to the room and without, and one who was removed."""
    granted = [make_person(cast.hotel, role, f"{role} of the room") for role in Role]
    SpaceAccess.objects.bulk_create(SpaceAccess(member=one.member, space=cast.room) for one in granted)
    return [*granted, *(make_person(cast.hotel, role, f"{role} of no room") for role in Role), cast.greta]


def talks_of(cast: Cast, people: list[Person]) -> list[Conversation]:
    """One of every kind in the room, in another and outside of rooms, with all of them in it, whoever let them in."""
    talks = [
        Conversation(
            organisation=cast.hotel,
            kind=kind,
            space=space,
            created_by=cast.alice.member,
            direct_key=uuid4().hex,
            channel_key=uuid4().hex,
        )
        for kind, space in product(Kind, (cast.room, cast.other_room, None))
    ]
    Conversation.objects.bulk_create(talks)
    Participant.objects.bulk_create(
        Participant(conversation=talk, member=one.member) for talk in talks for one in people
    )
    return talks


@pytest.mark.parametrize("scopes", [EVERY_SCOPE, frozenset({Scope.WRITE})], ids=["every scope", "write"])
def test_whoever_hears_as_a_participant_may_see(cast: Cast, scopes: frozenset[Scope]) -> None:
    """A law: sending asks only whether the sender hears the conversation as a participant."""
    people = everybody_of(cast)
    talks = talks_of(cast, people)
    left = people[0]
    Participant.objects.filter(conversation=talks[0], member=left.member).update(left_at=now())
    hearers = Hearers(one.pk for one in talks)
    heard: dict[UUID, set[UUID]] = {}
    for person in people:
        actor = Actor(person.member, person.actor.credential, scopes)
        visible = set(conversations_visible_to(actor).values_list("pk", flat=True))
        heard[actor.id] = {one.pk for one in talks if hearers.takes_part(actor.id, one)}
        assert heard[actor.id] <= visible, person.member
    # The law has something to say: all but these hear everything.
    everything = {one.pk for one in talks}
    assert heard[left.member.pk] == everything - {talks[0].pk}
    assert heard.pop(cast.greta.member.pk) == set()
    missing = {
        person.member.name for person in people if heard.get(person.member.pk, everything) < everything
    }
    clients_side = [Role.CLIENT, Role.EXTERNAL_PM, Role.VIEWER, Role.GUEST]
    assert missing == {
        left.member.name,
        *(f"{role} of the room" for role in clients_side),
        *(f"{role} of no room" for role in clients_side),
    }
