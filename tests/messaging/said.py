"""Words for what has been said before a story begins."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from messaging.actions import send_message
from messaging.models import Conversation, Message
from tests.cast import Person


def say(person: Person, conversation: Conversation, body: str = "Hello", **also: Any) -> Message:
    return send_message(
        person.actor, conversation_id=conversation.id, client_id=uuid4(), body=body, **also
    ).message


def path(message: Message, what: str = "") -> str:
    return f"chat/messages/{message.id}/{what}"
