"""Socket commands about conversations and their people: frame in, action, answer out."""

from __future__ import annotations

from functools import partial
from typing import Any

from rest_framework.serializers import Serializer

from accounts.actor import Actor
from common.api import read_each, read_input, run_for_each
from common.errors import ParleyError
from messaging import access, actions
from messaging.models import Conversation, Kind, Message, MessageKind
from messaging.payloads import conversation_payload, message_payload, own_payload
from messaging.queries import with_everything
from messaging.saying import Locked, Saying, Sent
from messaging.serializers import (
    ArchiveFrame,
    CloseChannelFrame,
    ConversationFrame,
    DeleteMessageFrame,
    EditMessageFrame,
    MuteFrame,
    NoticesFrame,
    ParticipantFrame,
    PinFrame,
    ReactFrame,
    RenameConversationFrame,
    SendMessageFrame,
    StartConversationInput,
    SwitchFrame,
    WatchPresenceFrame,
)
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
        actor,
        data["conversation"],
        data["client_id"],
        data["body"],
        data["reply_to"],
        data["link_url"],
        data["mentions"],
        data["attachments"],
        MessageKind(data["kind"]),
    )


def _answer(outcome: Sent | Exception) -> Answer:
    if isinstance(outcome, Locked):
        return LATER
    if isinstance(outcome, Exception):
        return outcome
    return {"message": outcome.payload, "duplicate": outcome.duplicate}


# --- what becomes of a message --------------------------------------------------------------------------------------


def edit_message(actor: Actor, frame: Frame) -> Frame:
    data = read_input(EditMessageFrame, frame)
    return _changed(actions.edit_message(actor, message_id=data.pop("message"), **data))


def delete_message(actor: Actor, frame: Frame) -> Frame:
    data = read_input(DeleteMessageFrame, frame)
    delete = actions.erase_message if data["hard"] else actions.delete_message
    return _changed(delete(actor, message_id=data["message"]))


def react(actor: Actor, frame: Frame) -> Frame:
    data = read_input(ReactFrame, frame)
    return _changed(actions.react(actor, message_id=data.pop("message"), **data))


def pin_message(actor: Actor, frame: Frame) -> Frame:
    data = read_input(PinFrame, frame)
    return _changed(actions.pin_message(actor, message_id=data.pop("message"), **data))


def _changed(message: Message) -> Frame:
    return {"message": message_payload(message)}


# --- what becomes of a conversation ---------------------------------------------------------------------------------


def start_conversation(actor: Actor, frame: Frame) -> Frame:
    data = read_input(StartConversationInput, frame)
    started = actions.start_conversation(actor, **{**data, "kind": Kind(data["kind"])})
    [conversation] = with_everything([started.conversation.pk], actor)
    return {"conversation": conversation_payload(conversation, actor.id), "is_new": started.is_new}


def rename_conversation(actor: Actor, frame: Frame) -> Frame:
    return _of(actions.rename_conversation(actor, **_read(RenameConversationFrame, frame)))


def close_channel(actor: Actor, frame: Frame) -> Frame:
    return _of(actions.close_channel(actor, **_read(CloseChannelFrame, frame)))


def delete_channel(actor: Actor, frame: Frame) -> Frame:
    data = _read(ConversationFrame, frame)
    actions.delete_channel(actor, **data)
    return {"conversation": str(data["conversation_id"])}


def add_participant(actor: Actor, frame: Frame) -> Frame:
    return _of(actions.add_participant(actor, **_read(ParticipantFrame, frame)))


def remove_participant(actor: Actor, frame: Frame) -> Frame:
    return _of(actions.remove_participant(actor, **_read(ParticipantFrame, frame)))


def archive_conversation(actor: Actor, frame: Frame) -> Frame:
    return _own(actions.archive_conversation(actor, **_read(ArchiveFrame, frame)))


def mute_conversation(actor: Actor, frame: Frame) -> Frame:
    return _own(actions.mute_conversation(actor, **_read(MuteFrame, frame)))


def choose_notices(actor: Actor, frame: Frame) -> Frame:
    return _own(actions.choose_notices(actor, **_read(NoticesFrame, frame)))


def _read(input: type[Serializer[Any]], frame: Frame) -> dict[str, Any]:
    data = read_input(input, frame)
    return {"conversation_id": data.pop("conversation"), **data}


def _of(conversation: Conversation) -> Frame:
    return {"conversation": str(conversation.pk), "version": conversation.version}


def _own(conversation: Conversation) -> Frame:
    return {**_of(conversation), **own_payload(conversation)}


# --- who is there ---------------------------------------------------------------------------------------------------


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
