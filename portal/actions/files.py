"""Files of requests: brought, shown anew, taken out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.db import transaction

from accounts.actor import Actor
from accounts.audit import record
from accounts.permissions import Permission
from attachments.access import NO_FILE
from attachments.actions import Place, claim, delete_files, lock_claimable, upload
from attachments.events import FileChanged
from attachments.models import Attachment, FileState
from attachments.payloads import file_payload
from common.errors import InvalidInput, NotFound
from messaging.queries import MAX_FILES
from portal.access import get_request, must_add_to, must_ask_in, reviewers_of, who_sees
from portal.actions.moving import must_be_pending, tell, write, write_whatever_its_state
from portal.actions.notifying import tell_uploader
from portal.models import HOLDER, ClientRequest
from portal.queries import files_of
from realtime.publishing import publish


def add_file(actor: Actor, *, request_id: UUID, path: Path, name: str) -> Attachment:
    """As `attachments.actions.upload`. By whoever asked and the staff, while it is pending (Conflict otherwise).
    Publishes `request` (file), and `file` to its reviewers where somebody has to look at it first."""
    request = get_request(actor, request_id)
    must_add_to(actor, request)
    must_be_pending(request)
    file = upload(actor, place=Place(HOLDER, request.pk, request.space_id), path=path, name=name)
    _add(actor, request_id, file)
    return file


@transaction.atomic
def _add(actor: Actor, request_id: UUID, file: Attachment) -> None:
    """Asked again: the look has taken a while."""
    free = list(lock_claimable([file.pk]).values())
    if not free:
        raise NotFound(NO_FILE)
    request = get_request(actor, request_id)
    must_add_to(actor, request)
    write(request)
    there = files_of(request)
    if len(there) >= MAX_FILES:
        raise InvalidInput(fields={"files": [f"A request has at most {MAX_FILES}."]})
    claim(HOLDER, [(request.pk, free)], after=there[-1].position if there else -1)
    tell(request, "file")
    _tell_reviewers(request, [one for one in free if one.state != FileState.APPROVED])


def show_file_anew(file: Attachment) -> None:
    """What was decided about a file is seen in the request that holds it; in the transaction that decided it. Publishes
    `request` (file), and `file` to its uploader and its reviewers; the uploader finds a notice."""
    if file.holder is None or file.holder_kind != HOLDER:
        return
    request = ClientRequest.objects.filter(pk=file.holder).first()
    if request:
        write_whatever_its_state(request)
        tell(request, "file")
        _tell_reviewers(request, [file])
        tell_uploader(file, request)


def take_out_file(actor: Actor, file: Attachment, versions: Sequence[Attachment]) -> None:
    """With all its versions, which are locked. One's own while the request is pending, and one may ask there; managers
    take out any, at any time, audited. Publishes `request` (file)."""
    if file.holder is None:
        raise NotFound
    request = get_request(actor, file.holder)
    must_ask_in(actor, request.space_id)
    if any(one.uploader_id != actor.id for one in versions):
        actor.must(Permission.DELETE_ANY_MESSAGE)
        record(actor, "attachment.deleted", file, request=str(request.pk))
    delete_files([file], by=actor)
    if actor.can(Permission.DELETE_ANY_MESSAGE):
        write_whatever_its_state(request)
    else:
        write(request)
    tell(request, "file")


def _tell_reviewers(request: ClientRequest, files: Sequence[Attachment]) -> None:
    """And whoever uploaded it, if they still see it."""
    seeing, reviewing = who_sees(request), reviewers_of(request)
    for file in files:
        publish(FileChanged(file_payload(file, is_whole=True)), to=reviewing | (seeing & {file.uploader_id}))
