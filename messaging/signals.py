"""What goes up: sent inside the transaction, so that whatever a receiver writes is there with it, or not at all.

Of a conversation that changes, `conversation` is locked, and news of it is already on its way to whoever hears it.
"""

from __future__ import annotations

from django.dispatch import Signal

# messages: list[Message], in order, each with `conversation`, `sender` and `adornments`; system messages among them.
messages_said = Signal()

# message: Message as it is now; event: edited, deleted, erased, reacted, pinned, previewed; actor: Actor;
# mentioned: list[Member] whom it mentions and did not mention before.
message_changed = Signal()

# conversation; event: started, renamed, joined, left, closed, reopened, assigned, released, resolved, deleted;
# actor: Actor;
# data: what its frame carries.
conversation_changed = Signal()
