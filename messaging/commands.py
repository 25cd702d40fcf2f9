"""Socket commands about conversations and their people: frame in, action, answer out."""

from __future__ import annotations

from accounts.actor import Actor
from common.api import read_input
from messaging import access, actions
from messaging.payloads import message_payload
from messaging.serializers import SendMessageFrame, SwitchFrame, WatchPresenceFrame
from presence.payloads import presences_payload
from presence.roll import roll_call
from realtime.attention import Turn
from realtime.frames import Frame, reference


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
    data = read_input(SwitchFrame, frame)
    actions.tell_typing(actor, conversation_id=data["conversation"], on=data["on"])
    return None if reference(frame) is None else {"conversation": str(data["conversation"])}


def watch_conversation(actor: Actor, frame: Frame) -> Turn:
    """News of a conversation that the actor may see without taking part in it. Sync after the answer."""
    data = read_input(SwitchFrame, frame)
    subject = str(access.get_conversation(actor, data["conversation"]).id)
    return Turn({"conversation": subject}, subject=subject, on=data["on"])


def watch_presence(actor: Actor, frame: Frame) -> Turn:
    """From now on this socket hears of these members, and of no others; whom the actor may not see are left out."""
    asked = read_input(WatchPresenceFrame, frame)["members"]
    people = access.known_among(actor, asked)
    found = roll_call().look(people)
    return Turn({"members": presences_payload(found)}, people=found)
