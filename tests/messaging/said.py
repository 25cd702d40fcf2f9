"""Words for what has been said before a story begins."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from messaging.actions import send_message
from messaging.models import Conversation, Message
from realtime.events import Event
from tests.cast import Person
from tests.conftest import Published


def say(person: Person, conversation: Conversation, body: str = "Hello", **also: Any) -> Message:
    return send_message(
        person.actor, conversation_id=conversation.id, client_id=uuid4(), body=body, **also
    ).message


def news_of(message: Message, published: Published) -> list[tuple[Event, frozenset[UUID]]]:
    """What its conversation hears of it: whom it mentions are told of that as well, each alone."""
    return [(event, to) for event, to in published() if event.mark()[0] == str(message.conversation_id)]


def path(message: Message, what: str = "") -> str:
    return f"chat/messages/{message.id}/{what}"
