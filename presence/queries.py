"""Who is here. Whom one may ask about is decided above (messaging.access.members_known_to)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from accounts.actor import Actor
from accounts.models import Member
from accounts.models.people import STAFF
from presence.leases import Lease, Leases, leases
from presence.models import Availability, Presence
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


def staff_online(organisation_id: UUID) -> int:
    """How many of those who answer are online, as far as others may see."""
    staff = Member.objects.active().filter(organisation=organisation_id, role__in=STAFF)
    found, _ = presence_by(leases(), staff.values_list("pk", flat=True))
    return sum(one["state"] == "online" for one in found.values())


def whereabouts(members: Iterable[UUID]) -> dict[UUID, str]:
    """Where they really are, also those who look offline to the others: to decide how somebody is told of something.

    Whoever said that they are busy is so until they say otherwise, also when they have gone.
    """
    asked = list(members)
    running = leases().running(asked) if asked else {}
    chosen = Presence.objects.filter(availability=Availability.BUSY, member__in=asked)
    busy = set(chosen.values_list("member", flat=True))
    return {one: "busy" if one in busy else _place(running.get(one, [])) for one in asked}


def _place(running: list[Lease]) -> str:
    if not running:
        return "offline"
    return "away" if all(one.is_away for one in running) else "online"
