"""Socket commands about conversations and their people: frame in, action, answer out."""

from __future__ import annotations

from accounts.actor import Actor
from common.api import read_input
from common.errors import InvalidInput
from messaging import access, actions
from messaging.payloads import message_payload
from messaging.serializers import (
    SendMessageFrame,
    SetTypingFrame,
    WatchConversationFrame,
    WatchPresenceFrame,
)
from presence.roll import roll_call
from realtime.attention import Attention
from realtime.frames import Frame, reference

# The conversations somebody looks at, not a way to hear everything.
MOST_WATCHED = 20


def send_message(actor: Actor, frame: Frame) -> Frame:
    data = read_input(SendMessageFrame, frame)
    sent = actions.send_message(
        actor,
        conversation_id=data["conversation"],
        client_id=data["client_id"],
        body=data["body"],
        reply_to=data["reply_to"],
        link_url=data["link_url"],
    )
    return {"message": message_payload(sent.message), "duplicate": sent.duplicate}


def set_typing(actor: Actor, frame: Frame) -> Frame | None:
    """Answered only when the client numbered it."""
    data = read_input(SetTypingFrame, frame)
    actions.tell_typing(actor, conversation_id=data["conversation"], on=data["on"])
    return None if reference(frame) is None else {"conversation": str(data["conversation"])}


def watch_conversation(actor: Actor, frame: Frame, attention: Attention) -> Frame:
    """News of a conversation that the actor may see without taking part in it. Sync after the answer."""
    data = read_input(WatchConversationFrame, frame)
    subject = str(access.get_conversation(actor, data["conversation"]).id)
    if data["on"] and subject not in attention.subjects and len(attention.subjects) >= MOST_WATCHED:
        raise InvalidInput(fields={"conversation": [f"A socket watches at most {MOST_WATCHED} of them."]})
    attention.subjects = attention.subjects | {subject} if data["on"] else attention.subjects - {subject}
    return {"conversation": subject}


def watch_presence(actor: Actor, frame: Frame, attention: Attention) -> Frame:
    """From now on this socket hears of these members, and of no others; whom the actor may not see are left out."""
    members = read_input(WatchPresenceFrame, frame)["members"]
    known = access.members_known_to(actor).filter(pk__in=members).values_list("pk", flat=True)
    attention.people = frozenset(known)
    found = roll_call().look(attention.people)
    return {"members": {str(member): presence for member, presence in found.items()}}
