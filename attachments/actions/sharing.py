"""Links by which somebody without an account reads one file, and the log of who has read it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F, Q

from accounts.actor import Actor
from accounts.audit import record
from accounts.permissions import Permission
from attachments.access import NO_FILE, get_attachment, is_there
from attachments.models import Attachment, FileAccess, FileState, Mode, ShareLink
from attachments.queries import has_read, links_that_hold
from common.clock import now
from common.errors import Conflict, Forbidden, InvalidInput, NotFound
from common.ids import digest_of, new_secret

LONGEST = timedelta(days=366)
ONE_READING = timedelta(hours=1)
LINKS_OF_A_FILE = 100
NO_LINK = "This link does not work any more."


def share_file(
    actor: Actor,
    *,
    attachment_id: UUID,
    mode: Mode,
    expires_at: datetime,
    max_uses: int | None = None,
    password: str = "",
) -> tuple[ShareLink, str]:
    """A link and its token, which is kept nowhere; audited. Conflict for a file that is not approved, or that
    stands where no stranger may read: in a note."""
    file = get_attachment(actor, attachment_id)
    actor.must(Permission.SHARE_FILES)
    if file.state != FileState.APPROVED:
        raise Conflict("Only a file that was approved is shared.")
    if not is_there(file):
        raise Conflict("This file stands where only the staff read.")
    if not now() < expires_at <= now() + LONGEST:
        raise InvalidInput(fields={"expires_at": [f"Within the next {LONGEST.days} days."]})
    if links_that_hold(file).count() >= LINKS_OF_A_FILE:
        raise Conflict(f"A file has at most {LINKS_OF_A_FILE} links at a time.")
    token = new_secret()
    link = ShareLink.objects.create(
        organisation_id=file.organisation_id,
        attachment=file,
        creator=actor.member,
        digest=digest_of(token),
        mode=mode,
        password=make_password(password) if password else "",
        expires_at=expires_at,
        max_uses=max_uses,
        created_at=now(),
    )
    record(actor, "attachment.shared", file, link=str(link.pk), mode=mode, expires_at=str(expires_at))
    return link, token


def revoke_link(actor: Actor, *, link_id: UUID) -> None:
    """What is revoked stays so. Audited."""
    link = ShareLink.objects.filter(pk=link_id, organisation=actor.organisation_id).first()
    # Whoever may not know of the file is answered as where there is no link.
    file = get_attachment(actor, link.attachment_id if link else link_id)
    if link is None:
        raise NotFound(NO_FILE)
    actor.must(Permission.SHARE_FILES)
    there = ShareLink.objects.filter(pk=link.pk, revoked_at=None)
    if there.update(revoked_at=now(), revoked_by=actor.member):
        record(actor, "attachment.unshared", file, link=str(link.pk))


def use_link(link: ShareLink, *, password: str) -> None:
    """Counts a use, and logs it. Forbidden for a wrong password; NotFound once it holds no more: of two who are about
    to use it for the last time, one does."""
    if link.password and not check_password(password, link.password):
        raise Forbidden("This is not the password.")
    left = Q(max_uses=None) | Q(uses__lt=F("max_uses"))
    if not ShareLink.objects.filter(left, pk=link.pk, revoked_at=None).update(uses=F("uses") + 1):
        raise NotFound(NO_LINK)
    log_access(link.attachment, mode=Mode(link.mode), link=link)


def log_access(
    file: Attachment, *, mode: Mode, member_id: UUID | None = None, link: ShareLink | None = None
) -> None:
    FileAccess.objects.create(
        organisation_id=file.organisation_id,
        attachment=file,
        member_id=member_id,
        link=link,
        mode=mode,
        at=now(),
    )


def log_reading(actor: Actor, file: Attachment, *, mode: Mode, goes_on: bool) -> None:
    """`goes_on`: what may be the rest of what was begun; within an hour that is one reading, and logged once."""
    if not goes_on or not has_read(actor, file, since=now() - ONE_READING):
        log_access(file, mode=mode, member_id=actor.id)


def forget_accesses(*, older_than: timedelta) -> None:
    """And links that have held for nobody since then."""
    before = now() - older_than
    FileAccess.objects.filter(at__lt=before).delete()
    ShareLink.objects.filter(expires_at__lt=before).delete()
