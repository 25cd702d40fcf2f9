"""The wire shape of presence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict
from uuid import UUID

from common.clock import iso_or_none
from presence.leases import Lease
from presence.models import Availability, Presence


class PresencePayload(TypedDict):
    state: str
    last_seen_at: str | None


def presence_payload(presence: Presence | None, leases: list[Lease]) -> PresencePayload:
    """Online while any process has an active socket of theirs. Whoever is invisible looks as if they had left then.

    `last_seen_at` says when somebody who is offline was last here; of those who are here it says nothing.
    """
    state = _state(presence, leases)
    seen = presence.last_seen_at if presence and state == "offline" else None
    return {"state": state, "last_seen_at": iso_or_none(seen)}


def _state(presence: Presence | None, leases: list[Lease]) -> str:
    chosen = presence.availability if presence else Availability.AUTO
    if not leases or chosen == Availability.INVISIBLE:
        return "offline"
    if chosen == Availability.BUSY:
        return "busy"
    return "away" if all(lease.is_away for lease in leases) else "online"


def presences_payload(found: Mapping[UUID, PresencePayload]) -> dict[str, PresencePayload]:
    return {str(member): presence for member, presence in found.items()}
