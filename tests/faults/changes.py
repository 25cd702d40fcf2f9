"""What people do to what was said: edit it, delete it, react. Each may be said again without harm."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, ClassVar
from uuid import uuid4

from tests.faults.memory import Frame, Shown

Request = tuple[str, str, dict[str, Any]]
# After these answers nobody knows whether it happened.
LEAVES_A_DOUBT = ("unavailable", "internal")


@dataclass
class Change(ABC):
    """`version`: the message's when this was acknowledged. `is_late`: the message had changed, or was gone before.
    `doubts`: how often it was said without an answer; each of them may have happened, or happen yet.
    """

    command: ClassVar[str]

    conversation: str
    message: str
    member: str
    _: KW_ONLY
    key: str = field(default_factory=lambda: str(uuid4()))
    acked_at: float | None = None
    version: int = 0
    is_late: bool = False
    doubts: int = 0

    def __str__(self) -> str:
        return f"{self.command} {self.fields} of {self.message}"

    @property
    @abstractmethod
    def fields(self) -> dict[str, Any]:
        """What the command says besides which message."""

    @property
    @abstractmethod
    def request(self) -> Request:
        """The same by REST: method, what follows the message's path, body."""

    @abstractmethod
    def is_so(self, shown: Shown) -> bool:
        """Whether the message is as this wants it."""

    async def doubted_until(self, answer: Awaitable[Frame]) -> Frame:
        self.doubts += 1
        said = await answer
        if said["type"] == "ok" or said["code"] not in LEAVES_A_DOUBT:
            self.doubts -= 1
        return said


@dataclass(kw_only=True)
class Edit(Change):
    """Of the text that came with `base`, or an older version: so one that comes late does not win over a newer one."""

    command = "message.edit"

    body: str
    base: int

    @property
    def fields(self) -> dict[str, Any]:
        return {"body": self.body, "base_version": self.base}

    @property
    def request(self) -> Request:
        return "PATCH", "", self.fields

    def is_so(self, shown: Shown) -> bool:
        return shown.is_edited and shown.body == self.body


@dataclass(kw_only=True)
class Deletion(Change):
    command = "message.delete"

    @property
    def fields(self) -> dict[str, Any]:
        return {}

    @property
    def request(self) -> Request:
        return "DELETE", "", {}

    def is_so(self, shown: Shown) -> bool:
        return shown.is_deleted and not shown.body and not shown.reactions


@dataclass(kw_only=True)
class Reaction(Change):
    command = "message.react"

    emoji: str
    on: bool = True

    @property
    def place(self) -> tuple[str, str, str]:
        return self.message, self.emoji, self.member

    @property
    def fields(self) -> dict[str, Any]:
        return {"emoji": self.emoji, "on": self.on}

    @property
    def request(self) -> Request:
        return "POST" if self.on else "DELETE", "reactions/", {"emoji": self.emoji}

    def is_so(self, shown: Shown) -> bool:
        return (self.member in dict(shown.reactions).get(self.emoji, ())) == self.on
