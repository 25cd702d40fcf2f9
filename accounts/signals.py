"""What goes up: sent inside the transaction, so that whatever a receiver writes is there with it, or not at all."""

from __future__ import annotations

from django.dispatch import Signal

# member; actor: Actor, who has done it.
member_deactivated = Signal()
