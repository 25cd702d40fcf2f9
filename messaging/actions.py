"""What can be done with conversations. Each is one transaction under the conversation's lock, then news."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from unicodedata import normalize
from uuid import UUID

from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from accounts.actor import Actor
from accounts.audit import record
from accounts.models import Member, Role, Space
from accounts.permissions import Permission
from accounts.queries import get_members, get_space
from common.errors import Forbidden, InvalidInput, ParleyError
from messaging import access
from messaging.events import ConversationChanged, MessageChanged, Typing
from messaging.models import Conversation, Kind, Participant, ParticipantRole
from messaging.payloads import conversation_payload
from messaging.queries import bring_present
from messaging.saying import Locked, Saying, Sent, Together
from realtime.publishing import publish

# In a larger group somebody always is.
TYPING_IS_TOLD_TO = 50


@dataclass(frozen=True, slots=True)
class Started:
    conversation: Conversation
    is_new: bool


# --- sending --------------------------------------------------------------------------------------------------------


def send_message(
    actor: Actor,
    *,
    conversation_id: UUID,
    client_id: UUID,
    body: str,
    reply_to: UUID | None = None,
    link_url: str = "",
) -> Sent:
    """Says something: `send_messages` with one."""
    (outcome,) = send_messages([Saying(actor, conversation_id, client_id, body, reply_to, link_url)])
    if not isinstance(outcome, Sent):
        raise outcome
    return outcome


def send_messages(sayings: list[Saying], *, wait: bool = True) -> list[Sent | Exception]:
    """Says things in one transaction, each as if it were alone: what became of each, in order.

    A retry with the same client_id gives the first message again. Locks the conversations; without `wait`, what is said
    in one that somebody else holds becomes Locked. Publishes `message` (created) to the conversation's audience, after
    `conversation` (joined) when someone joins a support conversation or a channel by speaking. Moves the sender's
    `delivered_seq`, never `read_seq`: a send must not mark what the sender has not seen.
    """
    try:
        with transaction.atomic():
            return _say_together(sayings, wait=wait)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if len(sayings) == 1:
            return [error]
        # One of them cannot be written, and took the others' transaction with it.
        return [_say_alone(saying, wait=wait) for saying in sayings]


def _say_alone(saying: Saying, *, wait: bool) -> Sent | Exception:
    try:
        (outcome,) = send_messages([saying], wait=wait)
    except (OperationalError, InterfaceError) as error:
        # Those before it are said.
        return error
    return outcome


def _say_together(sayings: list[Saying], *, wait: bool) -> list[Sent | Exception]:
    together = Together(sayings, wait=wait)
    outcomes: list[Sent | Exception] = []
    for saying in sayings:
        try:
            outcomes.append(together.say(saying))
        except (ParleyError, Locked) as error:
            outcomes.append(error)
    together.write()
    for news, audience in together.news:
        event = MessageChanged("created", news.payload) if isinstance(news, Sent) else news
        publish(event, to=audience)
    return outcomes


# --- typing ---------------------------------------------------------------------------------------------------------


def tell_typing(actor: Actor, *, conversation_id: UUID, on: bool) -> None:
    """Publishes `typing` to the others who hear the conversation, if they are few enough for it to say anything."""
    conversation = access.get_conversation(actor, conversation_id)
    access.must_speak_in(actor, conversation, takes_part=access.takes_part(actor, conversation))
    others = access.audience_of(conversation) - {actor.id}
    if len(others) <= TYPING_IS_TOLD_TO:
        publish(Typing(conversation.id, actor.id, on), to=others)


# --- starting -------------------------------------------------------------------------------------------------------


def start_conversation(
    actor: Actor,
    *,
    kind: Kind,
    member: UUID | None = None,
    members: list[UUID] | None = None,
    title: str = "",
    space: UUID | None = None,
) -> Started:
    """Starts a conversation, or gives the one that exists: a pair's direct, a space's channel of that title (whatever
    its case), a client's open support conversation. Groups are always new. Publishes `conversation` (started).
    """
    start = {
        Kind.DIRECT: _start_direct,
        Kind.GROUP: _start_group,
        Kind.CHANNEL: _start_channel,
        Kind.SUPPORT: _start_support,
    }[kind]
    return start(
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
    if not title:
        raise InvalidInput(fields={"title": ["A channel needs a title."]})
    others = get_members(actor, invited, field="members")
    if any(one.role == Role.GUEST or (space and not access.may_enter(one, space)) for one in others):
        raise InvalidInput(fields={"members": ["Some of them have no access to this space."]})
    return _find_or_open(
        actor,
        others,
        find={"channel_key": channel_key(title), "space": space},
        kind=Kind.CHANNEL,
        title=title,
        channel_key=channel_key(title),
        space=space,
    )


def _start_support(actor: Actor, *, invited: list[UUID], title: str, space: Space | None) -> Started:
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
    return _find_or_open(
        actor,
        others,
        find={"client": client, "closed_at": None},
        kind=Kind.SUPPORT,
        client=client,
        title=title,
        space=space,
        queue_open=True,
    )


def channel_key(title: str) -> str:
    return normalize("NFKC", title).casefold()


def _find_or_open(actor: Actor, others: list[Member], *, find: dict[str, Any], **fields: Any) -> Started:
    existing = _existing(actor, fields["kind"], find)
    if existing:
        return Started(existing, is_new=False)
    try:
        return _open(actor, others, **fields)
    except IntegrityError:
        # Someone opened it in the meantime: the database allows one.
        existing = _existing(actor, fields["kind"], find)
        if existing is None:
            raise
        return Started(existing, is_new=False)


def _existing(actor: Actor, kind: Kind, find: dict[str, Any]) -> Conversation | None:
    return Conversation.objects.filter(organisation_id=actor.organisation_id, kind=kind, **find).first()


@transaction.atomic
def _open(actor: Actor, others: list[Member], **fields: Any) -> Started:
    conversation = Conversation.objects.create(
        organisation_id=actor.organisation_id, created_by=actor.member, version=1, **fields
    )
    owner = Participant(conversation=conversation, member=actor.member, role=ParticipantRole.OWNER)
    Participant.objects.bulk_create(
        [owner, *(Participant(conversation=conversation, member=one) for one in others if one.id != actor.id)]
    )
    if conversation.kind == Kind.CHANNEL:
        record(actor, "channel.created", conversation, title=conversation.title)
    bring_present({conversation.id: conversation})
    started = ConversationChanged(
        conversation.id, 1, "started", {"conversation": conversation_payload(conversation)}
    )
    publish(started, to=access.audience_of(conversation))
    return Started(conversation, is_new=True)


# --- renaming -------------------------------------------------------------------------------------------------------


@transaction.atomic
def rename_conversation(actor: Actor, *, conversation_id: UUID, title: str) -> Conversation:
    """Groups: any participant who may send. Channels: MANAGE_CHANNELS, audited. Publishes `conversation` (renamed)."""
    conversation = access.get_conversation(actor, conversation_id, lock=True)
    _must_rename(actor, conversation)
    if conversation.title == title:
        return conversation
    former, conversation.title = conversation.title, title
    if conversation.kind == Kind.CHANNEL:
        conversation.channel_key = channel_key(title)
    renamed = ConversationChanged(conversation.id, conversation.next_version(), "renamed", {"title": title})
    try:
        with transaction.atomic():
            conversation.save_version("title", "channel_key")
    except IntegrityError:
        raise InvalidInput(fields={"title": ["Another channel here has this title."]}) from None
    if conversation.kind == Kind.CHANNEL:
        record(actor, "channel.renamed", conversation, former=former, title=title)
    publish(renamed, to=access.audience_of(conversation))
    return conversation


def _must_rename(actor: Actor, conversation: Conversation) -> None:
    if conversation.kind == Kind.CHANNEL:
        actor.must(Permission.MANAGE_CHANNELS)
        return
    if conversation.kind == Kind.DIRECT:
        raise InvalidInput(fields={"title": ["A direct conversation is named after its people."]})
    actor.must(Permission.SEND)
    takes_part = conversation.participants.filter(member=actor.id, left_at=None).exists()
    if not takes_part and not (conversation.kind == Kind.SUPPORT and actor.member.is_staff):
        raise Forbidden("Only its participants rename it.")
