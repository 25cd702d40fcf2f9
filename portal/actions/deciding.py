"""Managers decide about requests: once."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.actor import Actor
from accounts.audit import record
from accounts.permissions import Permission
from common.clock import ask_the_database
from portal.access import get_request
from portal.actions.moving import tell, write
from portal.actions.notifying import nobody_need_decide, tell_creator
from portal.models import ClientRequest, RequestStatus


def approve_request(actor: Actor, *, request_id: UUID, reason: str = "") -> ClientRequest:
    """While it is pending; Conflict, with its present state, once it is not. Audited. Publishes `request`
    (approved); whoever asked finds a notice."""
    return _decide(actor, request_id, RequestStatus.APPROVED, reason)


def reject_request(actor: Actor, *, request_id: UUID, reason: str = "") -> ClientRequest:
    """As `approve_request`. Publishes `request` (rejected)."""
    return _decide(actor, request_id, RequestStatus.REJECTED, reason)


@transaction.atomic
def _decide(actor: Actor, request_id: UUID, status: RequestStatus, reason: str) -> ClientRequest:
    request = get_request(actor, request_id)
    actor.must(Permission.DECIDE_REQUESTS)
    decided_at = ask_the_database()()
    write(request, status=status, decided_by=actor.member, decided_at=decided_at, reason=reason)
    record(actor, f"request.{status}", request, reason=reason)
    request = tell(request, status)
    nobody_need_decide(request)
    tell_creator(actor, request)
    return request
