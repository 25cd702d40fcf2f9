"""People who decide about files, and put them in order."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from accounts.actor import Actor
from accounts.audit import record
from accounts.permissions import Permission
from attachments.access import get_attachment
from attachments.actions.moving import lock_version, move
from attachments.models import OPEN, Attachment, FileState, Scan
from attachments.payloads import file_payload
from attachments.queries import policy_of
from common.clock import now
from common.errors import Conflict, Forbidden, InvalidInput


class Decision(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"


DECIDED = {Decision.APPROVE: FileState.APPROVED, Decision.REJECT: FileState.REJECTED}


def review_file(actor: Actor, *, attachment_id: UUID, decision: Decision, reason: str = "") -> Attachment:
    """Lets everybody who reads what holds it read the file, or nobody ever; audited. Saying it again changes nothing.

    NotFound for whoever may not know of the file, Forbidden for whoever does not review files, or not this one.
    Conflict, with its present state, when it was decided otherwise, or the antivirus has yet to look at it. Tells the
    rooms above (`file_changed`).
    """
    get_attachment(actor, attachment_id)
    actor.must(Permission.REVIEW_FILES)
    if decision == Decision.REJECT and not reason.strip():
        raise InvalidInput(fields={"reason": ["Say why."]})
    return _decide(actor, attachment_id, DECIDED[decision], reason.strip())


@transaction.atomic
def _decide(actor: Actor, attachment_id: UUID, state: FileState, reason: str) -> Attachment:
    file, versions = lock_version(attachment_id)
    _must_review(actor, file)
    if file.state == state:
        return file
    _must_be_open(file, state)
    move(file, versions, state, reviewer=actor.member, reviewed_at=now(), reason=reason)
    record(actor, f"attachment.{state}", file, reason=reason)
    return file


def _must_review(actor: Actor, file: Attachment) -> None:
    is_anothers = file.uploader_id != actor.id or actor.can(Permission.REVIEW_OWN_FILES)
    if not is_anothers and not policy_of(file.organisation_id, file.space_id).may_review_own:
        raise Forbidden("Somebody else looks at what you have uploaded.")


def _must_be_open(file: Attachment, state: FileState) -> None:
    """What the antivirus has not seen may be rejected, not approved."""
    if file.state not in OPEN:
        raise Conflict("This file was decided on meanwhile.", current=file_payload(file, is_whole=True))
    if state == FileState.APPROVED and file.scan == Scan.WAITING:
        raise Conflict(
            "The antivirus has not looked at this file yet.", current=file_payload(file, is_whole=True)
        )


def organise_file(
    actor: Actor, *, attachment_id: UUID, category: str | None = None, tags: Sequence[str] | None = None
) -> Attachment:
    """For whoever reviews files. Publishes nothing: others see it when they look."""
    file = get_attachment(actor, attachment_id)
    actor.must(Permission.REVIEW_FILES)
    if category is not None:
        file.category = category
    if tags is not None:
        file.tags = list(dict.fromkeys(tags))
    file.save(update_fields=["category", "tags"])
    return file
