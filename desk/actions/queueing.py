"""Telling those who wait how far they have come."""

from __future__ import annotations

from uuid import UUID

from desk.events import QueueMoved
from desk.pending import moved
from desk.queries import expected, pace_of, waiting_in
from realtime.publishing import publish

# Whoever is further behind asks now and then.
TOLD = 50


def tell_moved_queues() -> None:
    """Those that have moved since it was called last. Publishes `queue`."""
    for organisation_id in moved.take():
        tell_queue(organisation_id)


def tell_queue(organisation_id: UUID) -> None:
    """The first so many who wait. Publishes `queue`, to each their own."""
    first = list(waiting_in(organisation_id).filter(client__isnull=False).values_list("pk", "client")[:TOLD])
    pace = pace_of(organisation_id) if first else None
    for place, (conversation, client) in enumerate(first, start=1):
        publish(QueueMoved(conversation, place, expected(place, pace)), to=[client])
