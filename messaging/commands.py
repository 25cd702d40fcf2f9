"""Socket commands about conversations and their people: frame in, action, answer out."""

from __future__ import annotations

from functools import partial
from typing import Any

from accounts.actor import Actor
from common.api import read_each, read_input, run_for_each
from common.errors import ParleyError
from messaging import access, actions
from messaging.saying import Locked, Saying, Sent
from messaging.serializers import SendMessageFrame, SwitchFrame, WatchPresenceFrame
from presence.payloads import presences_payload
from presence.roll import roll_call
from realtime.attention import Turn
from realtime.frames import Frame, reference
from realtime.wiring import LATER, Answer


def send_messages(asked: list[tuple[Actor, Frame]], wait: bool) -> list[Answer]:
    """The answer to each, in order."""
    read = read_each(SendMessageFrame, (frame for _, frame in asked))
    sayings = [_saying(actor, data) for (actor, _), data in zip(asked, read, strict=True)]
    return [_answer(one) for one in run_for_each(sayings, partial(actions.send_messages, wait=wait))]


def _saying(actor: Actor, data: dict[str, Any] | ParleyError) -> Saying | ParleyError:
    if isinstance(data, ParleyError):
        return data
    return Saying(
        actor, data["conversation"], data["client_id"], data["body"], data["reply_to"], data["link_url"]
    )


def _answer(outcome: Sent | Exception) -> Answer:
    if isinstance(outcome, Locked):
        return LATER
    if isinstance(outcome, Exception):
        return outcome
    return {"message": outcome.payload, "duplicate": outcome.duplicate}


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
