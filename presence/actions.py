"""What a member says about their own presence."""

from __future__ import annotations

import logging
from typing import Any

from django.db import DatabaseError

from accounts.actor import Actor
from accounts.permissions import Permission
from common.clock import now
from presence.leases import leases
from presence.models import Availability, Presence
from presence.roll import roll_call

logger = logging.getLogger(__name__)


def set_availability(actor: Actor, *, availability: Availability) -> Presence:
    """Chosen by hand, for all of one's devices and until chosen otherwise. Watchers learn of it within seconds.

    Whoever turns invisible was last seen now: an older time would give them away.
    """
    actor.must(Permission.CHANGE_SETTINGS)
    chosen: dict[str, Any] = {"availability": availability}
    seen = roll_call().look([actor.id])[actor.id]
    if availability == Availability.INVISIBLE and seen["state"] != "offline":
        chosen["last_seen_at"] = now()
    presence, _ = Presence.objects.update_or_create(member=actor.member, defaults=chosen)
    leases().touch([actor.id])
    return presence


def note_visit(actor: Actor) -> None:
    """Somebody without a socket asks for news, so they are here. A hint: it never costs them the news."""
    try:
        roll_call().visit(actor.id)
    except DatabaseError as error:
        logger.warning("a visit was not noted: %r", error)
