"""A request on its way from one state to the next: one conditional update, and its whole present state is told."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from common.clock import ask_the_database
from common.errors import Conflict
from portal.access import COMPLETE, who_sees
from portal.events import RequestChanged
from portal.models import ClientRequest, RequestStatus
from portal.queries import payload_of
from realtime.publishing import publish


def write(request: ClientRequest, **fields: Any) -> None:
    """While it is pending: of several who do this at once, one does. Conflict, with its present state, once it is not.
    Its row is held until the caller's transaction ends."""
    pending = ClientRequest.objects.filter(pk=request.pk, status=RequestStatus.PENDING)
    if not pending.update(**_moved(), **fields):
        must_be_pending(COMPLETE.get(pk=request.pk))


def write_whatever_its_state(request: ClientRequest) -> None:
    ClientRequest.objects.filter(pk=request.pk).update(**_moved())


def must_be_pending(request: ClientRequest) -> None:
    if request.status != RequestStatus.PENDING:
        raise Conflict("This has been settled already.", current=payload_of(request))


def tell(request: ClientRequest, event: str) -> ClientRequest:
    """As it is now that it was written. Publishes `request`."""
    present = COMPLETE.get(pk=request.pk)
    publish(RequestChanged(event, payload_of(present)), to=who_sees(present))
    return present


def _moved() -> dict[str, Any]:
    return {"version": F("version") + 1, "updated_at": ask_the_database()()}
