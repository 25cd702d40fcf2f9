"""What the database says, asked beside the product: PostgreSQL or SQLite."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from tests.faults.memory import Shown, Watermark

Ask = Callable[[str], list[Any]]
TEXT, SYSTEM = "text", "system"

CONVERSATIONS = "SELECT id, last_seq, version, receipt_version FROM messaging_conversation"
MESSAGES = (
    "SELECT conversation_id, id, client_id, sender_id, seq, version, body, kind, edited_at IS NOT NULL,"
    " deleted_at IS NOT NULL FROM messaging_message ORDER BY seq"
)
FORMER_TEXTS = "SELECT message_id, body FROM messaging_messagerevision ORDER BY replaced_at"
REACTIONS = "SELECT message_id, emoji, member_id FROM messaging_reaction ORDER BY id"
WATERMARKS = "SELECT conversation_id, member_id, delivered_seq, read_seq FROM messaging_participant"


def postgres(url: str) -> Ask:
    def ask(query: str) -> list[Any]:
        with psycopg.connect(url) as connection:
            return connection.execute(query).fetchall()

    return ask


def sqlite(file: Path) -> Ask:
    def ask(query: str) -> list[Any]:
        with closing(sqlite3.connect(file, timeout=20)) as connection:
            return connection.execute(query).fetchall()

    return ask


@dataclass(frozen=True)
class Counters:
    last_seq: int
    version: int
    receipt_version: int


@dataclass(frozen=True)
class Stored:
    """A message with all that is kept of it: also what nobody is told any more."""

    id: str
    seq: int
    client_id: str
    sender: str
    version: int
    body: str
    kind: str = TEXT
    is_edited: bool = False
    is_deleted: bool = False
    former: tuple[str, ...] = ()
    reactions: tuple[tuple[str, str], ...] = ()

    @property
    def shown(self) -> Shown:
        """As everybody is to see it: of what is deleted, a tombstone."""
        who = (self.id, self.client_id, self.sender, self.version)
        if self.is_deleted:
            return Shown(*who, body="", is_deleted=True)
        by_emoji: defaultdict[str, list[str]] = defaultdict(list)
        for emoji, member in self.reactions:
            by_emoji[emoji].append(member)
        reactions = tuple((emoji, tuple(members)) for emoji, members in by_emoji.items())
        return Shown(*who, self.body, self.is_edited, reactions=reactions)

    @property
    def texts(self) -> tuple[str, ...]:
        """All that it ever said, the newest last."""
        return *self.former, self.body

    @property
    def gone(self) -> tuple[str, ...]:
        """What it said and says no more."""
        return self.texts if self.is_deleted else self.former


@dataclass(frozen=True)
class Truth:
    counters: dict[str, Counters]
    messages: dict[str, list[Stored]]
    watermarks: dict[str, dict[str, Watermark]]

    @classmethod
    def of(cls, ask: Ask) -> Truth:
        counters = {text(id): Counters(*numbers) for id, *numbers in ask(CONVERSATIONS)}
        watermarks: dict[str, dict[str, Watermark]] = {id: {} for id in counters}
        for conversation, member, *numbers in ask(WATERMARKS):
            watermarks[text(conversation)][text(member)] = Watermark(*numbers)
        return cls(counters, messages_in(ask, counters), watermarks)

    def by_id(self) -> dict[str, Stored]:
        return {one.id: one for messages in self.messages.values() for one in messages}

    def unread(self, conversation: str, member: str) -> int:
        """What others said and did not delete; nobody else's conversation is unread."""
        if member not in self.watermarks[conversation]:
            return 0
        read = self.watermarks[conversation][member].read
        return sum(
            one.seq > read and one.sender != member and one.kind != SYSTEM and not one.is_deleted
            for one in self.messages[conversation]
        )


def messages_in(ask: Ask, conversations: Iterable[str]) -> dict[str, list[Stored]]:
    former: defaultdict[str, list[str]] = defaultdict(list)
    for message, body in ask(FORMER_TEXTS):
        former[text(message)].append(body)
    reactions: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for message, emoji, member in ask(REACTIONS):
        reactions[text(message)].append((emoji, text(member)))
    messages: dict[str, list[Stored]] = {id: [] for id in conversations}
    for conversation, *ids, seq, version, body, kind, is_edited, is_deleted in ask(MESSAGES):
        id, client_id, sender = map(text, ids)
        what = (version, body, kind, bool(is_edited), bool(is_deleted))
        hanging = (tuple(former[id]), tuple(reactions[id]))
        messages[text(conversation)].append(Stored(id, seq, client_id, sender, *what, *hanging))
    return messages


def text(id: object) -> str:
    """SQLite keeps an id as 32 digits."""
    return str(UUID(str(id)))
