"""How somebody wants to have a conversation that they take part in: nobody else is told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.actor import Actor
from accounts.permissions import Permission
from common.clock import ask_the_database
from common.errors import Forbidden
from messaging import access
from messaging.events import ConversationChanged, OwnChanged
from messaging.models import FOR_GOOD, Conversation
from messaging.payloads import own_payload
from realtime.publishing import publish


def archive_conversation(actor: Actor, *, conversation_id: UUID, archived: bool) -> Conversation:
    """Puts it out of one's list until something is said there again, or back. What is muted for good stays away."""
    return _change(actor, conversation_id, archived=archived)


def mute_conversation(
    actor: Actor, *, conversation_id: UUID, muted: bool, until: datetime | None = None
) -> Conversation:
    """No notices of it `until` then, or until it is said otherwise."""
    return _change(actor, conversation_id, muted_until=(until or FOR_GOOD) if muted else None)


def choose_notices(actor: Actor, *, conversation_id: UUID, notify: str) -> Conversation:
    """What of it one wants to be told about (of `Notify`); empty leaves it to one's preferences."""
    return _change(actor, conversation_id, notify=notify)


@transaction.atomic
def _change(actor: Actor, conversation_id: UUID, **wanted: object) -> Conversation:
    """Gives the conversation with `own`.

    Publishes `conversation` (own) to the actor's sockets, and to all others that its version `advanced`.
    """
    actor.must(Permission.CHANGE_SETTINGS)
    conversation = access.get_conversation(actor, conversation_id, lock=True)
    participant = access.participant_of(actor, conversation)
    if participant is None:
        raise Forbidden("Only its participants do that.")
    conversation.own = participant.own
    before = own_payload(conversation)
    if not wanted.pop("archived", before["archived"]):
        wanted["archived_at"] = None
    elif not before["archived"]:
        # Of what nobody has spoken in yet, a host has told when it was active.
        wanted["archived_at"] = max(ask_the_database()(), conversation.active_at)
    changed = [name for name, value in wanted.items() if getattr(participant, name) != value]
    for name in changed:
        setattr(participant, name, wanted[name])
    conversation.own = participant.own
    if changed:
        participant.save(update_fields=changed)
    if own_payload(conversation) != before:
        _tell(actor, conversation)
    return conversation


def _tell(actor: Actor, conversation: Conversation) -> None:
    version = conversation.next_version()
    conversation.save_version()
    payload = own_payload(conversation)
    # First: whoever watches the conversation as well is told both, and takes the first.
    publish(OwnChanged(conversation.id, version, "own", dict(payload)), to=[actor.id])
    advanced = ConversationChanged(conversation.id, version, "advanced", {})
    publish(advanced, to=access.audience_of(conversation) - {actor.id})
