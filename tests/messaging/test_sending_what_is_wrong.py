"""Of what is said together, one that is refused or cannot be written spoils nothing for the others."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, connection

from accounts.models import Member, Role, Token
from common import strict_json
from common.clock import now
from common.errors import Forbidden, InvalidInput, NotAuthenticated, NotFound
from config.realtime import share, together
from messaging import commands
from messaging.actions import send_messages
from messaging.models import Conversation, Message, Participant
from messaging.payloads import message_payload
from messaging.saying import Saying, Sent
from tests.cast import Cast
from tests.conftest import Published
from tests.messaging.test_send_message import say
from tests.messaging.test_sending_together import said_in, saying, sent, told

IS_SQLITE = connection.vendor == "sqlite"


def test_one_that_is_refused_spoils_nothing(
    cast: Cast, group: Conversation, pair: Conversation, published: Published
) -> None:
    Participant.objects.create(conversation=group, member=cast.vera.member)
    elsewhere = say(cast.bob, pair, "Between us")
    published()
    outcomes = send_messages(
        [
            saying(cast.bob, group, "One"),
            saying(cast.mallory, group, "Let me in"),
            saying(cast.alice, pair, "Let me see"),
            saying(cast.vera, group, "I may only look"),
            saying(cast.carol, group, "What was that?", reply_to=elsewhere.pk),
            saying(cast.carol, group, "And what was this?", reply_to=uuid4()),
            Saying(cast.carol.actor, uuid4(), uuid4(), "Is this thing on?"),
            saying(cast.alice, group, "Two"),
        ]
    )
    assert [type(one) for one in outcomes] == [
        Sent,
        NotFound,
        Forbidden,
        Forbidden,
        NotFound,
        NotFound,
        NotFound,
        Sent,
    ]
    assert said_in(group) == [(1, "One"), (2, "Two")]
    everybody = {cast.bob.id, cast.carol.id, cast.alice.id, cast.vera.id}
    assert told(published) == [("created", 2, everybody), ("created", 3, everybody)]


UNWRITABLE = [
    pytest.param("half a pair \ud800", id="no UTF-8"),
    pytest.param(
        "nul \x00", id="NUL", marks=pytest.mark.skipif(IS_SQLITE, reason="PostgreSQL alone refuses it")
    ),
]


@pytest.mark.parametrize("body", UNWRITABLE)
def test_one_that_cannot_be_written_spoils_nothing(
    cast: Cast, support: Conversation, pair: Conversation, body: str, published: Published
) -> None:
    """Bob has taken it by speaking when it comes to that; all of it is taken back, and said once."""
    published()
    first, joining, bad, last = send_messages(
        [
            saying(cast.carol, support, "The heating is off"),
            saying(cast.bob, support, "I am coming"),
            saying(cast.carol, support, body),
            saying(cast.carol, pair, "Thanks"),
        ]
    )
    assert isinstance(bad, Exception)
    assert [one.message.seq for one in sent([first, joining, last])] == [1, 3, 1]
    assert said_in(support) == [(1, "The heating is off"), (2, ""), (3, "I am coming")]
    assert said_in(pair) == [(1, "Thanks")]
    support.refresh_from_db()
    assert (support.last_seq, support.version) == (3, 5)
    staff = {one.id for one in (cast.alice, cast.marta, cast.bob)}
    assert told(published) == [
        ("created", 2, {cast.carol.id, *staff}),
        ("assigned", 3, {cast.carol.id, *staff}),
        ("created", 4, {cast.carol.id, cast.bob.id}),
        ("created", 5, {cast.carol.id, cast.bob.id}),
        ("created", 2, {cast.bob.id, cast.carol.id}),
    ]


def test_what_a_database_that_is_away_did_not_take_is_not_tried_one_by_one(
    cast: Cast, group: Conversation, published: Published
) -> None:
    published()
    statements = Outage("INSERT")
    with connection.execute_wrapper(statements), pytest.raises(OperationalError):
        send_messages([saying(cast.bob, group), saying(cast.alice, group)])
    assert statements.refused == 1
    assert (said_in(group), published()) == ([], [])


class Outage:
    """The database takes nothing that begins so."""

    def __init__(self, word: str) -> None:
        self.word, self.refused = word, 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(self.word):
            self.refused += 1
            raise OperationalError("the database system is shutting down")
        return execute(sql, params, many, context)


# --- as commands ----------------------------------------------------------------------------------------------------


def frame(conversation: Conversation, body: str, **options: Any) -> dict[str, Any]:
    return {
        "type": "message.send",
        "conversation": str(conversation.pk),
        "client_id": str(uuid4()),
        "body": body,
        **options,
    }


def test_each_frame_is_answered_in_its_place(cast: Cast, group: Conversation) -> None:
    asked = [
        (cast.bob.actor, frame(group, "One")),
        (cast.alice.actor, frame(group, "   ")),
        (cast.mallory.actor, frame(group, "Let me in")),
        (cast.alice.actor, frame(group, "Two")),
    ]
    one, blank, outsider, two = commands.send_messages(asked, False)

    first, second = Message.objects.select_related("sender").order_by("seq")
    assert one == {"message": message_payload(first), "duplicate": False}
    assert two == {"message": message_payload(second), "duplicate": False}
    assert isinstance(blank, InvalidInput)
    assert list(blank.fields) == ["body"]
    assert isinstance(outsider, NotFound)
    assert said_in(group) == [(1, "One"), (2, "Two")]


@pytest.mark.parametrize("field", ["link_url", "conversation"])
def test_an_abyss_of_brackets_is_its_senders_own(cast: Cast, group: Conversation, field: str) -> None:
    """JSON allows it, and writing it down again fails."""
    abyss = strict_json.loads("[" * 1000 + "]" * 1000)
    asked = [
        (cast.bob.actor, frame(group, "One")),
        (cast.carol.actor, {**frame(group, "Deep"), field: abyss}),
        (cast.alice.actor, frame(group, "Two")),
    ]
    one, deep, two = commands.send_messages(asked, False)
    assert isinstance(deep, InvalidInput)
    assert [type(one), type(two)] == [dict, dict]
    assert said_in(group) == [(1, "One"), (2, "Two")]
    assert share(*asked[1])


def test_whoever_was_shut_out_meanwhile_says_nothing(cast: Cast, group: Conversation) -> None:
    """Bob's token was revoked, and Alice is a viewer by now; Carol is who she was."""
    Token.objects.filter(pk=cast.bob.token_id).update(revoked_at=now())
    Member.objects.filter(pk=cast.alice.member.pk).update(role=Role.VIEWER)
    asked = [(one.actor, frame(group, "Hi")) for one in (cast.bob, cast.alice, cast.carol)]
    bobs, alices, carols = together(commands.send_messages)(asked, False)

    assert (type(bobs), type(alices)) == (NotAuthenticated, Forbidden)
    answer = {"message": message_payload(Message.objects.get()), "duplicate": False}
    assert carols == (cast.carol.actor, answer)
