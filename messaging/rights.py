"""What may be done with what was said. Whoever may not even see it has got NotFound before."""

from __future__ import annotations

from datetime import timedelta

from accounts.actor import Actor
from accounts.models import Organisation
from accounts.permissions import Permission
from common.clock import ask_the_database
from common.errors import Conflict, Forbidden
from messaging import access
from messaging.models import Conversation, Kind, Message, MessageKind
from messaging.payloads import message_payload


def must_edit(actor: Actor, conversation: Conversation, message: Message) -> None:
    """One's own, where one still may speak, within the organisation's window; managers at any time."""
    _must_speak(actor, conversation)
    if message.sender_id != actor.id or message.kind == MessageKind.SYSTEM:
        raise Forbidden("Only whoever wrote a message edits it.")
    if not actor.can(Permission.EDIT_ANY_TIME):
        _must_be_within_the_window(actor, message)


def _must_be_within_the_window(actor: Actor, message: Message) -> None:
    organisation = Organisation.objects.only("edit_window_minutes").get(pk=actor.organisation_id)
    minutes = organisation.edit_window_minutes
    if minutes == 0:
        raise Forbidden("Messages are not edited here.")
    if minutes and ask_the_database()() - message.created_at > timedelta(minutes=minutes):
        raise Forbidden(f"A message may be edited for {minutes} minutes.")


def must_delete(actor: Actor, conversation: Conversation, message: Message) -> None:
    """One's own; another's: managers, and in a support conversation the agent who handles it."""
    actor.must(Permission.SEND)
    if message.kind == MessageKind.SYSTEM:
        raise Forbidden("What the system says stays.")
    is_own = message.sender_id == actor.id
    if not is_own and not actor.can(Permission.DELETE_ANY_MESSAGE) and not _handles(actor, conversation):
        raise Forbidden("Only whoever wrote a message deletes it.")


def _handles(actor: Actor, conversation: Conversation) -> bool:
    if conversation.kind != Kind.SUPPORT or not actor.member.is_staff:
        return False
    if conversation.assignee_id:
        return conversation.assignee_id == actor.id
    return access.takes_part(actor, conversation)


def must_erase(actor: Actor) -> None:
    actor.must(Permission.ERASE_MESSAGES)


def must_react(actor: Actor, conversation: Conversation) -> None:
    _must_speak(actor, conversation)


def must_pin(actor: Actor, conversation: Conversation) -> None:
    """In pairs and groups whoever takes part; elsewhere staff."""
    _must_speak(actor, conversation)
    if conversation.kind in (Kind.CHANNEL, Kind.SUPPORT) and not actor.member.is_staff:
        raise Forbidden("The staff pin messages here.")


def must_be_there(message: Message) -> None:
    """What is deleted does not change any more."""
    if message.deleted_at:
        raise Conflict("This message was deleted.", current=message_payload(message))


def _must_speak(actor: Actor, conversation: Conversation) -> None:
    access.must_speak_in(actor, conversation, takes_part=access.takes_part(actor, conversation))
