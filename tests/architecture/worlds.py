"""Two organisations of one shape, and everybody who is outside of the first: the stage of the isolation matrix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from accounts.models import Member, Role, Space, SpaceAccess, User
from accounts.permissions import Permission
from accounts.sealing import seal
from attachments.models import (
    FileAccess,
    FileCount,
    FileState,
    Mode,
    ShareLink,
    StorageUse,
    Thumbnail,
    UploadPolicy,
)
from common.clock import now
from common.ids import digest_of
from delivery.keys import push_key
from delivery.models import (
    DeliveryState,
    NoticeKind,
    Notification,
    PushSubscription,
    Webhook,
    WebhookDelivery,
)
from desk.models import Assignment, CannedReply, Rating, State
from messaging.access import may_enter
from messaging.actions import pin_message, send_message, start_conversation
from messaging.models import Conversation, Entity, EntityType, Kind, LinkPreview, Participant, Status
from realtime.models import current_epoch
from tests.attachments.kept import shared, uploaded
from tests.cast import Cast, Person, make_person
from tests.clients import Client
from tests.portal.asked import asked, enclosed

# Fields whose keys are conversations.
NAMED_AS_KEYS = ("cursors", "read")
# Fields that hold somebody's id.
PEOPLE = ("member", "members", "user")

# Each mentions whoever says it, and a thing of the space.
HOTEL_WORDS = "@Bob, see @task#45: the code of the night safe is 4711."
ACME_WORDS = "@Oscar, see @task#45: the tender closes on Friday."
OWN_WORDS = "There is no towel in my room."


@dataclass(frozen=True, slots=True)
class World:
    """What somebody could name in a call: `world["reply_to"]` is the id to put where an input has `reply_to`."""

    ids: Mapping[str, str]
    title: str = ""
    words: str = ""

    def __getitem__(self, name: str) -> str:
        return self.ids[name]

    def naming(self, ids: Mapping[str, str]) -> World:
        return replace(self, ids={**self.ids, **ids})

    def with_foreign(self, names: tuple[str, ...], other: World) -> World:
        return self.naming({name: other[name] for name in names})

    def with_unheard_of(self, names: tuple[str, ...]) -> World:
        return self.naming({name: str(uuid4()) for name in names})


class Anywhere(dict[str, str]):
    """Ids of nothing, made as they are asked for; afterwards its keys are the ids that a call carries."""

    def __missing__(self, name: str) -> str:
        self[name] = f"00000000-0000-7000-8000-{len(self):012}"
        return self[name]


@dataclass(frozen=True)
class Caller:
    """Somebody outside of the hotel's conversation, with a world of their own.

    `is_nobody`: is to be turned away whatever is asked. `is_stranger`: of the hotel, but not in the conversation.
    """

    name: str
    home: World
    person: Person | None = None
    user: User | None = None
    by_session: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    is_nobody: bool = False
    is_stranger: bool = False

    def client_for(self, *, page: bool) -> Client:
        """The API is called by token, but for those who are there to come by session; pages know sessions only."""
        return self._by_session if page or self.by_session else self._by_token

    @cached_property
    def _by_token(self) -> Client:
        return Client(headers={**(self.person.bearer if self.person else {}), **self.headers})

    @cached_property
    def _by_session(self) -> Client:
        client = Client(headers=dict(self.headers))
        user = self.user or (self.person.member.user if self.person else None)
        if user:
            client.force_login(user)
        return client


# --- the callers ----------------------------------------------------------------------------------------------------

CLAIMING = "admin claiming the hotel"
NOBODIES = ("anonymous", "removed", "removed by session", CLAIMING)
OUTSIDERS = (*map(str, Role), "admin by session")
STRANGERS = ("stranger guest", "stranger client", "client who left")
CALLERS = (*NOBODIES, *OUTSIDERS, *STRANGERS)


@dataclass
class Stage:
    """The hotel's group, in which Bob has spoken to Alice and Carol. Who is not in it comes when called."""

    cast: Cast
    hotel: World
    acme: World
    people_of_acme: dict[str, Person]
    met: dict[str, Caller] = field(default_factory=dict)

    def meet(self, names: Iterable[str]) -> None:
        """All of them, now: whoever shares this stage need not make them again."""
        self.met = {name: self._newcomer(name) for name in names}

    def insider(self, name: str) -> Caller:
        if name == "root":
            root = User.objects.create_superuser(username=uuid4().hex)
            return Caller(name, self.hotel, user=root)
        return Caller(name, self.hotel, getattr(self.cast, name))

    def caller(self, name: str) -> Caller:
        """Not signed in yet."""
        return replace(self.met[name]) if name in self.met else self._newcomer(name)

    def _newcomer(self, name: str) -> Caller:
        if name in STRANGERS:
            return self._stranger(name)
        if name in map(str, Role):
            return self._outsider(name, self.people_of_acme[name])
        mallory, greta = self.cast.mallory, self.cast.greta
        return {
            "anonymous": lambda: Caller(name, self.hotel, is_nobody=True),
            "removed": lambda: Caller(name, self.hotel, greta, is_nobody=True),
            "removed by session": lambda: Caller(name, self.hotel, greta, by_session=True, is_nobody=True),
            "admin by session": lambda: self._outsider(name, mallory, by_session=True),
            CLAIMING: lambda: self._outsider(
                name, mallory, by_session=True, headers={"X-Organisation": "hotel"}, is_nobody=True
            ),
        }[name]()

    def _outsider(self, name: str, person: Person, **options: Any) -> Caller:
        """Of another organisation, in a world that names somebody they may really start a conversation with."""
        other = self.cast.paula if person.member.is_staff else self.cast.oscar
        home = self.acme.naming({**dict.fromkeys(PEOPLE, other.id), **own_things(person)})
        where = UUID(home["conversation"])
        home = home.naming({"attachments": uploaded(person, where, "Mine.")})
        if person.member.role == Role.EXTERNAL_PM:
            help = once_helped(person.member, self.cast.oscar)
            served(help, self.cast.oscar)
            home = home.naming({"own_help": str(help.pk)})
        if person.actor.can(Permission.SEND):
            # What they may edit and take out.
            own = {"message": say(person, where, "Mine."), "attachment": shared(person, where, "Mine.")}
            home = home.naming(own)
        if person.actor.can(Permission.CREATE_REQUESTS):
            home = home.naming({"own_request": wanted(person, self.cast.acme_project)})
        return Caller(name, home, person, **options)

    def _stranger(self, name: str) -> Caller:
        """Of the hotel, with an open support conversation of their own; or once in the group, but no longer."""
        role, site = (Role.GUEST, self.cast.site) if name == "stranger guest" else (Role.CLIENT, None)
        person = make_person(self.cast.hotel, role, "Zoe", site=site)
        if name == "client who left":
            Participant.objects.create(
                conversation_id=self.hotel["conversation"], member=person.member, left_at=now()
            )
        if role == Role.CLIENT:
            SpaceAccess.objects.create(member=person.member, space=self.cast.other_room)
        home = _corner(self.cast, person).naming(own_things(person))
        return Caller(name, home, person, is_stranger=True)


def set_stage(cast: Cast) -> Stage:
    # Both are made at the first look.
    current_epoch()
    push_key()
    people = [cast.bob, cast.alice, cast.carol]
    hotel = _world(cast.room, cast.bob, people, "Night shift", HOTEL_WORDS)
    names = {**dict.fromkeys(PEOPLE, cast.carol.id), **own_things(cast.bob)}
    names["own_request"] = wanted(cast.carol, cast.room)
    outside = _people_of_acme(cast)
    acme = _world(cast.acme_project, cast.oscar, list(outside.values()), "Tender", ACME_WORDS)
    return Stage(cast, hotel.naming(names), acme, outside)


def _people_of_acme(cast: Cast) -> dict[str, Person]:
    """One of every role, so that a role that comes later is outside too."""
    people: dict[str, Person] = {Role.ADMIN: cast.mallory, Role.AGENT: cast.oscar, Role.CLIENT: cast.paula}
    for role in Role:
        if role not in people:
            site = cast.acme_site if role == Role.GUEST else None
            username = "" if role in (Role.GUEST, Role.BOT) else f"{role}@acme"
            people[role] = make_person(cast.acme, role, f"Acme's {role}", username=username, site=site)
    for role in (Role.CLIENT, Role.EXTERNAL_PM):
        SpaceAccess.objects.create(member=people[role].member, space=cast.acme_project)
    return people


def _world(space: Space, owner: Person, people: list[Person], title: str, words: str) -> World:
    """A group of these people, in which the owner has spoken and pinned it, and a channel of those who may enter it."""
    guests = [one for one in people if one.member.role == Role.GUEST]
    members = [one.member.id for one in people if one is not owner and one not in guests]
    group = start_conversation(owner.actor, kind=Kind.GROUP, title=title, members=members).conversation
    # Nobody brings a visitor into a group; here one gives the guest something to do at home.
    Participant.objects.bulk_create(Participant(conversation=group, member=one.member) for one in guests)
    world = _around(group, space, words, said_by=owner, member=owner)
    pin_message(owner.actor, message_id=UUID(world["message"]), on=True)
    enter = [one.member.id for one in people if one not in guests and may_enter(one.member, space)]
    client = next(one for one in people if one.member.role == Role.CLIENT).member
    help, nobodys = once_helped(client, owner), once_helped(client, owner)
    nobodys.participants.filter(member=owner.member).update(left_at=now())
    return world.naming(
        {
            "works": _channel(owner, space, f"{title} news", enter),
            "help": str(help.pk),
            "own_help": str(help.pk),
            "nobodys": str(nobodys.pk),
            "assignment": served(help, owner),
            "colleague": owner.id,
        }
    )


def _corner(cast: Cast, client: Person) -> World:
    """A client's own support conversation; a space of theirs, and an agent to write to."""
    support = start_conversation(client.actor, kind=Kind.SUPPORT, title="Towels").conversation
    world = _around(support, cast.other_room, OWN_WORDS, said_by=client, member=cast.bob)
    enter = [client.member.id] if may_enter(client.member, cast.other_room) else []
    works = _channel(cast.bob, cast.other_room, "Lifts", enter)
    assignment = served(support, cast.bob)
    return world.naming(
        {
            "works": works,
            **dict.fromkeys(("help", "own_help", "nobodys"), str(support.pk)),
            "assignment": assignment,
            "colleague": cast.bob.id,
        }
    )


def once_helped(client: Member, by: Person) -> Conversation:
    """Over, so that another can begin; nobody serves it."""
    help = start_conversation(by.actor, kind=Kind.SUPPORT, member=client.id).conversation
    over = {"closed_at": now(), "status": Status.CLOSED, "queue_open": False}
    Conversation.objects.filter(pk=help.pk).update(**over)
    return help


def served(conversation: Conversation, by: Person) -> str:
    """By somebody, who did not end it; and by somebody who did, and how it was."""
    common = {"organisation_id": conversation.organisation_id, "conversation": conversation}
    who = {"assignee": by.member, "assigned_by": by.member}
    there = Assignment.objects.filter(conversation=conversation, state=State.ACTIVE).first()
    active = there or Assignment.objects.create(**common, **who)
    done = Assignment.objects.create(**common, **who, state=State.RESOLVED, ended_at=now())
    Rating.objects.create(assignment=done, score=5, comment=f"Rated {done.pk}")
    return str(active.pk)


def _around(
    conversation: Conversation, space: Space, words: str, *, said_by: Person, member: Person
) -> World:
    ids = dict.fromkeys(("conversation", "channel", *NAMED_AS_KEYS), str(conversation.id))
    ids |= {"organisation": str(conversation.organisation_id), "space": str(space.id)}
    ids |= {**dict.fromkeys(PEOPLE, member.id), "entity": _task(space)}
    ids["message"] = ids["reply_to"] = say(said_by, conversation.id, words)
    ids["attachment"] = shared(said_by, conversation.id, words)
    ids["share_link"] = read(said_by, ids["attachment"])
    ids["attachments"] = uploaded(said_by, conversation.id, words)
    ids["held"] = shared(said_by, conversation.id, words, state=FileState.PENDING)
    ids |= told_to_a_host(conversation.organisation_id)
    ids["canned_reply"] = kept(conversation.organisation_id)
    ids["request"] = ids["own_request"] = wanted(said_by, space)
    return World(ids, conversation.title, words)


def _channel(by: Person, space: Space, title: str, members: list[UUID]) -> str:
    started = start_conversation(by.actor, kind=Kind.CHANNEL, title=title, members=members, space=space.id)
    return str(started.conversation.id)


def _task(space: Space) -> str:
    """As a host has told of it; the first of an organisation is number 45."""
    kind = EntityType.objects.get(organisation=space.organisation_id, key="task")
    ref = str(45 + kind.entities.count())
    return str(Entity.objects.create(type=kind, ref=ref, label=f"Paint {space.name}", space=space).id)


def own_things(person: Person) -> dict[str, str]:
    """What nobody but this person has: something they are told of, and a browser that is pushed to."""
    told = Notification.objects.create(
        member=person.member, kind=NoticeKind.ASSIGNMENT, key=uuid4().hex, data={}
    )
    endpoint = f"https://fcm.googleapis.com/fcm/send/{uuid4().hex}"
    browser = PushSubscription.objects.create(
        member=person.member,
        token_id=person.actor.credential.token_id,
        endpoint=endpoint,
        digest=digest_of(endpoint),
        service="fcm.googleapis.com",
    )
    return {"notification": str(told.pk), "subscription": str(browser.pk)}


def told_to_a_host(organisation_id: UUID) -> dict[str, str]:
    """A webhook that hears of nothing that anybody does here, and something that it was told in vain."""
    webhook = Webhook.objects.create(
        organisation_id=organisation_id,
        url=f"https://{uuid4().hex}.example/hook",
        events=["sla.*"],
        secret=seal(uuid4().hex),
    )
    return {"webhook": str(webhook.pk), "webhook_delivery": tell_in_vain(webhook)}


def kept(organisation_id: UUID) -> str:
    """An answer that is often given."""
    reply = CannedReply.objects.create(
        organisation_id=organisation_id, shortcut=f"wifi-{uuid4().hex[:8]}", body="It is free."
    )
    return str(reply.pk)


def wanted(by: Person, space: Space) -> str:
    """A request with a file."""
    request = asked(by, space, f"A lamp for {space.name}")
    enclosed(by, request, f"As in {uuid4()}")
    return str(request.pk)


def tell_in_vain(webhook: Webhook) -> str:
    delivery = WebhookDelivery.objects.create(
        webhook=webhook,
        event="sla.breached",
        created_at=now(),
        next_attempt_at=now(),
        state=DeliveryState.FAILED,
    )
    return str(delivery.pk)


def thumbnail(attachment: str) -> None:
    Thumbnail.objects.create(attachment_id=attachment, size=150, width=150, height=100, extension="webp")


def policed(organisation: str) -> None:
    UploadPolicy.objects.create(organisation_id=organisation)
    StorageUse.objects.create(organisation_id=organisation)


def read(reader: Person, attachment: str) -> str:
    """By a link, which it gives; and it is counted."""
    organisation = reader.member.organisation
    link = ShareLink.objects.create(
        organisation=organisation,
        attachment_id=attachment,
        creator=reader.member,
        digest=digest_of(uuid4().hex),
        mode=Mode.VIEW,
        expires_at=now() + timedelta(days=1),
    )
    FileAccess.objects.create(
        organisation=organisation, attachment_id=attachment, member=reader.member, link=link, mode=Mode.VIEW
    )
    FileCount.objects.create(organisation=organisation, day=now().date(), what="served", key=uuid4().hex)
    return str(link.pk)


def preview(message: str) -> None:
    url = f"https://{uuid4().hex}.example/"
    LinkPreview.objects.create(message_id=message, url=url, title=f"Page of {message}")


def say(person: Person, conversation_id: UUID, words: str) -> str:
    sent = send_message(person.actor, conversation_id=conversation_id, client_id=uuid4(), body=words)
    return str(sent.message.id)
