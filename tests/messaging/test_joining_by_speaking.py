"""Staff join a support conversation, and who may write joins a channel, while others speak there."""

from __future__ import annotations

from unittest.mock import ANY

from common.errors import Forbidden
from messaging.actions import send_messages, start_conversation
from messaging.models import Conversation, Kind
from messaging.saying import Sent
from tests.cast import Cast
from tests.conftest import Published
from tests.messaging.test_sending_together import frames, saying, sent, told, watermarks


def test_marta_joins_a_support_conversation_in_which_carol_speaks(
    cast: Cast, support: Conversation, published: Published
) -> None:
    """It has been taken, so that only its participants hear it."""
    Conversation.objects.update(queue_open=False)
    published()
    outcomes = send_messages(
        [
            saying(cast.carol, support, "The heating is off"),
            saying(cast.marta, support, "Still?"),
            saying(cast.marta, support, "I am coming"),
            saying(cast.carol, support, "Thanks"),
        ]
    )
    assert [(one.message.seq, one.message.version) for one in sent(outcomes)] == [
        (1, 2),
        (3, 5),
        (4, 6),
        (5, 7),
    ]
    both = {cast.carol.id, cast.marta.id}
    assert told(published) == [
        ("created", 2, {cast.carol.id}),
        ("joined", 3, both),
        ("created", 4, both),
        ("created", 5, both),
        ("created", 6, both),
        ("created", 7, both),
    ]
    assert watermarks(support) == {"Carol": (5, 0), "Marta": (4, 0)}


def test_carol_joins_a_channel_in_which_bob_speaks(cast: Cast, published: Published) -> None:
    channel = start_conversation(
        cast.bob.actor, kind=Kind.CHANNEL, title="Repairs", space=cast.room.id
    ).conversation
    published()
    outcomes = send_messages(
        [
            saying(cast.bob, channel, "The plumber comes at nine"),
            saying(cast.vera, channel, "I may only look"),
            saying(cast.carol, channel, "Thanks"),
        ]
    )
    assert [type(one) for one in outcomes] == [Sent, Forbidden, Sent]
    (_, before), (joined, newcomer_too), (line, hearers), (_, after) = frames(published)
    assert before == {cast.bob.id}
    assert newcomer_too == hearers == after == {cast.bob.id, cast.carol.id}
    assert joined == {
        "type": "conversation",
        "conversation": str(channel.pk),
        "version": 3,
        "event": "joined",
        "data": {
            "participant": {
                "member": {"id": cast.carol.id, "name": "Carol", "role": "client"},
                "role": "member",
                "joined_at": ANY,
                "delivered_seq": 0,
                "read_seq": 0,
            }
        },
    }
    assert line == {
        "type": "message",
        "conversation": str(channel.pk),
        "version": 4,
        "event": "created",
        "message": {
            "id": ANY,
            "conversation": str(channel.pk),
            "seq": 2,
            "version": 4,
            "client_id": ANY,
            "kind": "system",
            "sender": {"id": cast.carol.id, "name": "Carol", "role": "client"},
            "body": "",
            "reply_to": None,
            "link_url": "",
            "attachments": [],
            "mentions": [],
            "reactions": [],
            "pinned": False,
            "system": {
                "event": "joined",
                "member": {"id": cast.carol.id, "name": "Carol", "role": "client"},
            },
            "created_at": ANY,
            "edited_at": None,
            "deleted_at": None,
        },
    }
