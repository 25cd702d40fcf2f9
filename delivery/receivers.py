"""What people, and hosts, are to be told of what is said below: inside the transaction that says it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from accounts.models import Member
from attachments.models import Attachment, FileState, StorageUse
from attachments.signals import file_changed, storage_filling
from delivery.actions import (
    News,
    dismiss_notifications_about,
    dismiss_notifications_in,
    look_again,
    tell_decision,
    tell_mentions,
    tell_of_storage,
)
from delivery.hooks import EVENTS
from delivery.tasks import tell_hosts
from messaging import signals
from messaging.models import Conversation, Message, MessageKind
from messaging.queries import HOLDER


@receiver(signals.messages_said, dispatch_uid="tell mentions")
def tell_who_is_mentioned(messages: list[Message], **_: Any) -> None:
    """Where nobody is mentioned, which is nearly always, nothing is asked."""
    tell_mentions(
        (one, [it.member_id for it in one.adornments.mentions if it.member_id])
        for one in messages
        if one.is_adorned
    )


@receiver(signals.message_changed, dispatch_uid="tell of changes")
def follow_the_message(message: Message, event: str, mentioned: list[Member], **_: Any) -> None:
    if event == "edited":
        _tell_anew(message, [one.pk for one in mentioned])
    elif message.deleted_at is not None:
        dismiss_notifications_about(message)


def _tell_anew(message: Message, members: list[UUID]) -> None:
    if members:
        tell_mentions([(message, members)])
        look_again(message.conversation_id, members)


@receiver(signals.conversation_changed, dispatch_uid="follow who goes")
def follow_the_conversation(conversation: Conversation, event: str, data: dict[str, Any], **_: Any) -> None:
    if event == "deleted":
        dismiss_notifications_in(conversation)
    elif event == "left":
        dismiss_notifications_in(conversation, [data["member"]])


DECIDED = (FileState.APPROVED, FileState.REJECTED, FileState.INFECTED)


@receiver(file_changed, dispatch_uid="tell of a file")
def tell_of_a_file(file: Attachment, **_: Any) -> None:
    """Whoever uploaded it, and hosts: what was decided about it after it had waited in a message. Of what something
    else holds, hosts; people are told by the room that knows it."""
    if file.holder is None or file.state not in DECIDED or file.reviewed_at is None:
        return
    message = Message.objects.select_related("conversation").filter(pk=file.holder, deleted_at=None).first()
    if message:
        tell_decision(file, message)
    if _is_for_hosts(message) if message else file.holder_kind != HOLDER:
        about = {"file": str(file.pk)}
        tell_hosts(News(file.organisation_id, f"file.{file.state}", about))


@receiver(storage_filling, dispatch_uid="tell of storage")
def tell_managers_of_storage(use: StorageUse, percent: int, **_: Any) -> None:
    tell_of_storage(use, percent)


# --- hosts ----------------------------------------------------------------------------------------------------------


@receiver(signals.messages_said, dispatch_uid="tell hosts of messages")
def tell_of_messages(messages: list[Message], **_: Any) -> None:
    tell_hosts(*(_of_message(one, "created") for one in messages if _is_for_hosts(one)))


@receiver(signals.message_changed, dispatch_uid="tell hosts of a message")
def tell_of_a_message(message: Message, event: str, **_: Any) -> None:
    """Erased is deleted, for whoever may only look."""
    seen = "deleted" if event == "erased" else event
    if seen in EVENTS["message"] and _is_for_hosts(message):
        tell_hosts(_of_message(message, seen))


@receiver(signals.conversation_changed, dispatch_uid="tell hosts of a conversation")
def tell_of_a_conversation(conversation: Conversation, event: str, data: dict[str, Any], **_: Any) -> None:
    if event in EVENTS["conversation"]:
        about = {"conversation": str(conversation.pk), **_who(data)}
        tell_hosts(News(conversation.organisation_id, f"conversation.{event}", about))


def _is_for_hosts(message: Message) -> bool:
    """What the staff notes stays among the staff."""
    return message.kind != MessageKind.NOTE


def _of_message(message: Message, event: str) -> News:
    return News(message.conversation.organisation_id, f"message.{event}", {"message": str(message.pk)})


def _who(data: dict[str, Any]) -> dict[str, str]:
    """Has come, gone, or serves it now."""
    if data.get("assignee"):
        return {"member": data["assignee"]["id"]}
    if data.get("participant"):
        return {"member": data["participant"]["member"]["id"]}
    return {"member": data["member"]} if "member" in data else {}
