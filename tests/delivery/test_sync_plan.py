"""What sync and healing read: found by index, and as much as has changed, however long the history."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import Member
from delivery.queries import Cursors, heads, sync
from messaging.models import Conversation, Kind, Message, Participant
from tests.cast import Cast, Person

IS_SQLITE = connection.vendor == "sqlite"
NEW = 5


def grow(starter: Member, others: list[Member], *, conversations: int, messages: int) -> list[Conversation]:
    """Groups of these people in which all was said long ago."""
    grown = [
        Conversation(
            organisation_id=starter.organisation_id,
            kind=Kind.GROUP,
            created_by=starter,
            last_seq=messages,
            version=messages + 1,
            changed_at="2026-01-01T00:00:00Z",
        )
        for _ in range(conversations)
    ]
    Conversation.objects.bulk_create(grown)
    Participant.objects.bulk_create(
        Participant(conversation=one, member=member) for one in grown for member in (starter, *others)
    )
    Message.objects.bulk_create(
        Message(conversation=one, seq=seq, version=seq + 1, sender=starter, client_id=uuid4(), body="Hi")
        for one in grown
        for seq in range(1, messages + 1)
    )
    return grown


def read(talk: Conversation, *readers: Member, but: int) -> Cursors:
    """They have had everything but the newest; gives their cursors."""
    had = talk.last_seq - but
    Participant.objects.filter(conversation=talk, member__in=readers).update(delivered_seq=had, read_seq=had)
    return {talk.pk: (talk.version - but, 0)}


class Queries(list[tuple[str, Any]]):
    """What is asked while they wrap a connection."""

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            self.append((sql, params))
        return execute(sql, params, many, context)


def asked_by(act: Callable[[], object]) -> Queries:
    queries = Queries()
    with connection.execute_wrapper(queries):
        act()
    return queries


def look_at_the_data() -> None:
    """As PostgreSQL does by itself, a while after much was written."""
    if not IS_SQLITE:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


# --- by index -------------------------------------------------------------------------------------------------------


def plan_of(act: Callable[[], object]) -> list[str]:
    """PostgreSQL is told to do without reading whole tables where it can: what is left has no index."""
    queries, plan = asked_by(act), []
    look_at_the_data()
    with connection.cursor() as cursor:
        if not IS_SQLITE:
            cursor.execute("SET LOCAL enable_seqscan = off")
        for sql, params in queries:
            cursor.execute(f"EXPLAIN {'QUERY PLAN' if IS_SQLITE else ''} {sql}", params)
            plan += [str(row[-1]).strip() for row in cursor.fetchall()]
    return plan


def whole_tables(plan: list[str]) -> list[str]:
    """But for the one row that says which life of the database this is."""
    words = "SCAN " if IS_SQLITE else "Seq Scan on messaging_"
    return [line for line in plan if words in line and line != "SCAN realtime_epoch"]


def test_what_changed_is_found_by_index_among_2000_conversations(cast: Cast) -> None:
    marta, bob, carol = cast.marta.member, cast.bob.member, cast.carol.member
    grow(marta, [cast.alice.member], conversations=1980, messages=2)
    few = grow(marta, [bob, carol], conversations=20, messages=2)
    (long,) = grow(marta, [bob, carol], conversations=1, messages=20_000)
    cursors = read(long, bob, carol, but=NEW)
    for number, one in enumerate(few):
        cursors |= read(one, bob, carol, but=number % 3)
    Conversation.objects.filter(pk=long.pk).update(
        changed_at=Conversation._meta.get_field("changed_at").db_default
    )

    for person in (cast.bob, cast.carol):
        missed = plan_of(partial(sync, person.actor, cursors=cursors, limit=50))
        assert whole_tables(missed) == []
        assert "message_by_version" in "".join(missed)
        first = plan_of(partial(sync, person.actor, cursors={}, limit=50))
        assert whole_tables(first) == []
    healing = plan_of(partial(heads, 17.0, [bob.pk, carol.pk], [str(long.pk)]))
    assert whole_tables(healing) == []
    assert "changed_at" in "".join(healing)


# --- as much as has changed -----------------------------------------------------------------------------------------


def work_of(act: Callable[[], object]) -> int:
    """How much the database does: rows that PostgreSQL touches, steps of SQLite's machine in hundreds."""
    if IS_SQLITE:
        return _steps_of(act)
    return sum(_rows_of(sql, params) for sql, params in asked_by(act))


def _steps_of(act: Callable[[], object]) -> int:
    steps: list[None] = []
    connection.ensure_connection()
    connection.connection.set_progress_handler(lambda: steps.append(None), 100)
    try:
        act()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return len(steps)


def _rows_of(sql: str, params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        (found,) = cursor.fetchone()
    plan = json.loads(found) if isinstance(found, str) else found
    return sum(_touched(node) for node in _nodes(plan[0]["Plan"]))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)


def _touched(node: dict[str, Any]) -> int:
    rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return int(rows * node["Actual Loops"])


def cost_of_catching_up(person: Person, starter: Member, *, messages: int) -> tuple[int, int]:
    """Queries and work, for the newest of so many messages."""
    (talk,) = grow(starter, [person.member], conversations=1, messages=messages)
    look_at_the_data()
    catch_up = partial(sync, person.actor, cursors=read(talk, person.member, but=NEW), limit=50)
    (answer,) = catch_up()["conversations"]
    assert len(answer["messages"]) == answer["conversation"]["unread_count"] == NEW
    cost = len(asked_by(catch_up)), work_of(catch_up)
    talk.delete()
    return cost


@pytest.mark.parametrize("name", ["bob", "carol"])
def test_a_long_history_costs_what_a_short_one_does(cast: Cast, name: str) -> None:
    """Among the talk of others, which is most of what a database holds."""
    person, starter = getattr(cast, name), cast.marta.member
    grow(starter, [cast.alice.member], conversations=500, messages=4)
    queries, work = cost_of_catching_up(person, starter, messages=10)
    queries_of_long, work_of_long = cost_of_catching_up(person, starter, messages=10_000)
    assert queries_of_long == queries
    assert work_of_long < 1.5 * work
