"""The way of all that becomes of a message: it is held, changed, and its whole present state is told."""

from __future__ import annotations

from uuid import UUID

from accounts.actor import Actor
from accounts.models import Member
from common.errors import NotFound
from messaging import access, signals
from messaging.events import MessageChanged, NoteChanged, Passed
from messaging.models import Conversation, Message, MessageKind
from messaging.payloads import MessagePayload, message_payload
from messaging.queries import bring_adornments, messages_by_id
from realtime.publishing import publish


def hold(actor: Actor, message_id: UUID) -> tuple[Conversation, Message]:
    """The message, and its conversation, locked until the transaction ends; NotFound for whoever may not see it."""
    shown = Message.objects.filter(access.shown_to(actor), pk=message_id)
    found = shown.values_list("conversation", flat=True).first()
    try:
        if found is None:
            raise NotFound
        conversation = access.get_conversation(actor, found, lock=True)
    except NotFound:
        raise NotFound(access.NO_MESSAGE) from None
    message = messages_by_id([message_id])[message_id]
    message.conversation = conversation
    return conversation, message


def hold_by_itself(message_id: UUID) -> tuple[Conversation, Message] | None:
    """For what follows from something, and nobody does. None once either is gone."""
    found = Message.objects.filter(pk=message_id).values_list("conversation", flat=True)
    there = Conversation.objects.filter(pk__in=found, deleted_at=None)
    conversation = there.select_for_update(no_key=True).first()
    message = messages_by_id([message_id]).get(message_id) if conversation else None
    if conversation is None or message is None or message.deleted_at:
        return None
    message.conversation = conversation
    return conversation, message


def tell(
    actor: Actor,
    conversation: Conversation,
    message: Message,
    event: str,
    *written: str,
    mentioned: list[Member] | None = None,
    done: str = "",
) -> None:
    """`done`: what the rooms above are told, where it is more than what everybody sees."""
    message.version = conversation.next_version()
    message.save(update_fields=["version", "is_adorned", *written])
    conversation.save_version()
    bring_adornments([message])
    show(conversation, event, message_payload(message), to=access.audience_of(conversation))
    signal(actor, message, done or event, mentioned)


def show(conversation: Conversation, event: str, payload: MessagePayload, *, to: frozenset[UUID]) -> None:
    """Publishes `message` to these hearers of the conversation; what the staff notes to those of them who may see it,
    and to the others that the version `advanced`."""
    if payload["kind"] != MessageKind.NOTE:
        publish(MessageChanged(event, payload), to=to)
        return
    readers = access.note_readers_among(to)
    publish(NoteChanged(event, payload), to=readers)
    publish(Passed(conversation.pk, payload["version"], "advanced", {}), to=to - readers)


def signal(actor: Actor, message: Message, event: str, mentioned: list[Member] | None = None) -> None:
    signals.message_changed.send(
        Message, message=message, event=event, actor=actor, mentioned=mentioned or []
    )
