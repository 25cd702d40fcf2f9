"""Who is here. Whom one may ask about is decided above (messaging.access.members_known_to)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from accounts.actor import Actor
from presence.leases import Lease, Leases
from presence.models import Presence
from presence.payloads import PresencePayload, presence_payload


def presence_by(
    place: Leases, members: Iterable[UUID]
) -> tuple[dict[UUID, PresencePayload], dict[UUID, list[Lease]]]:
    """With the leases on which it stands: one round trip to where they are and one query, whatever the number."""
    asked = list(members)
    running = place.running(asked) if asked else {}
    chosen = Presence.objects.in_bulk(asked, field_name="member_id")
    found = {one: presence_payload(chosen.get(one), running.get(one, [])) for one in asked}
    return found, running


def own_presence(actor: Actor) -> Presence:
    """What the actor has chosen; not saved when they have chosen nothing yet."""
    return Presence.objects.filter(member=actor.id).first() or Presence(member=actor.member)
