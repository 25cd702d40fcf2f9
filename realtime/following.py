"""The subjects that one socket watches without being of their audience."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from common.errors import Conflict
from realtime.fanout import followers_of

logger = logging.getLogger(__name__)

# What somebody looks at, not a way to hear everything.
MOST = 20

OnGroup = Callable[[str], Awaitable[None]]


class Following:
    def __init__(self, *, join: OnGroup, part: OnGroup, may: Callable[[str, str], Awaitable[bool]]) -> None:
        self._join, self._part, self._may = join, part, may
        self.subjects: set[str] = set()

    async def begin(self, subject: str) -> None:
        if subject not in self.subjects and len(self.subjects) >= MOST:
            raise Conflict(f"A socket watches at most {MOST} of them. End another first.")
        self.subjects.add(subject)
        await self._join(followers_of(subject))

    async def end(self, subject: str) -> None:
        self.subjects.discard(subject)
        await self._part(followers_of(subject))

    async def still(self, subject: str, needs: str = "") -> bool:
        """Asked at each piece of news: the right may have ended since the watch began. Some news `needs` one more."""
        if subject not in self.subjects:
            return False
        try:
            may = await self._may(subject, "")
            may_all = may and (not needs or await self._may(subject, needs))
        except Exception as error:
            logger.warning(
                "whether %s may still be watched is not known, heads will tell: %r", subject, error
            )
            return False
        if not may:
            await self.end(subject)
        return may_all

    def groups(self) -> list[str]:
        return [followers_of(subject) for subject in self.subjects]
