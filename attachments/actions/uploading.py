"""Taking a file in: measured, looked into by a process of its own, put where the bytes are, and only then a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.actor import Actor
from accounts.permissions import Permission
from attachments import antivirus, storage
from attachments.actions.counting import FAILED, REFUSED, TAKEN, count_file
from attachments.actions.keeping import Desk, desk, keep, look, told_of, write_thumbnails
from attachments.actions.moving import choose_current, lock_document, tell
from attachments.actions.room import count, must_have_room
from attachments.actions.scanning import scan_file
from attachments.deciding import state_of
from attachments.filing import new_key
from attachments.inspection.kinds import TYPES, Kind, extension_of
from attachments.inspection.reasons import Outcome, Reason
from attachments.inspection.report import Report
from attachments.models import (
    MAX_NAME,
    Approval,
    Attachment,
    Category,
    FileState,
    Scan,
    UploadPolicy,
)
from attachments.queries import is_from_clients, policy_of
from common.clock import now
from common.errors import Conflict, FileRefused, Forbidden, ParleyError, TooLarge, Unavailable

MAX_VERSIONS = 100


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file is uploaded to: what kind of thing it is, its id, and the space it lies in."""

    kind: str
    id: UUID
    space_id: UUID | None = None


def upload(
    actor: Actor,
    *,
    place: Place,
    path: Path,
    name: str,
    original: Attachment | None = None,
    must: Callable[[], object] = lambda: None,
) -> Attachment:
    """Takes in the file at `path`, which was called `name`. Whether the actor may write in `place` was asked before.
    With an `original`, as its next version, which what holds that one holds, too. `must` is asked in the transaction
    that writes it, after the locks of its document: what was allowed before the look may be no longer.

    Forbidden where an organisation takes no files, TooLarge for one that is too large or finds no room in a quota,
    FileRefused with the reason for one that is not what it says, or not what is taken here, or infected; Unavailable
    where nobody can look into it now. Blocks for as long as that takes, without a transaction. What came of it is
    counted.
    """
    actor.must(Permission.SEND)
    try:
        file = _take_in(actor, place, path, name, original, must)
    except ParleyError as error:
        is_ours = error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        count_file(actor.organisation_id, FAILED if is_ours else REFUSED, error.code)
        raise
    count_file(actor.organisation_id, TAKEN, file.kind)
    return file


def _take_in(
    actor: Actor,
    place: Place,
    path: Path,
    name: str,
    original: Attachment | None,
    must: Callable[[], object],
) -> Attachment:
    policy, size = policy_of(actor.organisation_id, place.space_id), path.stat().st_size
    _must_be_taken(actor, policy, place, name, size)
    with desk() as mine:
        report = _look(path, name, policy, mine)
        kept = keep(new_key(actor.organisation_id, place.id, now(), report.extension), path, report)
        try:
            told = told_of(kept[0], path, report)
            file = _write(actor, place, name, report, told, policy, original, must)
        except BaseException:
            storage.forget(kept)
            raise
    if file.scan == Scan.WAITING:
        with path.open("rb") as uploaded:
            file = scan_file(file, uploaded)
    if file.state == FileState.INFECTED:
        raise FileRefused("infected", "There is a virus in this file.")
    return file


def _must_be_taken(actor: Actor, policy: UploadPolicy, place: Place, name: str, size: int) -> None:
    """What can be told without a look inside."""
    extension = extension_of(name)
    if not policy.is_enabled:
        raise Forbidden("No files are shared here.")
    if policy.extensions and extension not in policy.extensions:
        raise FileRefused(Reason.TYPE_NOT_ALLOWED, REASONS[Reason.TYPE_NOT_ALLOWED])
    kind = TYPES[extension].kind if extension in TYPES else ""
    most = policy.max_bytes_by_kind.get(kind, policy.max_bytes)
    if size > most:
        raise TooLarge(f"A file may have {most} bytes.")
    may_shrink = policy.recompress and kind == Kind.IMAGE
    must_have_room(actor, policy, 1 if may_shrink else size)


def _look(path: Path, name: str, policy: UploadPolicy, mine: Desk) -> Report:
    """Where nobody reviews files, what somebody should look at is not taken."""
    try:
        report = look(path, name, at=mine, smaller=policy.recompress)
    except OSError as error:
        # Of the machine, not of the file.
        raise Unavailable("This file could not be looked into. Try again in a moment.") from error
    taken = {Outcome.ACCEPTED} if policy.approval == Approval.OFF else {Outcome.ACCEPTED, Outcome.HELD}
    if report.outcome not in taken:
        raise FileRefused(report.reason, REASONS[report.reason])
    return report


@transaction.atomic
def _write(
    actor: Actor,
    place: Place,
    name: str,
    report: Report,
    told: dict[str, Any],
    policy: UploadPolicy,
    original: Attachment | None,
    must: Callable[[], object],
) -> Attachment:
    """With an antivirus, first as being scanned: whoever dies before it has answered leaves a file that is asked about
    again."""
    before = lock_document(original) if original else []
    must()
    count(actor, policy, place.space_id, told["size"])
    of_client = is_from_clients(actor.member)
    scan = Scan.WAITING if antivirus.is_configured() else Scan.NONE
    state = state_of(policy, is_from_clients=of_client, mime=report.mime, concern=report.reason, scan=scan)
    file = Attachment.objects.create(
        organisation_id=actor.organisation_id,
        space_id=place.space_id,
        place_kind=place.kind,
        place=place.id,
        uploader=actor.member,
        name=name[:MAX_NAME],
        kind=report.kind,
        pages=report.pages,
        seconds=report.duration,
        metadata=report.metadata,
        text=report.text,
        state=FileState.SCANNING if scan == Scan.WAITING else state,
        concern=report.reason,
        scan=scan,
        category=Category.CLIENT if of_client else Category.PORTFOLIO,
        created_at=now(),
        smaller_at=now() if policy.recompress and report.kind == Kind.IMAGE else None,
        **told,
        **(_as_next_of(before) if before else {}),
    )
    write_thumbnails(file, report)
    if before:
        choose_current([*before, file])
        tell(file)
    return file


def _as_next_of(versions: list[Attachment]) -> dict[str, Any]:
    first, newest = versions[0], versions[-1]
    if newest.version >= MAX_VERSIONS:
        raise Conflict(f"A document has at most {MAX_VERSIONS} versions.")
    return {
        "original": first,
        "version": newest.version + 1,
        "is_current": False,
        "holder_kind": first.holder_kind,
        "holder": first.holder,
        "position": first.position,
    }


REASONS = {
    Reason.EMPTY: "This file is empty.",
    Reason.UNSAFE_NAME: "The name of this file holds signs that no name should.",
    Reason.TYPE_NOT_ALLOWED: "Files of this type are not taken here.",
    Reason.TYPE_MISMATCH: "This file is not what its name says.",
    Reason.BROKEN: "This file cannot be read.",
    Reason.TOO_LARGE_INSIDE: "There is too much in this file.",
    Reason.UNSAFE_ARCHIVE: "This file is put together in a way that is not safe.",
    Reason.POLYGLOT: "There are two files in this one.",
    Reason.MACROS: "This file holds macros.",
    Reason.ENCRYPTED: "This file is encrypted, so nobody can look into it.",
    Reason.ACTIVE_CONTENT: "This file does things when it is opened.",
    Reason.EXTERNAL_CONTENT: "This file fetches things from elsewhere when it is opened.",
    Reason.DOUBLE_EXTENSION: "This file has two extensions.",
}
