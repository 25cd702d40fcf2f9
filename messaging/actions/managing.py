"""Changing a conversation, and who is in it: news for everybody there, and a line in the timeline."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.actor import Actor
from accounts.audit import record
from accounts.models import Member, Role
from accounts.payloads import member_payload
from accounts.permissions import Permission
from accounts.queries import get_members
from common.clock import ask_the_database
from common.errors import Conflict, Forbidden, InvalidInput, NotFound
from messaging import access, handing, signals
from messaging.actions.starting import channel_key
from messaging.events import ConversationChanged, MessageChanged
from messaging.handing import Handed
from messaging.models import Conversation, Kind, Message, Own, Participant, ParticipantRole, Status
from messaging.payloads import message_payload, participant_payload
from messaging.telling import system_message
from realtime.publishing import publish

# --- the conversation -----------------------------------------------------------------------------------------------


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
        record(actor, "channel.renamed", conversation, former=former, title=title)
    try:
        tell(actor, conversation, "renamed", {"title": title}, write=("title", "channel_key"))
    except IntegrityError:
        raise InvalidInput(fields={"title": ["Another channel here has this title."]}) from None
    return conversation


def _must_rename(actor: Actor, conversation: Conversation) -> None:
    if conversation.kind == Kind.CHANNEL:
        actor.must(Permission.MANAGE_CHANNELS)
        return
    if conversation.kind == Kind.DIRECT:
        raise InvalidInput(fields={"title": ["A direct conversation is named after its people."]})
    actor.must(Permission.SEND)
    takes_part = access.takes_part(actor, conversation)
    if not takes_part and not (conversation.kind == Kind.SUPPORT and actor.member.is_staff):
        raise Forbidden("Only its participants rename it.")


@transaction.atomic
def close_channel(actor: Actor, *, conversation_id: UUID, closed: bool) -> Conversation:
    """Nobody writes in a channel that is closed (archived for everybody); it can be read, and opened again.

    MANAGE_CHANNELS, audited. Publishes `conversation` (closed, reopened).
    """
    channel = _get_channel(actor, conversation_id)
    actor.must(Permission.MANAGE_CHANNELS)
    status = Status.CLOSED if closed else Status.OPEN
    if channel.status == status:
        return channel
    channel.status = status
    channel.closed_at = ask_the_database()() if closed else None
    event = "closed" if closed else "reopened"
    record(actor, f"channel.{event}", channel, title=channel.title)
    tell(actor, channel, event, {"status": status.value}, write=("status", "closed_at"))
    return channel


@transaction.atomic
def delete_channel(actor: Actor, *, conversation_id: UUID) -> None:
    """Nobody sees it any more; its title is free again. DELETE_CHANNELS, audited.

    Publishes `conversation` (deleted).
    """
    channel = _get_channel(actor, conversation_id)
    actor.must(Permission.DELETE_CHANNELS)
    if channel.is_default:
        raise Conflict("The default channel of a space stays. It can be renamed or archived.")
    audience = access.audience_of(channel)
    channel.deleted_at = ask_the_database()()
    # Its own id is nobody's title.
    channel.channel_key = str(channel.pk)
    deleted = ConversationChanged(channel.id, channel.next_version(), "deleted", {})
    channel.save_version("deleted_at", "channel_key")
    record(actor, "channel.deleted", channel, title=channel.title)
    publish(deleted, to=audience)
    _signal(actor, channel, deleted)


def _get_channel(actor: Actor, id: UUID) -> Conversation:
    conversation = access.get_conversation(actor, id, lock=True)
    if conversation.kind != Kind.CHANNEL:
        raise NotFound(access.NO_CONVERSATION)
    return conversation


# --- its people -----------------------------------------------------------------------------------------------------


@transaction.atomic
def add_participant(actor: Actor, *, conversation_id: UUID, member: UUID) -> Conversation:
    """Brings somebody into a group, a channel, or (staff only) a support conversation; whoever is there already stays.

    Publishes `conversation` (joined), to whoever comes as well.
    """
    conversation = access.get_conversation(actor, conversation_id, lock=True)
    _must_add(actor, conversation)
    (newcomer,) = get_members(actor, [member], field="member")
    if conversation.participants.filter(member=newcomer, left_at=None).exists():
        return conversation
    _must_fit(newcomer, conversation)
    participant, _ = Participant.objects.update_or_create(
        conversation=conversation, member=newcomer, defaults={"left_at": None}
    )
    if conversation.kind == Kind.CHANNEL:
        record(actor, "channel.joined", conversation, member=str(newcomer.pk))
    data = {"participant": participant_payload(participant)}
    tell(actor, conversation, "joined", data, in_timeline={"member": member_payload(newcomer)})
    return conversation


def _must_add(actor: Actor, conversation: Conversation) -> None:
    if conversation.kind == Kind.DIRECT:
        raise InvalidInput("Start a group to talk to more people.")
    actor.must(Permission.ADD_PEOPLE)
    if not actor.member.is_staff and conversation.kind == Kind.SUPPORT:
        raise Forbidden("The staff bring people in here.")
    if not access.takes_part(actor, conversation) and conversation.kind == Kind.GROUP:
        raise Forbidden("Only its participants bring people in.")


def _must_fit(newcomer: Member, conversation: Conversation) -> None:
    if newcomer.role == Role.GUEST:
        raise InvalidInput(fields={"member": ["Visitors are spoken to in a support conversation."]})
    if conversation.kind == Kind.SUPPORT and not newcomer.is_staff:
        raise InvalidInput(fields={"member": ["Only staff come into a support conversation."]})
    space = conversation.space if conversation.kind == Kind.CHANNEL else None
    if space and not access.may_enter(newcomer, space):
        raise InvalidInput(fields={"member": ["They have no access to this space."]})


@transaction.atomic
def remove_participant(actor: Actor, *, conversation_id: UUID, member: UUID) -> Conversation:
    """Takes somebody out, or leaves (`member` is the actor). NotFound for whoever is not there.

    What has no owner any more belongs to whoever has been there longest, and whom nobody serves any more waits in the
    queue. Publishes `conversation` (left), to whoever goes as well, and (released).
    """
    conversation = access.get_conversation(actor, conversation_id, lock=True)
    gone = conversation.participants.select_related("member").filter(member=member, left_at=None).first()
    if gone is None:
        raise NotFound("No such member in `member`.")
    _must_remove(actor, conversation, gone)
    heard = access.audience_of(conversation)
    gone.left_at = ask_the_database()()
    gone.role, owned = ParticipantRole.MEMBER, gone.role == ParticipantRole.OWNER
    # Whoever comes back begins anew: the news of it is the same for all, and tells nothing of one's own.
    gone.archived_at, gone.muted_until, gone.notify = Own()
    gone.save(update_fields=["left_at", "role", *Own._fields])
    heir = _heir(conversation) if owned else None
    then = handing.put_back(conversation) if conversation.assignee_id == gone.member_id else None
    if conversation.kind == Kind.CHANNEL and gone.member_id != actor.id:
        record(actor, "channel.left", conversation, member=str(gone.member_id))
    data = {"member": str(gone.member_id), "owner": str(heir.member_id) if heir else None}
    tell(
        actor,
        conversation,
        "left",
        data,
        in_timeline={"member": member_payload(gone.member)},
        write=handing.WRITTEN if then else (),
        also=heard,
        then=then,
    )
    return conversation


def _must_remove(actor: Actor, conversation: Conversation, gone: Participant) -> None:
    if conversation.kind == Kind.DIRECT:
        raise InvalidInput("Nobody leaves a direct conversation. It can be archived.")
    if conversation.client_id == gone.member_id:
        raise InvalidInput("A support conversation keeps its client.")
    if gone.member_id == actor.id:
        actor.must(Permission.CHANGE_SETTINGS)
        return
    if conversation.kind == Kind.GROUP and not _owns(actor, conversation):
        actor.must(Permission.SEE_EVERY_CONVERSATION)
    elif conversation.kind != Kind.GROUP:
        actor.must(Permission.MANAGE_CHANNELS)


def _owns(actor: Actor, conversation: Conversation) -> bool:
    own = access.participant_of(actor, conversation)
    return own is not None and own.role == ParticipantRole.OWNER


def _heir(conversation: Conversation) -> Participant | None:
    heir = conversation.participants.present().order_by("joined_at", "pk").first()
    if heir:
        heir.role = ParticipantRole.OWNER
        heir.save(update_fields=["role"])
    return heir


# --- telling --------------------------------------------------------------------------------------------------------


def tell(
    actor: Actor,
    conversation: Conversation,
    event: str,
    data: dict[str, Any],
    *,
    in_timeline: dict[str, Any] | None = None,
    write: Iterable[str] = (),
    also: frozenset[UUID] = frozenset(),
    then: Handed | None = None,
) -> None:
    """Writes the conversation and the line in its timeline, and publishes both; of the line, those who hear it no more
    (`also`) are not told. `then`: what followed from it, without a line of its own."""
    changes = [
        ConversationChanged(conversation.id, conversation.next_version(), *one)
        for one in ((event, data), then)
        if one
    ]
    told = {"event": event, **(data if in_timeline is None else in_timeline)}
    line = system_message(actor, conversation, told, at=ask_the_database()())
    line.save(force_insert=True)
    conversation.last_message, conversation.active_at = line, line.created_at
    conversation.save_version("last_seq", "last_message", "active_at", *write)
    # Whoever says something has it.
    conversation.participants.filter(member=actor.id).update(delivered_seq=line.seq)
    audience = access.audience_of(conversation)
    for changed in changes:
        publish(changed, to=audience | also)
    publish(MessageChanged("created", message_payload(line)), to=audience)
    signals.messages_said.send(Message, messages=[line])
    for changed in changes:
        _signal(actor, conversation, changed)


def _signal(actor: Actor, conversation: Conversation, changed: ConversationChanged) -> None:
    signals.conversation_changed.send(
        Conversation, conversation=conversation, event=changed.event, actor=actor, data=changed.data
    )
