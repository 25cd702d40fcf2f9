"""How far a conversation has come, as two numbers; realtime knows it only as a subject that moves forward."""

from __future__ import annotations

from typing import NamedTuple


class Mark(NamedTuple):
    """`version` of what is said, `receipt_version` of how far it was read. Zero says nothing."""

    version: int = 0
    receipt_version: int = 0

    def joined(self, other: Mark) -> Mark:
        return Mark(max(self.version, other.version), max(self.receipt_version, other.receipt_version))

    def covers(self, other: Mark) -> bool:
        return self.version >= other.version and self.receipt_version >= other.receipt_version
