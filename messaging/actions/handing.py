"""Who serves a support conversation: what the desk has decided is written, and told.

Whoever calls has locked the conversation in this transaction, and asked for the right.
"""

from __future__ import annotations

from django.db import IntegrityError

from accounts.actor import Actor
from accounts.models import Member
from accounts.payloads import member_payload
from common.clock import ask_the_database
from common.errors import Conflict
from messaging import access, handing
from messaging.actions.managing import tell
from messaging.models import Conversation, Participant

ANOTHER_IS_OPEN = "Another conversation with this client is open."


def hand_over(actor: Actor, *, conversation: Conversation, to: Member) -> None:
    """To a member of the staff, who takes part from then on. What is closed is open again; Conflict, if its client has
    another one that is. Publishes `conversation` (assigned), to whoever heard it before as well."""
    heard = access.audience_of(conversation)
    newcomer = None
    if not conversation.participants.filter(member=to, left_at=None).exists():
        newcomer, _ = Participant.objects.update_or_create(
            conversation=conversation, member=to, defaults={"left_at": None}
        )
    event, data = handing.give(conversation, to, newcomer)
    told = {"member": member_payload(to)}
    try:
        tell(actor, conversation, event, data, in_timeline=told, write=handing.WRITTEN, also=heard)
    except IntegrityError:
        raise Conflict(ANOTHER_IS_OPEN) from None


def put_back(actor: Actor, *, conversation: Conversation) -> None:
    """Into the queue. Publishes `conversation` (released)."""
    event, data = handing.put_back(conversation)
    tell(actor, conversation, event, data, in_timeline={}, write=handing.WRITTEN)


def resolve(actor: Actor, *, conversation: Conversation) -> None:
    """Its client's next word opens it again. Publishes `conversation` (resolved)."""
    event, data = handing.close(conversation, ask_the_database()())
    tell(actor, conversation, event, data, in_timeline={}, write=handing.WRITTEN)
