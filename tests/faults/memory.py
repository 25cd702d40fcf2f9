"""What one tab has seen, by the client's rule: next in line applies, ahead waits, behind is dropped."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Frame = dict[str, Any]


class Watermark(NamedTuple):
    delivered: int = 0
    read: int = 0

    def joined(self, other: Watermark) -> Watermark:
        return Watermark(max(self.delivered, other.delivered), max(self.read, other.read))

    def covers(self, other: Watermark) -> bool:
        return self.delivered >= other.delivered and self.read >= other.read


class Shown(NamedTuple):
    """A message as a tab shows it. `reactions`: each emoji with its members, both in the order in which they came."""

    id: str
    client_id: str
    sender: str
    version: int
    body: str
    is_edited: bool = False
    is_deleted: bool = False
    reactions: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def of(cls, message: Frame) -> Shown:
        return cls(
            message["id"],
            message["client_id"],
            message["sender"]["id"],
            message["version"],
            message["body"],
            message["edited_at"] is not None,
            message["deleted_at"] is not None,
            tuple((one["emoji"], tuple(one["members"])) for one in message["reactions"]),
        )


class Observed(NamedTuple):
    """A watermark as the server said it, and when."""

    at: float
    conversation: str
    member: str
    watermark: Watermark


@dataclass
class Line:
    """Numbered news, given out in order."""

    at: int = 0
    held: dict[int, Frame] = field(default_factory=dict)

    def take(self, number: int, frame: Frame) -> list[Frame]:
        if number > self.at:
            self.held[number] = frame
        return self._ready()

    def jump(self, to: int) -> list[Frame]:
        self.at = max(self.at, to)
        self.held = {number: frame for number, frame in self.held.items() if number > self.at}
        return self._ready()

    def _ready(self) -> list[Frame]:
        ready = []
        while self.at + 1 in self.held:
            self.at += 1
            ready.append(self.held.pop(self.at))
        return ready


@dataclass
class Known:
    """One conversation: what was said and became of it, how far everybody is, and how far the server says it has come.

    `news`: what each version was, as frames told: type, event, and the message if it was about one.
    """

    changes: Line = field(default_factory=Line)
    receipts: Line = field(default_factory=Line)
    messages: dict[int, Shown] = field(default_factory=dict)
    news: defaultdict[int, set[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(set))
    watermarks: defaultdict[str, Watermark] = field(default_factory=lambda: defaultdict(Watermark))
    # As receipts alone told: a message besides moves its sender's, and may come before or after.
    told: defaultdict[str, Watermark] = field(default_factory=lambda: defaultdict(Watermark))
    head: tuple[int, int] = (0, 0)

    @property
    def cursor(self) -> tuple[int, int]:
        return self.changes.at, self.receipts.at

    @property
    def top(self) -> int:
        return max(self.messages, default=0)

    @property
    def is_behind(self) -> bool:
        is_told_of_more = any(head > at for head, at in zip(self.head, self.cursor, strict=True))
        return is_told_of_more or bool(self.changes.held or self.receipts.held)


class Memory:
    def __init__(self, name: str) -> None:
        self.name = name
        self.known: defaultdict[str, Known] = defaultdict(Known)
        self.first_seen: dict[str, float] = {}
        self.observed: list[Observed] = []
        self.presence: dict[str, str] = {}
        self.heard_of: set[str] = set()
        self.oldest_of_page: dict[str, int] = {}
        self.has_more = False
        self.twice: list[str] = []
        self.out_of_order: list[str] = []
        self.problems: list[str] = []
        self._place: dict[str, tuple[str, int]] = {}

    @property
    def is_behind(self) -> bool:
        return self.has_more or any(known.is_behind for known in self.known.values())

    def cursors(self) -> dict[str, tuple[int, int]]:
        return {conversation: known.cursor for conversation, known in self.known.items()}

    def apply(self, frame: Frame) -> None:
        match frame["type"]:
            case "message" | "conversation":
                self._change(frame)
            case "receipt":
                self._receipt(frame)
            case "heads":
                self._heads(frame)
            case "welcome":
                self._catch_up(frame["sync"])
            case "sync":
                self._catch_up(frame)
            case "presence":
                self._present(frame["members"])
            case "ok" if "members" in frame:
                self._present(frame["members"])

    def keep_older(self, conversation: str, messages: list[Frame]) -> None:
        """Pages before the newest: shown above what is there, as they should be."""
        for message in messages:
            self._keep(conversation, message)

    # --- news -------------------------------------------------------------------------------------------------------

    def _change(self, frame: Frame) -> None:
        known = self._of(frame["conversation"])
        known.news[frame["version"]].add(
            (frame["type"], frame["event"], frame.get("message", {}).get("id", ""))
        )
        self._apply_changes(known, known.changes.take(frame["version"], frame))

    def _apply_changes(self, known: Known, frames: list[Frame]) -> None:
        for frame in frames:
            if frame["type"] == "message":
                self._show(known, frame["message"])

    def _receipt(self, frame: Frame) -> None:
        known = self._of(frame["conversation"])
        for member, *numbers in frame["watermarks"]:
            self._observe(frame["conversation"], member, Watermark(*numbers))
        self._apply_receipts(known, known.receipts.take(frame["receipt_version"], frame))

    def _apply_receipts(self, known: Known, frames: list[Frame]) -> None:
        for frame in frames:
            for member, *numbers in frame["watermarks"]:
                said = Watermark(*numbers)
                if not said.covers(known.told[member]):
                    self.problems.append(
                        f"{self.name}: {member} went back from {known.told[member]} to {said}"
                    )
                known.told[member] = said

    def _heads(self, frame: Frame) -> None:
        for conversation, (version, receipt_version) in frame["cursors"].items():
            known = self._of(conversation)
            known.head = (max(known.head[0], version), max(known.head[1], receipt_version))

    def _catch_up(self, answer: Frame) -> None:
        self.has_more = answer["more"]
        for one in answer["conversations"]:
            id, known = one["conversation"]["id"], self._of(one["conversation"]["id"])
            if one["limited"]:
                self.oldest_of_page[id] = min(message["seq"] for message in one["messages"])
            for message in sorted(one["messages"], key=lambda message: message["seq"]):
                self._show(known, message)
            for member, *numbers in one["watermarks"]:
                self._observe(id, member, Watermark(*numbers))
                self._must_not_go_back(known, one["conversation"]["receipt_version"], member, numbers)
            self._apply_changes(known, known.changes.jump(one["conversation"]["version"]))
            self._apply_receipts(known, known.receipts.jump(one["conversation"]["receipt_version"]))

    def _must_not_go_back(self, known: Known, receipt_version: int, member: str, numbers: list[int]) -> None:
        """A sync answer that is not older than what was applied tells at least as much."""
        if receipt_version >= known.receipts.at and not Watermark(*numbers).covers(known.told[member]):
            self.problems.append(f"{self.name}: a sync takes {member} back to {numbers}")

    def _present(self, members: Frame) -> None:
        self.presence.update({member: one["state"] for member, one in members.items()})

    # --- what is shown ----------------------------------------------------------------------------------------------

    def _of(self, conversation: str) -> Known:
        self.heard_of.add(conversation)
        return self.known[conversation]

    def _observe(self, conversation: str, member: str, watermark: Watermark) -> None:
        known = self.known[conversation]
        known.watermarks[member] = known.watermarks[member].joined(watermark)
        self.observed.append(Observed(time.monotonic(), conversation, member, watermark))

    def _show(self, known: Known, message: Frame) -> None:
        if message["seq"] not in known.messages and message["seq"] < known.top:
            self.out_of_order.append(f"{self.name} shows seq {message['seq']} after {known.top}")
        self._keep(message["conversation"], message)
        by_sending = Watermark(delivered=message["seq"])
        sender = message["sender"]["id"]
        known.watermarks[sender] = known.watermarks[sender].joined(by_sending)

    def _keep(self, conversation: str, message: Frame) -> None:
        """Its newest state: an answer may be older than the news that came meanwhile."""
        seq, shown = message["seq"], Shown.of(message)
        self.first_seen.setdefault(shown.client_id, time.monotonic())
        place = self._place.setdefault(shown.client_id, (conversation, seq))
        if place != (conversation, seq):
            self.twice.append(f"{self.name} shows {shown.client_id} at {place} and {(conversation, seq)}")
        before = self.known[conversation].messages.setdefault(seq, shown)
        if before.client_id != shown.client_id:
            self.twice.append(f"{self.name} shows two messages at {(conversation, seq)}")
        elif before.version == shown.version and before != shown:
            self.problems.append(f"{self.name} was told two states of one version: {before} and {shown}")
        elif before.version < shown.version:
            self.known[conversation].messages[seq] = shown
