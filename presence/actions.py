"""What a member says about their own presence."""

from __future__ import annotations

from accounts.actor import Actor
from presence.leases import leases
from presence.models import Availability, Presence


def set_availability(actor: Actor, *, availability: Availability) -> Presence:
    """Chosen by hand, for all of one's devices and until chosen otherwise. Watchers learn of it within seconds."""
    presence, _ = Presence.objects.update_or_create(
        member=actor.member, defaults={"availability": availability}
    )
    leases().touch([actor.id])
    return presence
