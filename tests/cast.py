"""The people of every story.

Alice administers the hotel, Marta manages it, Bob is its agent; Carol is its client with access to room 101, Vera may
only look there, Dana is an anonymous visitor, Robo a bot. Greta once worked there and was removed. Mallory administers
another organisation, where Oscar is the agent and Paula the client.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from accounts.actions import make_token
from accounts.actor import Actor, Credential
from accounts.models import (
    Member,
    Organisation,
    Role,
    Site,
    SiteOrigin,
    SiteSecret,
    Space,
    SpaceAccess,
    SpaceRole,
    TokenKind,
    User,
)
from accounts.sealing import seal
from common.clock import now

HOTEL_ORIGIN = "https://www.hotel.example"
ACME_ORIGIN = "https://www.acme.example"
IDENTITY_SECRET = "a secret that only the server of the hotel knows, and never a page"
IDENTITY_KID = "kid_hotel"


@dataclass(frozen=True, slots=True)
class Person:
    """A member, and a token of theirs to come in with."""

    member: Member
    token: str
    actor: Actor

    @property
    def id(self) -> str:
        return str(self.member.id)

    @property
    def token_id(self) -> UUID:
        assert self.actor.credential.token_id
        return self.actor.credential.token_id

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True, slots=True)
class Cast:
    hotel: Organisation
    room: Space
    other_room: Space
    site: Site
    alice: Person
    marta: Person
    bob: Person
    carol: Person
    vera: Person
    dana: Person
    robo: Person
    greta: Person
    acme: Organisation
    acme_project: Space
    acme_site: Site
    mallory: Person
    oscar: Person
    paula: Person


def make_cast() -> Cast:
    hotel = Organisation.objects.create(slug="hotel", name="Hotel")
    acme = Organisation.objects.create(slug="acme", name="Acme")
    room = Space.objects.create(organisation=hotel, kind="room", name="Room 101", slug="room-101")
    other_room = Space.objects.create(organisation=hotel, kind="room", name="Room 102", slug="room-102")
    acme_project = Space.objects.create(organisation=acme, kind="project", name="Tower", slug="tower")
    site = make_site(hotel, HOTEL_ORIGIN)
    SiteSecret.objects.create(site=site, kid=IDENTITY_KID, sealed=seal(IDENTITY_SECRET))
    cast = Cast(
        hotel=hotel,
        room=room,
        other_room=other_room,
        site=site,
        alice=make_person(hotel, Role.ADMIN, "Alice", username="alice"),
        marta=make_person(hotel, Role.MANAGER, "Marta", username="marta"),
        bob=make_person(hotel, Role.AGENT, "Bob", username="bob"),
        carol=make_person(hotel, Role.CLIENT, "Carol", username="carol"),
        vera=make_person(hotel, Role.VIEWER, "Vera", username="vera"),
        dana=make_person(hotel, Role.GUEST, "Dana", site=site),
        robo=make_person(hotel, Role.BOT, "Robo"),
        greta=make_person(hotel, Role.AGENT, "Greta", username="greta"),
        acme=acme,
        acme_project=acme_project,
        acme_site=make_site(acme, ACME_ORIGIN),
        mallory=make_person(acme, Role.ADMIN, "Mallory", username="mallory"),
        oscar=make_person(acme, Role.AGENT, "Oscar", username="oscar"),
        paula=make_person(acme, Role.CLIENT, "Paula", username="paula"),
    )
    SpaceAccess.objects.create(member=cast.carol.member, space=room)
    SpaceAccess.objects.create(member=cast.vera.member, space=room, role=SpaceRole.VIEWER, can_comment=False)
    Member.objects.filter(pk=cast.greta.member.pk).update(deactivated_at=now())
    return cast


def make_site(organisation: Organisation, origin: str) -> Site:
    site = Site.objects.create(organisation=organisation, name=organisation.name)
    SiteOrigin.objects.create(site=site, origin=origin)
    return site


def make_person(
    organisation: Organisation, role: Role, name: str, *, username: str = "", site: Site | None = None
) -> Person:
    user = User.objects.create(username=username) if username else None
    member = Member.objects.create(organisation=organisation, role=role, name=name, user=user)
    kind = TokenKind.WIDGET if site else TokenKind.API
    issued = make_token(member, kind=kind, name="test", site=site)
    return Person(member, issued.secret, Actor(member, Credential(member.id, token_id=issued.token.id)))
