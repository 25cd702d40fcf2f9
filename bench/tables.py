"""The tables that the town is written to, a field a column, and how: beside the ORM, which takes ten times as long.

A column that a model gains has to be said here too; a test writes a small town to either database.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection

ROWS_AT_ONCE = 5_000


class OrganisationRow(NamedTuple):
    id: str
    slug: str
    name: str
    locale: str
    created_at: datetime
    timezone: str = "UTC"
    link_previews: bool = False
    notices_show_text: bool = True
    is_active: bool = True


class SpaceRow(NamedTuple):
    id: str
    organisation_id: str
    name: str
    slug: str
    kind: str = "project"


class MemberRow(NamedTuple):
    id: str
    organisation_id: str
    role: str
    name: str
    created_at: datetime
    external_id: str = ""
    email: str = ""
    read_private: bool = False


class AccessRow(NamedTuple):
    id: str
    member_id: str
    space_id: str
    role: str
    can_comment: bool
    can_create_tasks: bool = False


class ConversationRow(NamedTuple):
    id: str
    organisation_id: str
    kind: str
    space_id: str | None
    title: str
    direct_key: str
    channel_key: str
    client_id: str | None
    queue_open: bool
    status: str
    created_by_id: str
    created_at: datetime
    closed_at: datetime | None
    last_seq: int
    version: int
    last_message_id: str
    active_at: datetime
    changed_at: datetime
    receipt_version: int = 0
    is_default: bool = False


class ParticipantRow(NamedTuple):
    id: str
    conversation_id: str
    member_id: str
    role: str
    joined_at: datetime
    delivered_seq: int
    read_seq: int
    shown_read_seq: int
    archived_at: datetime | None


class MessageRow(NamedTuple):
    id: str
    conversation_id: str
    organisation_id: str
    seq: int
    version: int
    sender_id: str
    client_id: str
    body: str
    reply_to_id: str | None
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    kind: str = "text"
    link_url: str = ""


TABLES = {
    OrganisationRow: "accounts_organisation",
    SpaceRow: "accounts_space",
    MemberRow: "accounts_member",
    AccessRow: "accounts_spaceaccess",
    ConversationRow: "messaging_conversation",
    ParticipantRow: "messaging_participant",
    MessageRow: "messaging_message",
}


def prepare() -> None:
    """For this transaction: it may take its time. Foreign keys are not checked, which takes longer than all the rest,
    where the user may say so."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute(
                "SELECT set_config('session_replication_role', 'replica', true) FROM pg_user"
                " WHERE usename = current_user AND usesuper"
            )


def write(kind: type[Any], rows: Iterable[tuple[Any, ...]]) -> None:
    """All rows of one kind: PostgreSQL's COPY, SQLite's executemany."""
    table, columns = TABLES[kind], ", ".join(kind._fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(kind._fields))
        rows = iter(rows)
        while some := list(islice(rows, ROWS_AT_ONCE)):
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", some)  # noqa: S608  (our own names)
