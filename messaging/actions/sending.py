"""Saying something, and being about to. Each is one transaction under the conversations' locks, then news."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from accounts.actor import Actor
from attachments.models import OPEN
from common.errors import Conflict, ParleyError
from messaging import access, signals
from messaging.actions.files import tell_reviewers
from messaging.actions.holding import show
from messaging.events import Typing
from messaging.models import Conversation, Message, MessageKind
from messaging.saying import ANOTHER_IS_OPEN, Locked, Saying, Sent, Together
from realtime.publishing import publish

# In a larger group somebody always is.
TYPING_IS_TOLD_TO = 50


def send_message(
    actor: Actor,
    *,
    conversation_id: UUID,
    client_id: UUID,
    body: str,
    reply_to: UUID | None = None,
    link_url: str = "",
    mentions: Collection[UUID] = (),
    attachments: Sequence[UUID] = (),
    kind: MessageKind = MessageKind.TEXT,
) -> Sent:
    """Says something: `send_messages` with one."""
    (outcome,) = send_messages(
        [Saying(actor, conversation_id, client_id, body, reply_to, link_url, mentions, attachments, kind)]
    )
    if not isinstance(outcome, Sent):
        raise outcome
    return outcome


def send_messages(sayings: list[Saying], *, wait: bool = True) -> list[Sent | Exception]:
    """Says things in one transaction, each as if it were alone: what became of each, in order.

    A retry with the same client_id gives the first message again. Locks the conversations; without `wait`, what is said
    in one that somebody else holds becomes Locked. Publishes `message` (created) to the conversation's audience, after
    `conversation` (joined) and its system message when someone joins a support conversation or a channel by speaking.
    A note is published to the staff of the audience, and `conversation` (advanced) to the others.
    Staff who speak in what waits in the queue take it (assigned). A client who speaks in what is resolved opens it
    again (reopened), or gets Conflict if another one is open.
    Claims the files that it names: those that its sender uploaded there and that nothing holds; else NotFound. They are
    locked before the conversations.
    Moves the sender's `delivered_seq`, never `read_seq`: a send must not mark what the sender has not seen.
    """
    try:
        with transaction.atomic():
            return _say_together(sayings, wait=wait)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if len(sayings) == 1:
            return [error]
        # One of them cannot be written, and took the others' transaction with it.
        return [_say_alone(saying, wait=wait) for saying in sayings]


def _say_alone(saying: Saying, *, wait: bool) -> Sent | Exception:
    try:
        (outcome,) = send_messages([saying], wait=wait)
    except (OperationalError, InterfaceError) as error:
        # Those before it are said.
        return error
    return outcome


def _say_together(sayings: list[Saying], *, wait: bool) -> list[Sent | Exception]:
    together = Together(sayings, wait=wait)
    outcomes: list[Sent | Exception] = []
    for saying in sayings:
        try:
            outcomes.append(together.say(saying))
        except (ParleyError, Locked) as error:
            outcomes.append(error)
    try:
        together.write()
    except IntegrityError:
        if not together.handed:
            raise
        # Meanwhile its client has begun another one.
        raise Conflict(ANOTHER_IS_OPEN) from None
    if together.said:
        signals.messages_said.send(Message, messages=together.said)
    for news, audience in together.news:
        if isinstance(news, Sent):
            show(news.message.conversation, "created", news.payload, to=audience)
        else:
            publish(news, to=audience)
    for actor, conversation, changed in together.handed:
        signals.conversation_changed.send(
            Conversation, conversation=conversation, event=changed.event, actor=actor, data=changed.data
        )
    for said in together.said:
        held = [one for one in said.adornments.files if one.state in OPEN] if said.is_adorned else []
        tell_reviewers(said.conversation, held)
    return outcomes


def tell_typing(actor: Actor, *, conversation_id: UUID, on: bool) -> None:
    """Publishes `typing` to the others who hear the conversation, if they are few enough for it to say anything."""
    conversation = access.get_conversation_to_speak_in(actor, conversation_id)
    others = access.audience_of(conversation) - {actor.id}
    if len(others) <= TYPING_IS_TOLD_TO:
        publish(Typing(conversation.id, actor.id, on), to=others)
