"""The list of conversations: whose, in which order, at what cost."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db.models import F

from common.api import pack_cursor
from common.clock import now
from messaging.access import (
    audience_of,
    conversations_heard_by,
    conversations_visible_to,
    ways_to_hear,
    ways_to_see,
)
from messaging.actions import rename_conversation, start_conversation
from messaging.models import Conversation, Kind, Message, Participant
from messaging.queries import NEWEST_COUNTED, newest_of
from tests.cast import Cast
from tests.conftest import ApiFactory
from tests.messaging.test_send_message import say

LIST = "chat/conversations/"


def titles(response: Any) -> list[str]:
    return [one["title"] for one in response.json()["results"]]


@pytest.fixture
def every_kind(cast: Cast) -> dict[str, Conversation]:
    start = start_conversation
    return {
        "support": start(cast.carol.actor, kind=Kind.SUPPORT, title="support").conversation,
        "direct": start(cast.bob.actor, kind=Kind.DIRECT, member=cast.alice.member.id).conversation,
        "group": start(
            cast.bob.actor, kind=Kind.GROUP, title="group", members=[cast.carol.member.id]
        ).conversation,
        "room": start(cast.bob.actor, kind=Kind.CHANNEL, title="room", space=cast.room.id).conversation,
        "other": start(
            cast.bob.actor, kind=Kind.CHANNEL, title="other", space=cast.other_room.id
        ).conversation,
        "everywhere": start(cast.alice.actor, kind=Kind.CHANNEL, title="everywhere").conversation,
    }


@pytest.mark.parametrize(
    ("who", "sees", "hears"),
    [
        (
            "alice",
            {"support", "direct", "group", "room", "other", "everywhere"},
            {"support", "direct", "everywhere"},
        ),
        ("marta", {"support", "direct", "group", "room", "other", "everywhere"}, {"support"}),
        (
            "bob",
            {"support", "direct", "group", "room", "other", "everywhere"},
            {"support", "direct", "group", "room", "other"},
        ),
        ("carol", {"support", "group", "room"}, {"support", "group"}),
        ("vera", {"room"}, set()),
        ("dana", set(), set()),
        ("robo", set(), set()),
        ("mallory", set(), set()),
    ],
)
def test_who_sees_and_hears_what(
    cast: Cast, every_kind: dict[str, Conversation], who: str, sees: set[str], hears: set[str]
) -> None:
    actor = getattr(cast, who).actor
    assert set(conversations_visible_to(actor)) == {every_kind[name] for name in sees}
    assert set(conversations_heard_by(actor)) == {every_kind[name] for name in hears}
    assert set(newest_of(ways_to_see(actor), 10)) == {every_kind[name] for name in sees}
    assert set(newest_of(ways_to_hear(actor), 10)) == {every_kind[name] for name in hears}


def test_hearing_and_the_audience_agree(cast: Cast, every_kind: dict[str, Conversation]) -> None:
    """The same rule, told from both sides."""
    people = (cast.alice, cast.marta, cast.bob, cast.carol, cast.vera, cast.dana, cast.robo, cast.mallory)
    for conversation in every_kind.values():
        hearers = {one.member.id for one in people if conversation in conversations_heard_by(one.actor)}
        assert audience_of(conversation) == hearers


def test_newest_activity_first(cast: Cast, every_kind: dict[str, Conversation], api: ApiFactory) -> None:
    say(cast.carol, every_kind["support"])
    assert titles(api(cast.carol).get(LIST)) == ["support", "room", "group"]


def test_each_comes_with_its_last_message_and_what_is_unread(
    cast: Cast, every_kind: dict[str, Conversation], api: ApiFactory
) -> None:
    for _ in range(3):
        say(cast.bob, every_kind["group"])
    say(cast.carol, every_kind["group"])
    Participant.objects.filter(conversation=every_kind["group"], member=cast.carol.member).update(
        delivered_seq=1, read_seq=1
    )
    Message.objects.filter(conversation=every_kind["group"], seq=2).update(deleted_at=now())

    newest = api(cast.carol).get(LIST).json()["results"][0]
    assert (newest["title"], newest["seq"], newest["unread_count"]) == ("group", 4, 1)
    assert newest["last_message"]["seq"] == 4


def test_what_the_system_says_is_not_unread(
    cast: Cast, every_kind: dict[str, Conversation], api: ApiFactory
) -> None:
    """Bob comes and says one thing; Carol has one to read, and sees the last of both."""
    say(cast.bob, every_kind["support"])
    rename_conversation(cast.bob.actor, conversation_id=every_kind["support"].pk, title="heating")
    newest = api(cast.carol).get(LIST).json()["results"][0]
    assert (newest["title"], newest["seq"], newest["unread_count"]) == ("heating", 3, 1)
    assert newest["last_message"]["system"] == {"event": "renamed", "title": "heating"}


def test_what_is_unread_is_counted_among_the_newest(
    cast: Cast, every_kind: dict[str, Conversation], api: ApiFactory
) -> None:
    for _ in range(3):
        say(cast.bob, every_kind["group"])
    # As if so much had been said between them that the first of the three is no longer among the newest.
    group = Conversation.objects.filter(pk=every_kind["group"].pk)
    group.update(last_seq=F("last_seq") - 2 + NEWEST_COUNTED)
    assert api(cast.carol).get(LIST).json()["results"][0]["unread_count"] == 2


def test_what_mentions_one_is_counted_until_it_is_read(
    cast: Cast, every_kind: dict[str, Conversation], api: ApiFactory
) -> None:
    """Not what mentions another, what is deleted, or what one said oneself."""
    group = every_kind["group"]
    for body in ("@Carol look", "@Carol and again", "nothing", "@Bob", "@Carol gone"):
        say(cast.bob, group, body=body)
    say(cast.carol, group, body="I am @Carol")
    Message.objects.filter(conversation=group, seq=5).update(deleted_at=now())

    def counts() -> tuple[int, int]:
        newest = api(cast.carol).get(LIST).json()["results"][0]
        return newest["unread_count"], newest["unread_mentions"]

    Participant.objects.filter(conversation=group, member=cast.carol.member).update(read_seq=0)
    assert counts() == (4, 2)
    Participant.objects.filter(conversation=group, member=cast.carol.member).update(read_seq=1)
    assert counts() == (3, 1)
    Participant.objects.filter(conversation=group, member=cast.carol.member).update(read_seq=4)
    assert counts() == (0, 0)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?kind=support", ["support"]),
        ("?kind=channel", ["everywhere", "other", "room"]),
        ("?q=ROOM", ["room"]),
        ("?q=carol", ["group", "support"]),
        ("?space={room}", ["room"]),
        ("?archived=true", []),
    ],
)
def test_filters(
    cast: Cast, every_kind: dict[str, Conversation], api: ApiFactory, query: str, found: list[str]
) -> None:
    assert titles(api(cast.alice).get(LIST + query.format(room=cast.room.id))) == found


def test_pages_meet_without_gap_or_overlap(
    cast: Cast, every_kind: dict[str, Conversation], api: ApiFactory
) -> None:
    seen: list[str] = []
    cursor = ""
    while True:
        page = api(cast.alice).get(f"{LIST}?limit=2&cursor={cursor}").json()
        seen += [one["id"] for one in page["results"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 6


@pytest.mark.parametrize(
    "query",
    [
        "?cursor=nonsense",
        "?cursor=WzFd",
        f"?cursor={pack_cursor('0001-01-01T00:00:00+14:00', UUID(int=1))}",
        f"?cursor={pack_cursor(None, None)}",
        f"?cursor={pack_cursor([], {})}",
        "?limit=0",
        "?limit=101",
        "?kind=party",
        "?space=x",
    ],
)
def test_bad_queries_are_named(cast: Cast, api: ApiFactory, query: str) -> None:
    response = api(cast.alice).get(LIST + query)
    assert response.status_code == 400
    assert response.json()["error"]["fields"]


def test_the_cost_does_not_grow_with_the_list(
    cast: Cast, api: ApiFactory, django_assert_num_queries: Any
) -> None:
    def start_groups(count: int) -> None:
        for number in range(count):
            group = start_conversation(
                cast.bob.actor, kind=Kind.GROUP, title=str(number), members=[cast.carol.member.id]
            )
            say(cast.carol, group.conversation)

    bob = api(cast.bob)
    start_groups(2)
    # The token; which are on the page; those, their last messages, their participants, how one wants them.
    with django_assert_num_queries(6):
        bob.get(LIST)
    start_groups(10)
    with django_assert_num_queries(6):
        assert len(bob.get(LIST).json()["results"]) == 12


def test_one_conversation(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    response = api(cast.carol).get(f"{LIST}{support.id}/")
    assert (response.status_code, response.json()["id"]) == (200, str(support.id))


def test_another_organisations_is_not_found(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    for outsider in (cast.mallory, cast.dana):
        assert api(outsider).get(f"{LIST}{support.id}/").status_code == 404
