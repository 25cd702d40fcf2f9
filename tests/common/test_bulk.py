"""Many rows in one statement: every value arrives as it left, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Member
from common.bulk import insert_rows, update_rows
from messaging.actions import start_conversation
from messaging.models import Conversation, Kind, Message, Participant
from tests.cast import Cast
from tests.messaging.test_send_message import say

NOON = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)
LAST = 2**63 - 1

TEXTS = [
    "",
    'It\'s "quoted", `so` or $so$; -- DROP TABLE',
    "%s %(name)s %% {} $1 ?",
    "a\\b \\n \\u0041 /",
    "lines\r\nand\ttabs \x7f \x1f",
    '{"body": "JSON", "of": ["its", 0.1, null]}',
    "null",
    "true",
    "007",
    "1e5",
    "ñ – ’ 漢字 العربية",
    "\N{WAVING HAND SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4} e\N{COMBINING ACUTE ACCENT} \N{RIGHT-TO-LEFT MARK}",
    "\ufeff\u2028\uffff",
    "x" * 5000,
]


@pytest.fixture
def pair(cast: Cast) -> Conversation:
    """Bob and Carol."""
    return start_conversation(cast.bob.actor, kind=Kind.DIRECT, member=cast.carol.member.id).conversation


# --- update_rows ----------------------------------------------------------------------------------------------------


def test_rows_get_their_new_values_and_others_keep_theirs(cast: Cast, pair: Conversation) -> None:
    one, two, other = (say(cast.bob, pair, body) for body in ("One", "Two", "Other"))
    before = Message.objects.filter(pk=other.pk).values().get()
    update_rows(
        Message,
        key=("id",),
        fields=("body", "version", "edited_at", "reply_to"),
        rows=[(one.pk, "1", 70, NOON, None), (two.pk, "2", LAST, None, one.pk)],
    )
    assert list(
        Message.objects.exclude(pk=other.pk)
        .order_by("seq")
        .values_list("body", "version", "edited_at", "reply_to")
    ) == [("1", 70, NOON, None), ("2", LAST, None, one.pk)]
    assert Message.objects.filter(pk=other.pk).values().get() == before


def test_the_key_may_be_of_several_fields(cast: Cast, pair: Conversation, support: Conversation) -> None:
    """Carol is in both; Bob's row in the pair, and hers in the other conversation, are not meant."""
    update_rows(
        Participant,
        key=("conversation", "member"),
        fields=("delivered_seq", "left_at"),
        rows=[(pair.pk, cast.carol.member.pk, 7, NOON)],
    )
    rows = Participant.objects.values_list("conversation", "member__name", "delivered_seq", "left_at")
    assert set(rows) == {
        (pair.pk, "Carol", 7, NOON),
        (pair.pk, "Bob", 0, None),
        (support.pk, "Carol", 0, None),
    }


def test_a_key_that_is_nowhere_changes_nothing(cast: Cast, pair: Conversation) -> None:
    before = list(Conversation.objects.values())
    update_rows(Conversation, key=("id",), fields=("title",), rows=[(uuid4(), "Nowhere")])
    update_rows(Conversation, key=("id",), fields=("title",), rows=[])
    assert list(Conversation.objects.values()) == before


@pytest.mark.parametrize("text", TEXTS)
def test_text_arrives_as_it_left(cast: Cast, pair: Conversation, text: str) -> None:
    message = say(cast.bob, pair)
    update_rows(Message, key=("id",), fields=("body",), rows=[(message.pk, text)])
    message.refresh_from_db()
    assert message.body == text


@pytest.mark.parametrize(
    "at",
    [
        NOON,
        NOON.replace(microsecond=0),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2100, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime.fromisoformat("2026-11-21T12:00:00.000001+05:30"),
    ],
    ids=str,
)
def test_times_arrive_as_they_left(pair: Conversation, at: datetime) -> None:
    update_rows(Conversation, key=("id",), fields=("active_at", "closed_at"), rows=[(pair.pk, at, at)])
    pair.refresh_from_db()
    assert (pair.active_at, pair.closed_at) == (at, at)
    # As the databases compare them, too: stored as the ORM stores them.
    assert Conversation.objects.filter(active_at=at, closed_at__gte=at).exists()


@pytest.mark.parametrize("number", [0, -1, 2**53 + 1, LAST, -LAST - 1])
def test_numbers_arrive_as_they_left(pair: Conversation, number: int) -> None:
    update_rows(Conversation, key=("id",), fields=("version",), rows=[(pair.pk, number)])
    pair.refresh_from_db()
    assert pair.version == number


def test_yes_and_no_arrive_as_they_left(cast: Cast) -> None:
    Member.objects.filter(pk=cast.bob.member.pk).update(read_private=True)
    rows = [(cast.carol.member.pk, True), (cast.bob.member.pk, False)]
    update_rows(Member, key=("id",), fields=("read_private",), rows=rows)
    assert list(Member.objects.filter(read_private=True)) == [cast.carol.member]
    assert Member.objects.filter(read_private=False, pk=cast.bob.member.pk).exists()


def test_ids_are_found_as_the_orm_looks_for_them(cast: Cast, pair: Conversation) -> None:
    first, second = say(cast.bob, pair), say(cast.carol, pair)
    update_rows(Message, key=("id",), fields=("reply_to",), rows=[(second.pk, first.pk)])
    assert list(Message.objects.filter(reply_to=first)) == [second]
    assert list(Message.objects.filter(reply_to__sender=cast.bob.member.pk)) == [second]


# --- insert_rows ----------------------------------------------------------------------------------------------------

FIELDS = (
    "id",
    "conversation",
    "organisation",
    "seq",
    "version",
    "sender",
    "client_id",
    "kind",
    "body",
    "reply_to",
    "link_url",
)


def test_rows_are_there_as_if_the_orm_had_written_them(cast: Cast, pair: Conversation) -> None:
    """What is not named has the value that the database gives it: one time for all."""
    first, second = uuid4(), uuid4()
    insert_rows(
        Message,
        fields=(*FIELDS, "edited_at"),
        rows=[
            row(first, pair, 1, cast.bob.member, "Hello", None, NOON),
            row(second, pair, 2, cast.carol.member, "", first, None),
        ],
    )
    one, two = Message.objects.order_by("seq")
    assert (one.pk, one.sender, one.body, one.reply_to, one.edited_at) == (
        first,
        cast.bob.member,
        "Hello",
        None,
        NOON,
    )
    assert (two.pk, two.sender, two.body, two.reply_to, two.edited_at) == (
        second,
        cast.carol.member,
        "",
        one,
        None,
    )
    assert one.created_at == two.created_at
    assert (one.link_url, one.deleted_at, one.deleted_by) == ("", None, None)


def row(
    id: UUID, talk: Conversation, seq: int, sender: Member, body: str, reply_to: UUID | None, *more: Any
) -> tuple[Any, ...]:
    return (
        *(id, talk.pk, talk.organisation_id, seq, seq + 1),
        *(sender.pk, uuid4(), "text", body, reply_to, "", *more),
    )


def test_what_is_there_already_may_stay(cast: Cast, pair: Conversation) -> None:
    first = row(uuid4(), pair, 1, cast.bob.member, "Hello", None)
    insert_rows(Message, fields=FIELDS, rows=[first])
    another = row(uuid4(), pair, 1, cast.bob.member, "In its place", None)
    insert_rows(Message, fields=FIELDS, rows=[another], or_leave=True)
    assert Message.objects.get().body == "Hello"
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Message, fields=FIELDS, rows=[another])


@pytest.mark.parametrize("text", TEXTS)
def test_text_is_written_as_it_was(cast: Cast, pair: Conversation, text: str) -> None:
    rows = [row(uuid4(), pair, 1, cast.bob.member, text, None)]
    insert_rows(Message, fields=FIELDS, rows=rows)
    assert Message.objects.get().body == text


# --- what they cost -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 20])
def test_it_is_one_statement_at_most_however_many_rows(db: None, count: int) -> None:
    with CaptureQueriesContext(connection) as queries:
        rows = [(uuid4(), "T") for _ in range(count)]
        update_rows(Conversation, key=("id",), fields=("title",), rows=rows)
    assert len(queries) == min(count, 1)
