"""What the host's page says of a support conversation, for the staff to read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from django.db import transaction

from accounts.actor import Actor
from accounts.permissions import Permission
from common.errors import NotFound
from messaging import access
from messaging.events import ConversationChanged
from messaging.models import Conversation, Kind
from realtime.publishing import publish


@transaction.atomic
def describe_conversation(actor: Actor, *, conversation_id: UUID, attributes: dict[str, Any]) -> Conversation:
    """All of it: what was said before is forgotten. Whoever takes part, or is of the staff and sees it.

    Publishes `conversation` (advanced): what is said, only the staff are told, when they ask.
    """
    conversation = access.get_conversation(actor, conversation_id, lock=True)
    if conversation.kind != Kind.SUPPORT:
        raise NotFound("This conversation serves nobody.")
    actor.must(Permission.CHANGE_SETTINGS)
    if _told(conversation.attributes) == _told(attributes):
        return conversation
    conversation.attributes = attributes
    advanced = ConversationChanged(conversation.id, conversation.next_version(), "advanced", {})
    conversation.save_version("attributes")
    publish(advanced, to=access.audience_of(conversation))
    return conversation


def _told(attributes: dict[str, Any]) -> bytes:
    """To compare: Python takes 1 for True."""
    return orjson.dumps(attributes, option=orjson.OPT_SORT_KEYS)
