"""What an actor may see, said once for its kind: each still sees its own alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import QuerySet

from accounts.actor import Actor
from accounts.models import Member
from accounts.prepared import PreparedFor
from common.errors import NotFound
from messaging.access import get_conversation
from messaging.actions import start_conversation
from messaging.models import Conversation, Kind, Participant
from tests.cast import Cast

OWN = PreparedFor(
    Conversation,
    (),
    lambda actor, _: (
        Participant.objects.filter(member=actor.id, conversation__organisation=actor.organisation_id)
        .order_by("pk")
        .values_list("conversation", "member__name")
    ),
)


def test_two_of_a_kind_see_each_their_own(cast: Cast) -> None:
    for one, other in ((cast.bob, cast.carol), (cast.alice, cast.bob)):
        start_conversation(one.actor, kind=Kind.DIRECT, member=other.member.id)
    assert [name for _, name in OWN(cast.alice.actor)] == ["Alice"]
    assert [name for _, name in OWN(cast.bob.actor)] == ["Bob", "Bob"]
    assert list(OWN(cast.mallory.actor)) == []


def test_what_it_says_depends_on_the_role(cast: Cast) -> None:
    """A change of role is a change of kind."""
    talk = start_conversation(cast.alice.actor, kind=Kind.DIRECT, member=cast.carol.member.id).conversation
    as_carol = Actor(cast.carol.member, cast.carol.actor.credential)
    assert get_conversation(as_carol, talk.pk) == talk
    Participant.objects.get(conversation=talk, member=cast.carol.member).delete()
    with pytest.raises(NotFound):
        get_conversation(as_carol, talk.pk)
    cast.carol.member.role = "admin"
    assert get_conversation(as_carol, talk.pk) == talk


def test_the_rest_of_an_actor_is_not_to_be_asked(cast: Cast) -> None:
    """It would be the stand-in's, for everybody."""

    def by_name(actor: Actor, _: Any) -> QuerySet[Any, Any]:
        return Member.objects.filter(name=actor.member.name).values_list("pk")

    with pytest.raises(Member.DoesNotExist):
        PreparedFor(Member, (), by_name)(cast.carol.actor)
