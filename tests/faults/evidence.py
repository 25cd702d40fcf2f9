"""A story as it went: what everybody did and saw, and what the database says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.faults.changes import Change
from tests.faults.newcomer import Newcomer
from tests.faults.tab import Sending, Tab
from tests.faults.truth import Truth

C = TypeVar("C", bound=Change)


@dataclass
class Evidence:
    """`members` of each conversation; `unread` by REST: member -> conversation -> count.

    `newcomers` came when all was settled, and read everything.
    """

    tabs: list[Tab]
    stranger: Tab
    members: dict[str, set[str]]
    sent: list[Sending]
    truth: Truth
    changes: list[Change] = field(default_factory=list)
    newcomers: list[Newcomer] = field(default_factory=list)
    unread: dict[str, dict[str, int]] = field(default_factory=dict)
    deliveries: dict[str, list[Any]] = field(default_factory=dict)
    presence: list[str] = field(default_factory=list)

    @property
    def acked(self) -> list[Sending]:
        return [one for one in self.sent if one.acked_at]

    @property
    def changed(self) -> list[Change]:
        return [one for one in self.changes if one.acked_at]

    def of(self, kind: type[C]) -> list[C]:
        return [one for one in self.changes if isinstance(one, kind)]

    def hearers(self, conversation: str) -> list[Tab]:
        return [tab for tab in self.tabs if tab.member in self.members[conversation]]

    def known(self) -> Iterator[tuple[Tab, str]]:
        """Every tab with every conversation it takes part in."""
        for conversation in self.members:
            for tab in self.hearers(conversation):
                yield tab, conversation


Invariant = Callable[[Evidence], Iterator[str]]
