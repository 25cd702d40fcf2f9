"""Whom a request concerns is told of it: whoever decides of a new one, whoever asked of what was decided."""

from __future__ import annotations

from uuid import UUID

from accounts.actor import Actor
from accounts.models import Member
from accounts.permissions import Permission
from accounts.queries import ids_with
from attachments.models import QUARANTINED, Attachment, FileState
from delivery.actions import Notice, dismiss_notifications_of, notify
from delivery.models import NoticeKind
from portal.access import who_sees
from portal.models import ClientRequest


def tell_deciders(actor: Actor, request: ClientRequest) -> None:
    """Publishes `notification` to each."""
    notify([_notice(NoticeKind.NEW_REQUEST, request, _deciders_of(request), actor.member)])


def tell_creator(actor: Actor, request: ClientRequest) -> None:
    """What was decided, if they still see it. Publishes `notification`."""
    whom = who_sees(request) & {request.created_by_id}
    notify([_notice(NoticeKind.REQUEST_STATUS, request, whom, actor.member, status=request.status)])


def nobody_need_decide(request: ClientRequest) -> None:
    """It is settled. Publishes `notification` to whoever had not read of it."""
    dismiss_notifications_of(NoticeKind.NEW_REQUEST, str(request.pk), _deciders_of(request))


def tell_uploader(file: Attachment, request: ClientRequest) -> None:
    """What was decided about a file that had to wait, if they still see it. Publishes `notification`."""
    if file.state not in (FileState.APPROVED, *QUARANTINED) or file.reviewed_at is None:
        return
    notice = Notice(
        NoticeKind.FILE_DECISION,
        f"{file.pk} {file.state}",
        file.organisation_id,
        who_sees(request) & {file.uploader_id},
        actor=file.reviewer,
        data={"file": str(file.pk), "state": file.state, "request": str(request.pk)},
    )
    notify([notice])


def _notice(
    kind: NoticeKind, request: ClientRequest, members: frozenset[UUID], actor: Member, **said: str
) -> Notice:
    data = {"title": request.title, **said, "request": str(request.pk)}
    return Notice(kind, str(request.pk), request.organisation_id, members, actor=actor, data=data)


def _deciders_of(request: ClientRequest) -> frozenset[UUID]:
    return ids_with(Permission.DECIDE_REQUESTS, request.organisation_id)
