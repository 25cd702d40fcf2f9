"""Requests, and the spaces they are made in, as they are listed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.actor import Actor
from accounts.models import Space
from accounts.queries import get_space, spaces_visible_to
from attachments.models import Attachment
from attachments.queries import files_held_by
from portal.access import requests_visible_to
from portal.models import HOLDER, ClientRequest
from portal.payloads import RequestPayload, request_payload


def requests_of(
    actor: Actor, *, space: UUID | None = None, member: UUID | None = None, status: str = ""
) -> QuerySet[ClientRequest]:
    """What the actor sees, the newest first. NotFound for a space that it does not see; whoever has asked for nothing
    that it sees has none."""
    wanted: dict[str, Any] = {
        "space": space and get_space(actor, space),
        "created_by": member,
        "status": status,
    }
    given = {name: value for name, value in wanted.items() if value}
    return requests_visible_to(actor).filter(**given).order_by("-pk")


def files_of(request: ClientRequest) -> list[Attachment]:
    """In their order."""
    return files_held_by(HOLDER, [request.pk]).get(request.pk, [])


def payload_of(request: ClientRequest) -> RequestPayload:
    return request_payload(request, files_of(request))


def payloads_of(requests: Iterable[ClientRequest]) -> list[RequestPayload]:
    """Two queries for the files, however many there are."""
    found = list(requests)
    files = files_held_by(HOLDER, [one.pk for one in found]) if found else {}
    return [request_payload(one, files.get(one.pk, [])) for one in found]


def asked_before(actor: Actor, client_id: UUID) -> ClientRequest | None:
    """What the actor has asked for with this client_id, where it still sees it."""
    return requests_visible_to(actor).filter(created_by=actor.id, client_id=client_id).first()


def spaces_of(actor: Actor, words: str = "") -> QuerySet[Space]:
    """Those that the actor sees, by name."""
    spaces = spaces_visible_to(actor).order_by("name", "id")
    return spaces.filter(name__icontains=words) if words else spaces


def spaces_after(spaces: QuerySet[Space], name: str, id: UUID) -> QuerySet[Space]:
    return spaces.filter(Q(name__gt=name) | Q(id__gt=id), name__gte=name)
