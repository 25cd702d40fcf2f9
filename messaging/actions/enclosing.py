"""Text and files at once: all of them are said, or nothing is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from uuid import UUID

from django.db import transaction

from accounts.actor import Actor
from attachments.access import NO_FILE
from attachments.actions import delete_files, lock_claimable
from attachments.models import QUARANTINED, Attachment
from common.errors import FilesRefused, NotFound, ParleyError
from messaging import access
from messaging.actions.files import upload_file
from messaging.actions.sending import send_message
from messaging.models import Message, MessageKind
from messaging.queries import sent_before
from messaging.saying import Sent


def send_with_files(
    actor: Actor,
    *,
    conversation_id: UUID,
    client_id: UUID,
    body: str,
    files: Iterable[tuple[Path, str]],
    reply_to: UUID | None = None,
    link_url: str = "",
    mentions: Collection[UUID] = (),
    attachments: Sequence[UUID] = (),
    kind: MessageKind = MessageKind.TEXT,
) -> Sent:
    """As `send_message`, with `files`, (where it lies, its name), taken in first as by `upload_file`; they stand after
    the `attachments`. What was said before with this client_id is the answer at once, and no file is looked at.

    FilesRefused, naming each that is not taken; then nothing is said, and the others go again: whoever sends all of it
    anew does not fill the quota with what nobody will say.
    """
    before = sent_before(actor, conversation_id, client_id)
    if before:
        return Sent(before, duplicate=True)
    _must_be_there(actor, conversation_id, reply_to, attachments)
    taken: list[Attachment] = []
    try:
        _take_all(actor, conversation_id, files, taken)
        sent = send_message(
            actor,
            conversation_id=conversation_id,
            client_id=client_id,
            body=body,
            reply_to=reply_to,
            link_url=link_url,
            mentions=mentions,
            attachments=[*attachments, *(one.pk for one in taken)],
            kind=kind,
        )
    except Exception:
        _take_back(actor, taken)
        raise
    if sent.duplicate:
        # Said meanwhile, by the same request sent twice.
        _take_back(actor, taken)
    return sent


def _must_be_there(
    actor: Actor, conversation_id: UUID, reply_to: UUID | None, attachments: Sequence[UUID]
) -> None:
    """What it names, before anything is taken in; whoever says it asks again."""
    shown = Message.objects.filter(access.shown_to(actor), conversation=conversation_id)
    if reply_to and not shown.filter(pk=reply_to).exists():
        raise NotFound("There is no such message in this conversation.")
    own = Attachment.objects.filter(
        pk__in=attachments, uploader=actor.id, place=conversation_id, holder=None, deleted_at=None
    )
    if own.exclude(state__in=QUARANTINED).count() < len(set(attachments)):
        raise NotFound(NO_FILE)


def _take_all(
    actor: Actor, conversation_id: UUID, files: Iterable[tuple[Path, str]], taken: list[Attachment]
) -> None:
    refused: list[tuple[str, ParleyError]] = []
    for path, name in files:
        try:
            taken.append(upload_file(actor, conversation_id=conversation_id, path=path, name=name))
        except ParleyError as error:
            refused.append((name, error))
    if refused:
        raise FilesRefused(refused)


@transaction.atomic
def _take_back(actor: Actor, taken: Sequence[Attachment]) -> None:
    """But for what was said after all, when only the answer to the commit was lost."""
    delete_files(lock_claimable([one.pk for one in taken]).values(), by=actor)
