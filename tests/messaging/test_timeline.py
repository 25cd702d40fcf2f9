"""Reading a conversation's messages."""

from __future__ import annotations

from typing import Any

import pytest

from common.clock import now
from messaging.models import Conversation, Message, Participant
from tests.cast import Cast
from tests.conftest import ApiFactory
from tests.messaging.test_send_message import path, say


@pytest.fixture
def ten(cast: Cast, support: Conversation) -> Conversation:
    for number in range(10):
        say(cast.carol, support, f"{number + 1}")
    return support


def seqs(response: Any) -> list[int]:
    return [one["seq"] for one in response.json()["results"]]


@pytest.mark.parametrize(
    ("query", "expected", "goes_on"),
    [
        ("", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], False),
        ("?limit=3", [8, 9, 10], True),
        ("?before=8&limit=3", [5, 6, 7], True),
        ("?before=3", [1, 2], False),
        ("?after=7", [8, 9, 10], False),
        ("?since_id=7", [8, 9, 10], False),
        ("?after=2&limit=3", [3, 4, 5], True),
        ("?after=10", [], False),
        ("?around=5&limit=4", [3, 4, 5, 6], True),
        ("?around=1&limit=4", [1, 2, 3, 4], False),
    ],
)
def test_pages(
    cast: Cast, ten: Conversation, api: ApiFactory, query: str, expected: list[int], goes_on: bool
) -> None:
    response = api(cast.carol).get(path(ten) + query)
    assert seqs(response) == expected
    assert (response.json()["next"] is not None) == goes_on


@pytest.mark.parametrize(
    ("start", "order"),
    [("?limit=4", [7, 8, 9, 10, 3, 4, 5, 6, 1, 2]), ("?after=0&limit=4", list(range(1, 11)))],
)
def test_next_goes_on_the_same_way(
    cast: Cast, ten: Conversation, api: ApiFactory, start: str, order: list[int]
) -> None:
    carol = api(cast.carol)
    response = carol.get(path(ten) + start)
    seen = seqs(response)
    while response.json()["next"]:
        response = carol.get(f"{path(ten)}?limit=4&cursor={response.json()['next']}")
        seen += seqs(response)
    assert seen == order


def test_a_deleted_message_is_a_bare_tombstone(cast: Cast, ten: Conversation, api: ApiFactory) -> None:
    Message.objects.filter(conversation=ten, seq=10).update(deleted_at=now(), link_url="https://x.example")
    newest = api(cast.carol).get(path(ten)).json()["results"][-1]
    assert (newest["seq"], newest["body"], newest["link_url"]) == (10, "", "")
    assert newest["deleted_at"]


@pytest.mark.parametrize(
    ("watermarks", "status"), [((9, 9), "sent"), ((10, 9), "delivered"), ((10, 10), "read")]
)
def test_status_is_the_senders_view(
    cast: Cast, ten: Conversation, api: ApiFactory, watermarks: tuple[int, int], status: str
) -> None:
    delivered, read = watermarks
    Participant.objects.create(
        conversation=ten,
        member=cast.bob.member,
        delivered_seq=delivered,
        read_seq=read,
        shown_read_seq=read,
    )
    assert api(cast.carol).get(path(ten)).json()["results"][-1]["status"] == status


def test_the_cost_does_not_grow_with_the_page(
    cast: Cast, ten: Conversation, api: ApiFactory, django_assert_num_queries: Any
) -> None:
    # The token, the conversation, the messages, the participants.
    for limit in (1, 10):
        with django_assert_num_queries(4):
            api(cast.carol).get(f"{path(ten)}?limit={limit}")


@pytest.mark.parametrize(
    "query",
    [
        "?limit=0",
        "?limit=201",
        "?after=-1",
        "?after=x",
        "?after=1&before=3",
        "?cursor=%F0%9F",
        "?after=99999999999999999999",
    ],
)
def test_bad_queries_are_named(cast: Cast, ten: Conversation, api: ApiFactory, query: str) -> None:
    response = api(cast.carol).get(path(ten) + query)
    assert response.status_code == 400
    assert response.json()["error"]["fields"]


def test_outsiders_find_nothing(cast: Cast, ten: Conversation, api: ApiFactory) -> None:
    for outsider in (cast.dana, cast.mallory):
        assert api(outsider).get(path(ten)).status_code == 404
