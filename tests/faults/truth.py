"""What the database says, asked beside the product: PostgreSQL or SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from tests.faults.memory import Watermark

Ask = Callable[[str], list[Any]]

CONVERSATIONS = "SELECT id, last_seq, version, receipt_version FROM messaging_conversation"
MESSAGES = "SELECT conversation_id, id, seq, client_id, sender_id, kind FROM messaging_message ORDER BY seq"
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
    """A message: who said it, and the number its client gave it."""

    id: str
    seq: int
    client_id: str
    sender: str
    kind: str = "text"


@dataclass(frozen=True)
class Truth:
    counters: dict[str, Counters]
    messages: dict[str, list[Stored]]
    watermarks: dict[str, dict[str, Watermark]]

    @classmethod
    def of(cls, ask: Ask) -> Truth:
        counters = {text(id): Counters(*numbers) for id, *numbers in ask(CONVERSATIONS)}
        messages: dict[str, list[Stored]] = {id: [] for id in counters}
        for conversation, id, seq, client_id, sender, kind in ask(MESSAGES):
            messages[text(conversation)].append(Stored(text(id), seq, text(client_id), text(sender), kind))
        watermarks: dict[str, dict[str, Watermark]] = {id: {} for id in counters}
        for conversation, member, *numbers in ask(WATERMARKS):
            watermarks[text(conversation)][text(member)] = Watermark(*numbers)
        return cls(counters, messages, watermarks)

    def unread(self, conversation: str, member: str) -> int:
        """Nobody else's conversation is unread, nor what the system says."""
        if member not in self.watermarks[conversation]:
            return 0
        read = self.watermarks[conversation][member].read
        said = (one for one in self.messages[conversation] if one.kind != "system")
        return sum(one.seq > read and one.sender != member for one in said)


def text(id: object) -> str:
    """SQLite keeps an id as 32 digits."""
    return str(UUID(str(id)))
