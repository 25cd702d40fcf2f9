"""Asking for something, asking for it otherwise, and no more."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.actor import Actor
from accounts.queries import get_space
from common.clock import ask_the_database
from common.errors import NotFound
from portal.access import get_request, must_ask_in, must_be_own
from portal.actions.moving import must_be_pending, tell, write
from portal.actions.notifying import nobody_need_decide, tell_deciders
from portal.models import ClientRequest, RequestStatus
from portal.queries import asked_before


@transaction.atomic
def create_request(
    actor: Actor, *, client_id: UUID, space: UUID, kind: str, title: str, description: str = ""
) -> tuple[ClientRequest, bool]:
    """And whether it is new: what this member has asked for with the same `client_id` is given as it is.

    NotFound for a space that the actor does not see, Forbidden where it may only look. Publishes `request`
    (created); whoever decides finds a notice.
    """
    where = get_space(actor, space)
    must_ask_in(actor, where.pk)
    before = asked_before(actor, client_id)
    if before:
        return before, False
    at = ask_the_database()()
    try:
        with transaction.atomic():
            made = ClientRequest.objects.create(
                organisation_id=actor.organisation_id,
                space=where,
                kind=kind,
                title=title,
                description=description,
                created_by=actor.member,
                client_id=client_id,
                created_at=at,
                updated_at=at,
            )
    except IntegrityError:
        return _found(asked_before(actor, client_id)), False
    request = tell(made, "created")
    tell_deciders(actor, request)
    return request, True


def _found(request: ClientRequest | None) -> ClientRequest:
    """It may stand in a space that the actor sees no more."""
    if request is None:
        raise NotFound
    return request


@transaction.atomic
def change_request(
    actor: Actor,
    *,
    request_id: UUID,
    kind: str | None = None,
    title: str | None = None,
    description: str | None = None,
) -> ClientRequest:
    """One's own, while it is pending; Conflict, with its present state, once it is not. What is not told stays; what is
    so already is told to nobody. Publishes `request` (changed)."""
    request = get_request(actor, request_id)
    must_be_own(actor, request)
    must_be_pending(request)
    wanted = {"kind": kind, "title": title, "description": description}
    changed = {
        name: value for name, value in wanted.items() if value is not None and value != getattr(request, name)
    }
    if not changed:
        return request
    write(request, **changed)
    return tell(request, "changed")


@transaction.atomic
def withdraw_request(actor: Actor, *, request_id: UUID) -> ClientRequest:
    """One's own, while it is pending; Conflict, with its present state, once it is not. Publishes `request`
    (withdrawn)."""
    request = get_request(actor, request_id)
    must_be_own(actor, request)
    write(request, status=RequestStatus.WITHDRAWN)
    withdrawn = tell(request, "withdrawn")
    nobody_need_decide(withdrawn)
    return withdrawn
