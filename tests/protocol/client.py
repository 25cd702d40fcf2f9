"""A stranger's client in as few lines as the contract allows: what it is told, and nothing that it guesses."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from realtime.frames import Frame

Watermarks = dict[str, tuple[int, int]]


class Known:
    """One conversation as a client knows it; without `info` it has only heard of it. `is_over`: to be forgotten."""

    def __init__(self, viewer: str) -> None:
        self.viewer = viewer
        self.is_over = False
        self.info: Frame = {}
        self.version = self.receipt_version = 0
        self.messages: dict[str, Frame] = {}
        self.watermarks: Watermarks = {}
        self.held: dict[int, Frame] = {}

    # --- what is told -----------------------------------------------------------------------------------------------

    def change(self, frame: Frame) -> None:
        """Next in line applies, ahead waits, behind is dropped."""
        if frame["version"] > self.version:
            self.held[frame["version"]] = frame
        while self.version + 1 in self.held:
            self._apply(self.held.pop(self.version + 1))

    def receipt(self, frame: Frame) -> None:
        """Watermarks are maxima: they apply whatever the number; only the number waits its turn."""
        if frame["receipt_version"] == self.receipt_version + 1:
            self.receipt_version += 1
        for member, delivered, read in frame["watermarks"]:
            self._move(member, delivered, read)

    def catch_up(self, answer: Frame) -> None:
        info = answer["conversation"]
        for member, delivered, read in answer["watermarks"]:
            self._move(member, delivered, read)
        self.receipt_version = max(self.receipt_version, info["receipt_version"])
        if info["version"] < self.version:
            return
        self.info = {name: value for name, value in info.items() if name not in COUNTED}
        self.version = info["version"]
        if answer["limited"]:
            self.messages.clear()
        for message in answer["messages"]:
            self._put(message)
        for version in [one for one in self.held if one <= self.version]:
            del self.held[version]
        while self.version + 1 in self.held:
            self._apply(self.held.pop(self.version + 1))

    def _apply(self, frame: Frame) -> None:
        self.version = frame["version"]
        if frame["type"] == "message":
            message = frame["message"]
            self._bring_back(message)
            self._put(message)
            # Whoever manages a conversation from outside has no watermarks there.
            by_note = message["kind"] == "note"
            if not by_note and message["sender"]["id"] in {
                one["member"]["id"] for one in self.info["participants"]
            }:
                self._move(message["sender"]["id"], message["seq"], 0)
        elif frame["event"] == "started":
            self.info = dict(frame["data"]["conversation"])
        elif frame["event"] == "joined":
            came = frame["data"]["participant"]
            self.info["participants"] = [*self._others_than(came["member"]["id"]), came]
        elif frame["event"] == "left":
            self._leave(**frame["data"])
        elif frame["event"] == "deleted":
            self.is_over = True
        elif frame["event"] == "assigned":
            self._assign(**frame["data"])
        else:
            assert frame["event"] in SETS
            self.info |= frame["data"]

    def _bring_back(self, message: Frame) -> None:
        """What was archived, by what is new in it; what is muted for good, by nothing."""
        is_muted = self.info.get("muted_until") == FOR_GOOD
        if message["id"] not in self.messages and message["kind"] != "note" and not is_muted:
            self.info["archived"] = False

    def _put(self, message: Frame) -> None:
        """A reply shows the original as it is now."""
        self.messages[message["id"]] = message
        for id, reply in self.messages.items():
            if reply["reply_to"] and reply["reply_to"]["id"] == message["id"]:
                files = [] if message["body"] else [one["kind"] for one in message["attachments"]]
                now = {**reply["reply_to"], "excerpt": message["body"][:EXCERPT], "files": files}
                self.messages[id] = {**reply, "reply_to": now}

    def _leave(self, member: str, owner: str | None) -> None:
        self.is_over = member == self.viewer
        self.info["participants"] = [
            {**one, "role": "owner"} if one["member"]["id"] == owner else one
            for one in self._others_than(member)
        ]

    def _assign(self, participant: Frame | None, **stands: Any) -> None:
        """Whoever takes no part in what waits no more hears no more of it."""
        if participant:
            others = self._others_than(participant["member"]["id"])
            self.info["participants"] = [*others, participant]
        self.info |= stands
        self.is_over = len(self._others_than(self.viewer)) == len(self.info["participants"])

    def _others_than(self, member: str) -> list[Frame]:
        return [one for one in self.info["participants"] if one["member"]["id"] != member]

    def _move(self, member: str, delivered: int, read: int) -> None:
        had = self.watermarks.get(member, (0, 0))
        self.watermarks[member] = (max(had[0], delivered, read), max(had[1], read))

    # --- what is shown ----------------------------------------------------------------------------------------------

    def shown(self) -> Frame:
        timeline = sorted(self.messages.values(), key=lambda message: message["seq"])
        told_to_all = [one for one in timeline if one["kind"] != "note"]
        participants = {one["member"]["id"]: self._with_watermarks(one) for one in self.info["participants"]}
        own = participants.get(self.viewer)
        unread = [
            one
            for one in timeline
            if own
            and one["seq"] > own["read_seq"]
            and one["sender"]["id"] != self.viewer
            and one["kind"] != "system"
            and not one["deleted_at"]
        ]
        return {
            **AS_IT_BEGINS,
            **self.info,
            "version": self.version,
            "receipt_version": self.receipt_version,
            "participants": participants,
            "messages": timeline,
            "seq": timeline[-1]["seq"] if timeline else 0,
            "last_message": told_to_all[-1] if told_to_all else None,
            "unread_count": len(unread),
            "unread_mentions": sum(
                any(it.get("member") == self.viewer for it in one["mentions"]) for one in unread
            ),
        }

    def _with_watermarks(self, participant: Frame) -> Frame:
        delivered, read = self.watermarks.get(participant["member"]["id"], (0, 0))
        return {
            **participant,
            "delivered_seq": max(participant["delivered_seq"], delivered),
            "read_seq": max(participant["read_seq"], read),
        }


# Events whose data are what changes.
SETS = ("renamed", "closed", "reopened", "released", "resolved", "own", "advanced")
# What a client counts for itself from what it was told.
COUNTED = ("seq", "last_message", "unread_count", "unread_mentions")
# How one has a conversation of which nothing else was said.
AS_IT_BEGINS = {"archived": False, "muted_until": None, "notify": ""}
EXCERPT = 140
FOR_GOOD = "9999-01-01T00:00:00.000Z"


class Client:
    def __init__(self, viewer: str, snapshot: Frame) -> None:
        self.viewer = viewer
        self.known: defaultdict[str, Known] = defaultdict(lambda: Known(viewer))
        self.catch_up(snapshot)

    def hear(self, frame: Frame) -> None:
        """What passes, as who is typing, is no part of what a snapshot shows."""
        if frame["type"] in ("message", "conversation"):
            self.known[frame["conversation"]].change(frame)
            if self.known[frame["conversation"]].is_over:
                del self.known[frame["conversation"]]
        elif frame["type"] == "receipt":
            self.known[frame["conversation"]].receipt(frame)
        elif frame["type"] == "sync":
            self.catch_up(frame)

    def catch_up(self, answer: Frame) -> None:
        for one in answer["conversations"]:
            self.known[one["conversation"]["id"]].catch_up(one)
        for id in answer["gone"]:
            self.known.pop(id, None)

    @property
    def is_behind(self) -> bool:
        """It holds what it cannot apply, or has heard of a conversation and not of what it is."""
        return any(known.held or not known.info for known in self.known.values())

    @property
    def has_missed_something(self) -> bool:
        """Of what it knew: who comes into a conversation asks what was said before."""
        return any(known.held and known.info for known in self.known.values())

    def cursors(self) -> dict[str, tuple[int, int]]:
        return {id: (known.version, known.receipt_version) for id, known in self.known.items()}

    def own_watermarks(self) -> dict[str, tuple[int, int]]:
        return {id: known.watermarks.get(self.viewer, (0, 0)) for id, known in self.known.items()}

    def shows(self) -> dict[str, Any]:
        return {id: known.shown() for id, known in self.known.items()}
