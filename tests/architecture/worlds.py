"""Two organisations of one shape, and everybody who is outside of the first: the stage of the isolation matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.test import Client
from django.test.client import ClientHandler

from accounts.models import Organisation, Role, Space, SpaceAccess
from common.clock import now
from messaging.actions import send_message, start_conversation
from messaging.models import Kind, Participant
from realtime.models import current_epoch
from tests.cast import Cast, Person, make_person

HOTEL_WORDS = "The code of the night safe is 4711."
ACME_WORDS = "The tender closes on Friday."
OWN_WORDS = "There is no towel in my room."

# One for all: a handler builds the middleware, and whitenoise reads every static file for that.
HANDLER = ClientHandler(enforce_csrf_checks=False)


@dataclass(frozen=True, slots=True)
class World:
    """What somebody could name in a call. An attribute is called like the field of the input that carries the id."""

    organisation: str
    conversation: str
    title: str
    reply_to: str
    words: str
    member: str
    members: str
    space: str

    @property
    def cursors(self) -> str:
        """Sync names conversations."""
        return self.conversation

    def with_foreign(self, names: tuple[str, ...], other: World) -> World:
        return replace(self, **{attribute_of(name): getattr(other, name) for name in names})

    def with_unheard_of(self, names: tuple[str, ...]) -> World:
        return replace(self, **{attribute_of(name): str(uuid4()) for name in names})


def attribute_of(name: str) -> str:
    return "conversation" if name == "cursors" else name


@dataclass(frozen=True)
class Caller:
    """Somebody outside of the hotel's conversation, with a world of their own.

    `is_nobody`: is to be turned away whatever is asked. `is_stranger`: of the hotel, but not in the conversation.
    """

    name: str
    home: World
    person: Person | None = None
    by_session: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    is_nobody: bool = False
    is_stranger: bool = False

    @cached_property
    def client(self) -> Client:
        """As the API is called: by token, unless this caller is there to come by session."""
        return self.page_client if self.by_session else client_with(**self._bearer, **self.headers)

    @cached_property
    def page_client(self) -> Client:
        """As pages are called: signed in, if there is a user to sign in."""
        client = client_with(**self.headers)
        if self.person and self.person.member.user:
            client.force_login(self.person.member.user)
        return client

    @property
    def _bearer(self) -> dict[str, str]:
        return self.person.bearer if self.person else {}


def client_with(**headers: str) -> Client:
    client = Client(headers=headers)
    client.handler = HANDLER
    return client


@dataclass(frozen=True, slots=True)
class Stage:
    cast: Cast
    hotel: World
    callers: dict[str, Caller]

    def insider(self, name: str) -> Caller:
        return Caller(name, self.hotel, getattr(self.cast, name))


# --- the callers ----------------------------------------------------------------------------------------------------

NOBODIES = ("anonymous", "removed", "removed by session", "admin claiming the hotel")
OUTSIDERS = (*Role, "admin by session")
STRANGERS = ("stranger guest", "stranger client", "client who left")
CALLERS = (*NOBODIES, *map(str, OUTSIDERS), *STRANGERS)

ACME_NAMES = {
    Role.MANAGER: "Nuria",
    Role.EXTERNAL_PM: "Quim",
    Role.VIEWER: "Rita",
    Role.GUEST: "Sam",
    Role.BOT: "Echo",
}


def set_stage(cast: Cast) -> Stage:
    current_epoch()  # is made at the first look
    hotel = _hotel(cast)
    people = _people_of_acme(cast)
    acme = _world(cast.acme, cast.acme_project, cast.oscar, list(people.values()), "Tender", ACME_WORDS)
    # Everybody's world names somebody they may really start a conversation with.
    for_staff = replace(acme, member=cast.paula.id, members=cast.paula.id)
    for_others = replace(acme, member=cast.oscar.id, members=cast.oscar.id)
    callers = [
        Caller("anonymous", for_others, is_nobody=True),
        Caller("removed", hotel, cast.greta, is_nobody=True),
        Caller("removed by session", hotel, cast.greta, by_session=True, is_nobody=True),
        Caller(
            "admin claiming the hotel",
            for_staff,
            cast.mallory,
            by_session=True,
            headers={"X-Organisation": "hotel"},
            is_nobody=True,
        ),
        *(Caller(role, for_staff if one.member.is_staff else for_others, one) for role, one in people.items()),
        Caller("admin by session", for_staff, cast.mallory, by_session=True),
        *_strangers(cast, hotel),
    ]
    return Stage(cast, hotel, {caller.name: caller for caller in callers})


def _hotel(cast: Cast) -> World:
    staff = [cast.bob, cast.alice, cast.carol]
    world = _world(cast.hotel, cast.room, cast.bob, staff, "Night shift", HOTEL_WORDS)
    return replace(world, member=cast.carol.id, members=cast.carol.id)


def _people_of_acme(cast: Cast) -> dict[str, Person]:
    """One of every role, so that a role that comes later is outside too."""
    people: dict[str, Person] = {Role.ADMIN: cast.mallory, Role.AGENT: cast.oscar, Role.CLIENT: cast.paula}
    for role in Role:
        if role not in people:
            site = cast.acme_site if role == Role.GUEST else None
            username = "" if role in (Role.GUEST, Role.BOT) else f"{role}@acme"
            name = ACME_NAMES.get(role, str(role))
            people[role] = make_person(cast.acme, role, name, username=username, site=site)
    for role in (Role.CLIENT, Role.EXTERNAL_PM):
        SpaceAccess.objects.create(member=people[role].member, space=cast.acme_project)
    return people


def _world(
    organisation: Organisation, space: Space, owner: Person, people: list[Person], title: str, words: str
) -> World:
    """A group of these people, in which the owner has spoken."""
    members = [one.member.id for one in people if one is not owner]
    group = start_conversation(owner.actor, kind=Kind.GROUP, title=title, members=members).conversation
    return World(
        organisation=str(organisation.id),
        conversation=str(group.id),
        title=title,
        reply_to=say(owner, group.id, words),
        words=words,
        member=owner.id,
        members=owner.id,
        space=str(space.id),
    )


def _strangers(cast: Cast, hotel: World) -> list[Caller]:
    """Of the same organisation, each with an open support conversation of their own; Lena was once in the group."""
    stray = make_person(cast.hotel, Role.GUEST, "Stray", site=cast.site)
    zoe = make_person(cast.hotel, Role.CLIENT, "Zoe")
    lena = make_person(cast.hotel, Role.CLIENT, "Lena")
    Participant.objects.create(conversation_id=hotel.conversation, member=lena.member, left_at=now())
    for client in (zoe, lena):
        SpaceAccess.objects.create(member=client.member, space=cast.other_room)
    return [
        Caller(name, _corner(cast, one), one, is_stranger=True)
        for name, one in zip(STRANGERS, (stray, zoe, lena), strict=True)
    ]


def _corner(cast: Cast, client: Person) -> World:
    support = start_conversation(client.actor, kind=Kind.SUPPORT, title=f"{client.member.name}'s towel").conversation
    return World(
        organisation=str(cast.hotel.id),
        conversation=str(support.id),
        title=support.title,
        reply_to=say(client, support.id, OWN_WORDS),
        words=OWN_WORDS,
        member=cast.bob.id,
        members=cast.bob.id,
        space=str(cast.other_room.id),
    )


def say(person: Person, conversation_id: Any, words: str) -> str:
    sent = send_message(person.actor, conversation_id=conversation_id, client_id=uuid4(), body=words)
    return str(sent.message.id)
