"""Starting conversations, or finding those that are there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any
from unicodedata import normalize
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.actor import Actor
from accounts.audit import record
from accounts.models import Member, Role, Space
from accounts.permissions import Permission
from accounts.queries import get_members, get_space
from common.clock import ask_the_database
from common.errors import Conflict, InvalidInput
from messaging import access, signals
from messaging.actions.introducing import introduce
from messaging.events import ConversationChanged
from messaging.models import Conversation, Kind, Participant, ParticipantRole
from messaging.payloads import conversation_payload
from messaging.queries import bring_present
from realtime.publishing import publish

DEFAULT_CHANNEL = "General"

# What else is done with a new one.
Begin = Callable[[Conversation], None] | None


@dataclass(frozen=True, slots=True)
class Started:
    conversation: Conversation
    is_new: bool


def start_conversation(
    actor: Actor,
    *,
    kind: Kind,
    member: UUID | None = None,
    members: list[UUID] | None = None,
    title: str = "",
    space: UUID | None = None,
    prechat: Mapping[str, str] | None = None,
) -> Started:
    """Starts a conversation, or gives the one that exists: a pair's direct, a space's channel of that title (whatever
    its case; without a title, the space's default channel), a client's open support conversation. Groups are always
    new. `prechat`: answers to what the site asks whoever begins support. Publishes `conversation` (started).
    """
    start: dict[Kind, Callable[..., Started]] = {
        Kind.DIRECT: _start_direct,
        Kind.GROUP: _start_group,
        Kind.CHANNEL: _start_channel,
        Kind.SUPPORT: partial(_start_support, prechat=prechat or {}),
    }
    return start[kind](
        actor,
        invited=[*([member] if member else []), *(members or [])],
        title=title.strip(),
        space=get_space(actor, space) if space else None,
    )


def _start_direct(actor: Actor, *, invited: list[UUID], title: str, space: Space | None) -> Started:
    actor.must(Permission.START_DIRECT)
    if len(set(invited)) != 1 or invited[0] == actor.id:
        raise InvalidInput(fields={"member": ["Name the one other member."]})
    (other,) = get_members(actor, invited[:1], field="member")
    if other.role == Role.GUEST:
        raise InvalidInput(fields={"member": ["Visitors are spoken to in a support conversation."]})
    key = ":".join(sorted((actor.id.hex, other.id.hex)))
    return _find_or_open(
        actor, [other], find={"direct_key": key}, kind=Kind.DIRECT, direct_key=key, space=None
    )


def _start_group(actor: Actor, *, invited: list[UUID], title: str, space: Space | None) -> Started:
    actor.must(Permission.START_DIRECT)
    others = [one for one in get_members(actor, invited, field="members") if one.id != actor.id]
    if not others:
        raise InvalidInput(fields={"members": ["Name at least one other member."]})
    if any(one.role == Role.GUEST for one in others):
        raise InvalidInput(fields={"members": ["Visitors are spoken to in a support conversation."]})
    return _open(actor, others, kind=Kind.GROUP, title=title, space=space)


def _start_channel(actor: Actor, *, invited: list[UUID], title: str, space: Space | None) -> Started:
    actor.must(Permission.MANAGE_CHANNELS)
    others = get_members(actor, invited, field="members")
    if any(one.role == Role.GUEST or (space and not access.may_enter(one, space)) for one in others):
        raise InvalidInput(fields={"members": ["Some of them have no access to this space."]})
    if title:
        named: dict[str, Any] = {"channel_key": channel_key(title), "space": space}
        return _find_or_open(actor, others, find=named, kind=Kind.CHANNEL, title=title, **named)
    if space is None:
        raise InvalidInput(fields={"title": ["A channel needs a title."]})
    default: dict[str, Any] = {"is_default": True, "space": space}
    title = _default_title(space)
    key = channel_key(title)
    return _find_or_open(
        actor, others, find=default, kind=Kind.CHANNEL, title=title, channel_key=key, **default
    )


def _default_title(space: Space) -> str:
    """The first that no other channel of the space has."""
    channels = Conversation.objects.filter(space=space, kind=Kind.CHANNEL)
    taken = set(channels.values_list("channel_key", flat=True))
    titles = (f"{DEFAULT_CHANNEL} {number}".removesuffix(" 1") for number in count(1))
    return next(one for one in titles if channel_key(one) not in taken)


def _start_support(
    actor: Actor, *, invited: list[UUID], title: str, space: Space | None, prechat: Mapping[str, str]
) -> Started:
    """A client's own; staff open one for the client they name."""
    actor.must(Permission.START_SUPPORT)
    if actor.member.is_staff:
        if len(set(invited)) != 1:
            raise InvalidInput(fields={"member": ["Name the client."]})
        (client,) = get_members(actor, invited[:1], field="member")
        if client.is_staff:
            raise InvalidInput(fields={"member": ["Staff are not clients."]})
        others = [client]
    elif invited:
        raise InvalidInput(fields={"member": ["The staff are found for you."]})
    else:
        client, others = actor.member, []
    if actor.member.role == Role.GUEST:
        # Titles stand in the subjects of mails, and nobody knows who a guest is.
        title = ""
    return _find_or_open(
        actor,
        others,
        find={"client": client, "closed_at": None},
        kind=Kind.SUPPORT,
        client=client,
        title=title,
        space=space,
        queue_open=True,
        queued_at=ask_the_database()(),
        begin=None if actor.member.is_staff else partial(introduce, actor, answers=prechat),
    )


def channel_key(title: str) -> str:
    return normalize("NFKC", title).casefold()


def _find_or_open(
    actor: Actor, others: list[Member], *, find: dict[str, Any], begin: Begin = None, **fields: Any
) -> Started:
    existing = _existing(actor, fields["kind"], find)
    if existing:
        return Started(existing, is_new=False)
    try:
        return _open(actor, others, begin=begin, **fields)
    except IntegrityError:
        # Someone opened it in the meantime: the database allows one.
        existing = _existing(actor, fields["kind"], find)
        if existing is None:
            # What is there has its title, and is something else; or it is there no more.
            raise Conflict from None
        return Started(existing, is_new=False)


def _existing(actor: Actor, kind: Kind, find: dict[str, Any]) -> Conversation | None:
    there = Conversation.objects.filter(organisation_id=actor.organisation_id, deleted_at=None)
    return there.filter(kind=kind, **find).first()


@transaction.atomic
def _open(actor: Actor, others: list[Member], *, begin: Begin = None, **fields: Any) -> Started:
    conversation = Conversation.objects.create(
        organisation_id=actor.organisation_id, created_by=actor.member, version=1, **fields
    )
    owner = Participant(conversation=conversation, member=actor.member, role=ParticipantRole.OWNER)
    Participant.objects.bulk_create(
        [owner, *(Participant(conversation=conversation, member=one) for one in others if one.id != actor.id)]
    )
    if begin:
        begin(conversation)
    if conversation.kind == Kind.CHANNEL:
        record(actor, "channel.created", conversation, title=conversation.title)
    bring_present({conversation.id: conversation})
    started = ConversationChanged(
        conversation.id, 1, "started", {"conversation": conversation_payload(conversation)}
    )
    publish(started, to=access.audience_of(conversation))
    signals.conversation_changed.send(
        Conversation, conversation=conversation, event="started", actor=actor, data=started.data
    )
    return Started(conversation, is_new=True)
