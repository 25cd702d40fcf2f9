"""What somebody takes into their head to change."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import NamedTuple
from uuid import uuid4

from tests.faults.changes import Change, Deletion, Edit, Reaction
from tests.faults.memory import Memory, Shown

TAKES_BACK_ONE_IN = 3
# What has just been said is changed as often as all that was said before.
REACHES = (3, 1000)


class Where(NamedTuple):
    conversation: str
    message: str
    member: str


class Whims:
    """Of one tab: of what its member sees there, some is changed. Each of a member's tabs has emoji of its own, so that
    what became of a reaction is what this one did.
    """

    def __init__(self, member: str, memory: Memory, emojis: Iterable[str]) -> None:
        self.member, self.memory, self.emojis = member, memory, list(emojis)
        self.reacted: dict[tuple[str, str, str], Reaction] = {}

    def change(self, busy: set[str]) -> Change | None:
        """Own messages get another text or go, those of others a reaction; None where there is nothing to change.

        What is `busy` is about to change, and left alone.
        """
        (whim,) = random.choices((self._edit, self._delete, self._react), (3, 1, 4))
        return whim(busy)

    def _edit(self, busy: set[str]) -> Change | None:
        found = self._find(busy, own=True)
        if found is None:
            return None
        where, shown = found
        return Edit(*where, body=f"{self.memory.name} says otherwise {uuid4()}", base=shown.version)

    def _delete(self, busy: set[str]) -> Change | None:
        found = self._find(busy, own=True)
        return Deletion(*found[0]) if found else None

    def _react(self, busy: set[str]) -> Change | None:
        standing = [one for one in self.reacted.values() if one.on and one.message not in busy]
        if standing and random.randrange(TAKES_BACK_ONE_IN) == 0:
            return self._turn(random.choice(standing))
        found = self._find(busy, own=False)
        return self._turn(Reaction(*found[0], emoji=random.choice(self.emojis))) if found else None

    def _turn(self, reaction: Reaction) -> Reaction:
        """On what was off, and off what was on."""
        last = self.reacted.get(reaction.place)
        where = Where(reaction.conversation, reaction.message, reaction.member)
        self.reacted[reaction.place] = Reaction(*where, emoji=reaction.emoji, on=not (last and last.on))
        return self.reacted[reaction.place]

    def _find(self, busy: set[str], *, own: bool) -> tuple[Where, Shown] | None:
        reach = random.choice(REACHES)
        there = [
            (Where(conversation, shown.id, self.member), shown)
            for conversation, known in self.memory.known.items()
            for seq, shown in known.messages.items()
            if (shown.sender == self.member) == own and not shown.is_deleted and shown.id not in busy
            if seq > known.top - reach
        ]
        return random.choice(there) if there else None
