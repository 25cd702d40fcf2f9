"""How much one member may do by REST; the socket has limits of its own."""

from __future__ import annotations

from django.conf import settings

from accounts.actor import Actor
from common import ratelimit

SENDS_PER_MEMBER = ratelimit.rate(settings.SENDS_PER_SECOND, settings.SENDS_BURST)
TYPING_PER_MEMBER = "60/minute"
SEARCHES_PER_MEMBER = "60/minute"
UPLOADS_PER_MEMBER = "60/minute"
# In seconds: twenty files that each are looked into for as long as that may take. A place of a server that died is free
# then.
LONGEST_UPLOAD = 600.0
CHANGES_PER_MEMBER = "300/minute"


def count_change(actor: Actor) -> None:
    """Of a message or a conversation, by hand. RateLimited."""
    ratelimit.hit(CHANGES_PER_MEMBER, "change", actor.id)
