"""What becomes of a message: edited, deleted, erased, reacted to, pinned, previewed, its files taken out. Each is one
transaction under the conversation's lock, which is also the lock of all its messages, then one `message` with its whole
present state."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import emoji as emojis
from django.db import transaction

from accounts.actor import Actor, Credential
from accounts.audit import record
from accounts.models import Member, Organisation
from accounts.permissions import Permission
from attachments.access import get_attachment
from attachments.actions import delete_files, lock_held_by, lock_version, take_out
from attachments.models import Attachment
from attachments.queries import files_held_by
from common.clock import ask_the_database
from common.errors import Conflict, InvalidInput
from messaging import rights, search
from messaging.actions.files import tell_reviewers
from messaging.actions.holding import hold, hold_by_itself, signal, tell
from messaging.mentions import Text, find_mentions
from messaging.models import (
    Conversation,
    LinkPreview,
    Mention,
    Message,
    MessageKind,
    MessageRevision,
    Reaction,
)
from messaging.payloads import message_payload
from messaging.previews import Page, link_of
from messaging.queries import HOLDER

EMOJI_ON_A_MESSAGE = 20


@transaction.atomic
def edit_message(
    actor: Actor,
    *,
    message_id: UUID,
    body: str,
    base_version: int | None = None,
    mentions: Collection[UUID] = (),
) -> Message:
    """Gives one's own message another text; the former one is kept for the audit. The same text changes nothing, so
    that an edit whose answer was lost may be said again.

    `base_version`: the version of the message that the actor saw; Conflict, with the present state, when its text has
    changed since, or it was deleted. Publishes `message` (edited).
    """
    conversation, message = hold(actor, message_id)
    rights.must_edit(actor, conversation, message)
    rights.must_be_there(message)
    if message.body == body:
        return message
    if base_version is not None and message.text_version > base_version:
        raise Conflict("This message was edited meanwhile.", current=message_payload(message))
    at = ask_the_database()()
    MessageRevision.objects.create(
        message=message,
        body=message.body,
        written_at=message.edited_at or message.created_at,
        replaced_at=at,
    )
    message.body, message.edited_at = body, at
    _drop_preview(message, unless_of=link_of(message))
    newly = _mention_anew(conversation, message, mentions)
    message.text_version = conversation.version + 1
    search.index([message])
    tell(actor, conversation, message, "edited", "body", "edited_at", "text_version", mentioned=newly)
    return message


def _drop_preview(message: Message, *, unless_of: str = "") -> None:
    if message.is_adorned:
        LinkPreview.objects.filter(message=message).exclude(url=unless_of).delete()


def _mention_anew(conversation: Conversation, message: Message, meant: Collection[UUID]) -> list[Member]:
    """Writes whom and what the text mentions now. Gives whom it did not mention before."""
    is_note = message.kind == MessageKind.NOTE
    text = Text(conversation.organisation_id, conversation.pk, message.body, meant, is_note)
    [mentions] = find_mentions([text])
    before = set(message.mentions.values_list("member", flat=True))
    message.mentions.all().delete()
    for one in mentions:
        one.message = message
    Mention.objects.bulk_create(mentions)
    message.is_adorned |= bool(mentions)
    return [one.member for one in mentions if one.member and one.member_id not in before]


@transaction.atomic
def delete_message(actor: Actor, *, message_id: UUID) -> Message:
    """A tombstone for everybody; what it said stays on the server for the audit. Once deleted, it stays so.

    Publishes `message` (deleted).
    """
    conversation, message = hold(actor, message_id)
    rights.must_delete(actor, conversation, message)
    if message.deleted_at:
        return message
    _bury(actor, message)
    tell(actor, conversation, message, "deleted", *BURIED)
    return message


BURIED = ("deleted_at", "deleted_by", "pinned_at", "pinned_by")


def _bury(actor: Actor, message: Message) -> None:
    search.forget([message])
    message.deleted_at, message.deleted_by = ask_the_database()(), actor.member
    message.pinned_at = message.pinned_by = None
    _drop_preview(message)


@transaction.atomic
def erase_message(actor: Actor, *, message_id: UUID) -> Message:
    """Deletes it for good: its text, former texts, and all that hangs on it are gone; its place stays. Audited.

    Publishes `message` (deleted), unless it was deleted before: then nothing that anybody sees changes.
    """
    lock_held_by(HOLDER, message_id)
    conversation, message = hold(actor, message_id)
    rights.must_erase(actor)
    record(actor, "message.erased", message, conversation=str(conversation.pk), sender=str(message.sender_id))
    was_there = message.deleted_at is None
    if was_there:
        _bury(actor, message)
    message.body = message.link_url = ""
    message.reply_to = message.system = None
    message.is_adorned = False
    for hanging in (message.revisions, message.mentions, message.reactions):
        hanging.all().delete()
    delete_files(files_held_by(HOLDER, [message.pk]).get(message.pk, ()), by=actor)
    emptied = ("body", "link_url", "reply_to", "system")
    if was_there:
        tell(actor, conversation, message, "deleted", *BURIED, *emptied, done="erased")
    else:
        message.save(update_fields=["is_adorned", *emptied])
        signal(actor, message, "erased")
    return message


@transaction.atomic
def react(actor: Actor, *, message_id: UUID, emoji: str, on: bool) -> Message:
    """Each member has each emoji once on a message. What is so already stays so. Publishes `message` (reacted)."""
    if not emojis.is_emoji(emoji):
        raise InvalidInput(fields={"emoji": ["Send one emoji."]})
    conversation, message = hold(actor, message_id)
    rights.must_react(actor, conversation)
    rights.must_be_there(message)
    own = message.reactions.filter(member=actor.id, emoji=emoji)
    if own.exists() == on:
        return message
    if on:
        _must_have_room(message, emoji)
        Reaction.objects.create(message=message, member=actor.member, emoji=emoji)
        message.is_adorned = True
    else:
        own.delete()
    tell(actor, conversation, message, "reacted")
    return message


def _must_have_room(message: Message, emoji: str) -> None:
    there = set(message.reactions.values_list("emoji", flat=True))
    if len(there | {emoji}) > EMOJI_ON_A_MESSAGE:
        raise InvalidInput(fields={"emoji": [f"A message has at most {EMOJI_ON_A_MESSAGE} different ones."]})


@transaction.atomic
def pin_message(actor: Actor, *, message_id: UUID, on: bool) -> Message:
    """For everybody in the conversation. What is so already stays so. Publishes `message` (pinned)."""
    conversation, message = hold(actor, message_id)
    rights.must_pin(actor, conversation)
    rights.must_be_there(message)
    if (message.pinned_at is not None) == on:
        return message
    message.pinned_at = ask_the_database()() if on else None
    message.pinned_by = actor.member if on else None
    tell(actor, conversation, message, "pinned", "pinned_at", "pinned_by")
    return message


@transaction.atomic
def put_preview(*, message_id: UUID, url: str, page: Page) -> bool:
    """What was found behind the message's link, if that still is its link and its organisation still wants to see it.

    Nobody does this: it follows from what the sender did. Publishes `message` (previewed).
    """
    held = hold_by_itself(message_id)
    if held is None:
        return False
    conversation, message = held
    wanted = Organisation.objects.filter(pk=conversation.organisation_id, link_previews=True)
    if link_of(message) != url or not wanted.exists():
        return False
    if LinkPreview.objects.filter(message=message, url=url).exists():
        return False
    _drop_preview(message)
    LinkPreview.objects.create(
        message=message, url=url, title=page.title, description=page.description, site=page.site
    )
    message.is_adorned = True
    tell(Actor(message.sender, Credential(message.sender_id)), conversation, message, "previewed")
    return True


@transaction.atomic
def delete_attachment(actor: Actor, *, attachment_id: UUID) -> None:
    """With all its versions. One's own, if all of them are; another's: whoever may delete the message that holds it,
    audited. What else holds one decides for itself. Publishes `message` (attachment)."""
    get_attachment(actor, attachment_id)
    actor.must(Permission.SEND)
    # What holds it is asked when nobody can claim it any more.
    file, versions = lock_version(attachment_id)
    if file.holder is None:
        delete_files([file], by=actor)
        return
    if file.holder_kind != HOLDER:
        take_out(actor, file, versions)
        return
    conversation, message = hold(actor, file.holder)
    rights.must_be_there(message)
    if any(one.uploader_id != actor.id for one in versions):
        rights.must_delete(actor, conversation, message)
        record(actor, "attachment.deleted", file, conversation=str(conversation.pk), message=str(message.pk))
    delete_files([file], by=actor)
    tell(actor, conversation, message, "attachment")


def show_file_anew(file: Attachment) -> None:
    """What was decided about a file is seen in the message that holds it; in the transaction that decided it. Publishes
    `message` (attachment), and `file` to its uploader and its reviewers."""
    if file.holder is None or file.holder_kind != HOLDER:
        return
    held = hold_by_itself(file.holder)
    if held is None:
        return
    conversation, message = held
    tell(Actor(file.uploader, Credential(file.uploader_id)), conversation, message, "attachment")
    tell_reviewers(conversation, [file])
