"""Files on their way into a message, and people who are told of them before everybody is."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.actor import Actor
from attachments.access import get_attachment
from attachments.actions import Place, claim, delete_files, lock_claimable, upload
from attachments.events import FileChanged
from attachments.models import Attachment, UploadPolicy
from attachments.payloads import file_payload
from attachments.queries import files_under
from common.clock import now
from common.errors import Forbidden, InvalidInput, NotFound
from messaging import access, rights
from messaging.actions.holding import hold, tell
from messaging.models import Conversation, Message
from messaging.queries import HOLDER, MAX_FILES, PLACE
from realtime.publishing import publish


def upload_file(actor: Actor, *, conversation_id: UUID, path: Path, name: str) -> Attachment:
    """A file that a message of the actor's own can then be sent with; it tells nobody. As `attachments.actions.upload`,
    and NotFound or Forbidden for whoever may not speak there.
    """
    conversation = access.get_conversation_to_speak_in(actor, conversation_id)
    return upload(actor, place=_place(conversation), path=path, name=name)


def add_file(actor: Actor, *, message_id: UUID, path: Path, name: str) -> Attachment:
    """One more in a message of one's own, as long as it may be edited. Publishes `message` (attachment)."""
    with transaction.atomic():
        conversation, message = hold(actor, message_id)
        rights.must_edit(actor, conversation, message)
        rights.must_be_there(message)
    file = upload(actor, place=_place(conversation), path=path, name=name)
    _add(actor, message_id, file)
    return file


@transaction.atomic
def _add(actor: Actor, message_id: UUID, file: Attachment) -> None:
    free = lock_claimable([file.pk])
    conversation, message = hold(actor, message_id)
    rights.must_edit(actor, conversation, message)
    rights.must_be_there(message)
    there = message.adornments.files if message.is_adorned else []
    if len(there) >= MAX_FILES:
        raise InvalidInput(fields={"files": [f"A message has at most {MAX_FILES}."]})
    claim(HOLDER, [(message.pk, list(free.values()))], after=there[-1].position if there else -1)
    message.is_adorned = True
    tell(actor, conversation, message, "attachment")
    tell_reviewers(conversation, list(free.values()))


def add_version(actor: Actor, *, attachment_id: UUID, path: Path, name: str) -> Attachment:
    """The next version of a document that was said, by whoever uploaded the first, or by whoever may delete it.
    Publishes `message` (attachment).
    """
    file = get_attachment(actor, attachment_id)
    if file.holder is None:
        raise NotFound("Nobody has said anything with this file yet: upload another.")
    if file.holder_kind != HOLDER:
        raise Forbidden("Only what was said in a conversation has versions: add another file.")
    must = partial(_must_add_version, actor, file, file.holder)
    with transaction.atomic():
        conversation = must()
    return upload(actor, place=_place(conversation), path=path, name=name, original=file, must=must)


def _must_add_version(actor: Actor, file: Attachment, message_id: UUID) -> Conversation:
    """Asked before the look, and again after it."""
    conversation, message = hold(actor, message_id)
    access.must_speak_in(actor, conversation, takes_part=access.takes_part(actor, conversation))
    rights.must_be_there(message)
    if (file.original or file).uploader_id != actor.id:
        rights.must_delete(actor, conversation, message)
    return conversation


def delete_files_of_deleted_messages() -> None:
    """After so many days as their policy keeps them for the audit; nobody has seen them since. A space's policy comes
    before its organisation's."""
    for policy in UploadPolicy.objects.exclude(deleted_days=None):
        before = now() - timedelta(days=policy.deleted_days or 0)
        gone = Message.objects.filter(pk=OuterRef("holder"), deleted_at__lt=before)
        delete_files(files_under(policy).filter(Exists(gone), holder_kind=HOLDER), by=None)


def tell_reviewers(conversation: Conversation, files: list[Attachment]) -> None:
    """Publishes `file` to whoever may review it, and to whoever uploaded it and still hears the conversation."""
    if not files:
        return
    hearing, reviewing = access.audience_of(conversation), access.reviewers_of(conversation)
    for file in files:
        audience = reviewing | (hearing & {file.uploader_id})
        publish(FileChanged(file_payload(file, is_whole=True)), to=audience)


def _place(conversation: Conversation) -> Place:
    return Place(PLACE, conversation.pk, conversation.space_id)
