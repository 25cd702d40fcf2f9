"""How much one member may do by REST; the socket has limits of its own."""

from __future__ import annotations

from django.conf import settings

from accounts.actor import Actor
from common import ratelimit

SENDS_PER_MEMBER = ratelimit.rate(settings.SENDS_PER_SECOND, settings.SENDS_BURST)
TYPING_PER_MEMBER = "60/minute"
SEARCHES_PER_MEMBER = "60/minute"
UPLOADS_PER_MEMBER = "60/minute"
# In seconds, of one file, which waits for others and may be looked into for half a minute: as long as nginx waits
# for it. So long a server that died keeps its place.
LONGEST_UPLOAD = 300.0
CHANGES_PER_MEMBER = "300/minute"


def count_change(actor: Actor) -> None:
    """Of a message or a conversation, by hand. RateLimited."""
    ratelimit.hit(CHANGES_PER_MEMBER, "change", actor.id)
