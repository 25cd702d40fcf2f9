"""Watermarks: forward only, heard by the audience, exact for the sender."""

from __future__ import annotations

import pytest

from delivery.actions import move_receipt
from messaging.models import Conversation, Participant
from tests.cast import Cast
from tests.conftest import ApiFactory, Published
from tests.messaging.test_send_message import say


@pytest.fixture
def talk(cast: Cast, support: Conversation) -> Conversation:
    """Carol said three things, Bob came and answered one."""
    for body in ("One", "Two", "Three"):
        say(cast.carol, support, body)
    say(cast.bob, support, "Four")
    return support


def watermarks(conversation: Conversation, name: str) -> tuple[int, int]:
    own = Participant.objects.get(conversation=conversation, member__name=name)
    return own.delivered_seq, own.read_seq


def test_reading_is_told_to_whoever_takes_part(
    cast: Cast, talk: Conversation, api: ApiFactory, published: Published
) -> None:
    published()
    response = api(cast.carol).post(f"chat/conversations/{talk.id}/mark_read/", {"seq": 4})

    assert response.status_code == 200
    assert response.json() == {
        "conversation": str(talk.id),
        "receipt_version": 1,
        "delivered_seq": 4,
        "read_seq": 4,
    }
    ((event, audience),) = published()
    assert event.frame() == {
        "type": "receipt",
        "conversation": str(talk.id),
        "receipt_version": 1,
        "watermarks": [[cast.carol.id, 4, 4]],
    }
    assert audience == {cast.carol.member.id, cast.bob.member.id}


def test_delivering_is_not_reading(cast: Cast, talk: Conversation, api: ApiFactory) -> None:
    api(cast.carol).post(f"chat/conversations/{talk.id}/mark_delivered/", {"seq": 4})
    assert watermarks(talk, "Carol") == (4, 0)


@pytest.mark.parametrize(
    ("moves", "result", "versions"),
    [
        ([(4, 2), (4, 1)], (4, 2), 1),
        ([(4, 0), (3, 3)], (4, 3), 2),
        ([(0, 4), (4, 4)], (4, 4), 1),
        ([(99, 99)], (5, 5), 1),
        ([(0, 0)], (3, 0), 0),
    ],
)
def test_forward_only_and_never_past_the_last(
    cast: Cast, talk: Conversation, moves: list[tuple[int, int]], result: tuple[int, int], versions: int
) -> None:
    for delivered, read in moves:
        move_receipt(cast.carol.actor, conversation_id=talk.id, delivered=delivered, read=read)

    talk.refresh_from_db()
    assert watermarks(talk, "Carol") == result
    assert talk.receipt_version == versions


def test_whoever_only_looks_has_nothing_to_move(
    cast: Cast, talk: Conversation, api: ApiFactory, published: Published
) -> None:
    published()
    response = api(cast.marta).post(f"chat/conversations/{talk.id}/mark_read/", {"seq": 4})
    assert (response.status_code, response.json()["read_seq"]) == (200, 0)
    assert published() == []


@pytest.mark.parametrize("seq", [-1, "x", None, 2**63])
def test_bad_input_is_named(cast: Cast, talk: Conversation, api: ApiFactory, seq: object) -> None:
    response = api(cast.carol).post(f"chat/conversations/{talk.id}/mark_read/", {"seq": seq})
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, ["seq"])


def test_outsiders_find_nothing(cast: Cast, talk: Conversation, api: ApiFactory) -> None:
    for outsider in (cast.dana, cast.mallory):
        response = api(outsider).post(f"chat/conversations/{talk.id}/mark_read/", {"seq": "whatever"})
        assert response.status_code == 404
