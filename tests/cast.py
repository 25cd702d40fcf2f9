"""The people of every story.

Alice administers the hotel, Marta manages it, Bob is its agent; Carol is its client with access to room 101, Vera may
only look there, Dana is an anonymous visitor, Robo a bot. Greta once worked there and was removed. Mallory administers
another organisation, where Oscar is the agent and Paula the client.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from accounts.actor import EVERY_SCOPE, Actor, Credential
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
    Token,
    TokenKind,
    User,
)
from accounts.sealing import seal
from common.clock import now
from common.ids import digest_of, new_secret

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
    room, other_room, acme_project = Space.objects.bulk_create(
        [
            Space(organisation=hotel, kind="room", name="Room 101", slug="room-101"),
            Space(organisation=hotel, kind="room", name="Room 102", slug="room-102"),
            Space(organisation=acme, kind="project", name="Tower", slug="tower"),
        ]
    )
    site, acme_site = make_site(hotel, HOTEL_ORIGIN), make_site(acme, ACME_ORIGIN)
    SiteSecret.objects.create(site=site, kid=IDENTITY_KID, sealed=seal(IDENTITY_SECRET))
    alice, marta, bob, carol, vera, dana, robo, greta, mallory, oscar, paula = make_people(
        Newcomer(hotel, Role.ADMIN, "Alice", "alice"),
        Newcomer(hotel, Role.MANAGER, "Marta", "marta"),
        Newcomer(hotel, Role.AGENT, "Bob", "bob"),
        Newcomer(hotel, Role.CLIENT, "Carol", "carol"),
        Newcomer(hotel, Role.VIEWER, "Vera", "vera"),
        Newcomer(hotel, Role.GUEST, "Dana", site=site),
        Newcomer(hotel, Role.BOT, "Robo"),
        Newcomer(hotel, Role.AGENT, "Greta", "greta"),
        Newcomer(acme, Role.ADMIN, "Mallory", "mallory"),
        Newcomer(acme, Role.AGENT, "Oscar", "oscar"),
        Newcomer(acme, Role.CLIENT, "Paula", "paula"),
    )
    SpaceAccess.objects.bulk_create(
        [
            SpaceAccess(member=carol.member, space=room),
            SpaceAccess(member=vera.member, space=room, role=SpaceRole.VIEWER, can_comment=False),
        ]
    )
    Member.objects.filter(pk=greta.member.pk).update(deactivated_at=now())
    return Cast(
        hotel=hotel,
        room=room,
        other_room=other_room,
        site=site,
        alice=alice,
        marta=marta,
        bob=bob,
        carol=carol,
        vera=vera,
        dana=dana,
        robo=robo,
        greta=greta,
        acme=acme,
        acme_project=acme_project,
        acme_site=acme_site,
        mallory=mallory,
        oscar=oscar,
        paula=paula,
    )


def make_site(organisation: Organisation, origin: str) -> Site:
    site = Site.objects.create(organisation=organisation, name=organisation.name)
    SiteOrigin.objects.create(site=site, origin=origin)
    return site


@dataclass(frozen=True, slots=True)
class Newcomer:
    organisation: Organisation
    role: Role
    name: str
    username: str = ""
    site: Site | None = None


def make_person(
    organisation: Organisation, role: Role, name: str, *, username: str = "", site: Site | None = None
) -> Person:
    (person,) = make_people(Newcomer(organisation, role, name, username, site))
    return person


def make_people(*newcomers: Newcomer) -> list[Person]:
    """Written together: nearly every test begins with them."""
    users = {one.username: User(username=one.username) for one in newcomers if one.username}
    members = [
        Member(organisation=one.organisation, role=one.role, name=one.name, user=users.get(one.username))
        for one in newcomers
    ]
    secrets = [new_secret() for _ in newcomers]
    tokens = [
        Token(
            member=member,
            kind=TokenKind.WIDGET if one.site else TokenKind.API,
            name="test",
            digest=digest_of(secret),
            scopes=sorted(EVERY_SCOPE),
            site=one.site,
        )
        for one, member, secret in zip(newcomers, members, secrets, strict=True)
    ]
    User.objects.bulk_create(users.values())
    Member.objects.bulk_create(members)
    Token.objects.bulk_create(tokens)
    return [
        Person(member, secret, Actor(member, Credential(member.id, token_id=token.id)))
        for member, secret, token in zip(members, secrets, tokens, strict=True)
    ]
