"""Any emoji, one of each per member."""

from __future__ import annotations

import pytest

from messaging.actions import delete_message, react
from messaging.models import Conversation, Reaction
from tests.cast import Cast
from tests.conftest import ApiFactory, Published
from tests.messaging.said import path, say
from tests.sockets import Socket

FAMILY = "👨‍👩‍👧‍👦"


def test_bob_reacts(cast: Cast, group: Conversation, api: ApiFactory, published: Published) -> None:
    message = say(cast.carol, group, "Done")
    published()
    response = api(cast.bob).post(path(message, "reactions/"), {"emoji": "👍"})

    assert response.status_code == 200
    assert response.json()["reactions"] == [{"emoji": "👍", "members": [cast.bob.id]}]
    ((event, audience),) = published()
    frame = event.frame()
    assert (frame["event"], frame["version"], frame["message"]["version"]) == ("reacted", 3, 3)
    assert frame["message"]["reactions"] == response.json()["reactions"]
    assert frame["message"]["edited_at"] is None
    assert audience == {one.member.id for one in (cast.alice, cast.bob, cast.carol)}


def test_each_in_the_order_in_which_it_came_first(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    message = say(cast.carol, group, "Done")
    for who, emoji in (("bob", "🎉"), ("alice", "👍"), ("carol", "🎉"), ("bob", "👍")):
        api(getattr(cast, who)).post(path(message, "reactions/"), {"emoji": emoji})
    timeline = api(cast.alice).get(f"chat/conversations/{group.id}/messages/").json()["results"]
    assert timeline[0]["reactions"] == [
        {"emoji": "🎉", "members": [cast.bob.id, cast.carol.id]},
        {"emoji": "👍", "members": [cast.alice.id, cast.bob.id]},
    ]


def test_it_can_be_taken_back(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    message = say(cast.carol, group)
    api(cast.bob).post(path(message, "reactions/"), {"emoji": FAMILY})
    response = api(cast.bob).call("delete", path(message, "reactions/"), {"emoji": FAMILY})
    assert (response.status_code, response.json()["reactions"]) == (200, [])
    assert not Reaction.objects.exists()


@pytest.mark.parametrize("on", [True, False])
def test_what_is_so_already_is_no_news(
    cast: Cast, group: Conversation, published: Published, on: bool
) -> None:
    message = say(cast.carol, group)
    react(cast.bob.actor, message_id=message.id, emoji="👍", on=True)
    if not on:
        react(cast.bob.actor, message_id=message.id, emoji="👍", on=False)
    published()
    again = react(cast.bob.actor, message_id=message.id, emoji="👍", on=on)
    assert published() == []
    assert len(again.adornments.reactions if again.is_adorned else []) == on


@pytest.mark.parametrize("emoji", ["👍🏽", "❤️", "❤", "1️⃣", "🇪🇸", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", FAMILY])
def test_an_emoji_is_what_a_person_takes_for_one(
    cast: Cast, pair: Conversation, api: ApiFactory, emoji: str
) -> None:
    message = say(cast.carol, pair)
    response = api(cast.bob).post(path(message, "reactions/"), {"emoji": emoji})
    assert response.json()["reactions"] == [{"emoji": emoji, "members": [cast.bob.id]}]


@pytest.mark.parametrize("emoji", ["", "a", "👍👍", "👍!", "<b>", "+1", ":thumbsup:", "👍" * 30, None, 7])
def test_anything_else_is_not(cast: Cast, pair: Conversation, api: ApiFactory, emoji: object) -> None:
    message = say(cast.carol, pair)
    response = api(cast.bob).post(path(message, "reactions/"), {"emoji": emoji})
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, ["emoji"])


def test_at_most_so_many_different_ones(cast: Cast, pair: Conversation, api: ApiFactory) -> None:
    message = say(cast.carol, pair)
    for number in range(20):
        react(cast.bob.actor, message_id=message.id, emoji=chr(0x1F600 + number), on=True)
    response = api(cast.bob).post(path(message, "reactions/"), {"emoji": "👍"})
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, ["emoji"])
    # What is there already, others may choose as well.
    assert api(cast.carol).post(path(message, "reactions/"), {"emoji": "😀"}).status_code == 200


def test_not_to_what_is_deleted(cast: Cast, pair: Conversation, api: ApiFactory) -> None:
    message = say(cast.carol, pair)
    delete_message(cast.carol.actor, message_id=message.id)
    assert api(cast.bob).post(path(message, "reactions/"), {"emoji": "👍"}).status_code == 409


@pytest.mark.parametrize(("who", "status"), [("vera", 404), ("dana", 404), ("mallory", 404), ("marta", 403)])
def test_who_is_turned_away(cast: Cast, group: Conversation, api: ApiFactory, who: str, status: int) -> None:
    """Marta sees every conversation, and is not in this one."""
    message = say(cast.carol, group)
    response = api(getattr(cast, who)).post(path(message, "reactions/"), {"emoji": "👍"})
    assert response.status_code == status


async def test_on_the_socket(committed_cast: Cast, socket: type) -> None:
    carol: Socket = await socket(committed_cast.carol)
    bob: Socket = await socket(committed_cast.bob)
    started = await carol.push("conversation.start", kind="direct", member=committed_cast.bob.id)
    sent = await carol.push(
        "message.send",
        conversation=started["conversation"]["id"],
        client_id="0190a0a0-0000-7000-8000-000000000001",
        body="Done",
    )
    answer = await bob.push("message.react", message=sent["message"]["id"], emoji="👍", on=True)
    assert answer["message"]["reactions"] == [{"emoji": "👍", "members": [committed_cast.bob.id]}]
    assert [(await carol.hear())["event"] for _ in range(3)] == ["started", "created", "reacted"]
    answer = await bob.push("message.react", message=sent["message"]["id"], emoji="👍", on=False)
    assert answer["message"]["reactions"] == []
