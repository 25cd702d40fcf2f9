"""How somebody wants to have a conversation: archived, muted, told of. Nobody else learns of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from common.clock import now
from delivery.queries import sync
from messaging.models import Conversation
from tests.cast import Cast
from tests.conftest import Api, ApiFactory, Published
from tests.messaging.said import say
from tests.sockets import Socket

UNCHANGED = {"archived": False, "muted_until": None, "notify": ""}
FOR_GOOD = "9999-01-01T00:00:00.000Z"
UNTIL = "2030-01-01T08:00:00.000Z"


def path(conversation: Conversation, what: str) -> str:
    return f"chat/conversations/{conversation.id}/{what}/"


@pytest.mark.parametrize(
    ("what", "wanted", "changed"),
    [
        ("archive", {"archived": True}, {"archived": True}),
        ("mute", {"muted": True}, {"muted_until": FOR_GOOD}),
        ("mute", {"muted": True, "until": UNTIL}, {"muted_until": UNTIL}),
        ("notices", {"notify": "mentions"}, {"notify": "mentions"}),
    ],
)
def test_carol_has_it_her_way(
    cast: Cast,
    group: Conversation,
    api: ApiFactory,
    published: Published,
    what: str,
    wanted: dict[str, Any],
    changed: dict[str, Any],
) -> None:
    published()
    response = api(cast.carol).patch(path(group, what), wanted)
    own = {**UNCHANGED, **changed}
    assert (response.status_code, response.json()) == (200, {"conversation": str(group.id), **own})

    (mine, me), (theirs, others) = published()
    frame: dict[str, Any] = {"type": "conversation", "conversation": str(group.id), "version": 2}
    assert mine.frame() == {**frame, "event": "own", "data": own}
    assert me == {cast.carol.member.id}
    assert theirs.frame() == {**frame, "event": "advanced", "data": {}}
    assert others == {cast.alice.member.id, cast.bob.member.id}
    assert (mine.is_followed, theirs.is_followed) == (False, True)

    for person, expected in ((cast.carol, own), (cast.bob, UNCHANGED)):
        shown = api(person).get(f"chat/conversations/{group.id}/").json()
        synced = sync(person.actor, cursors={}, limit=50)["conversations"][0]["conversation"]
        for one in (shown, synced):
            assert {name: one[name] for name in own} == expected


def test_what_is_so_already_is_no_news(
    cast: Cast, group: Conversation, api: ApiFactory, published: Published
) -> None:
    published()
    client = api(cast.carol)
    client.patch(path(group, "archive"), {"archived": False})
    client.patch(path(group, "mute"), {"muted": False})
    client.patch(path(group, "notices"), {"notify": ""})
    assert published() == []


def test_what_is_archived_is_listed_apart(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    say(cast.bob, group)
    client = api(cast.carol)
    client.patch(path(group, "archive"), {"archived": True})
    assert client.get("chat/conversations/").json()["results"] == []
    assert len(client.get("chat/conversations/?archived=true").json()["results"]) == 1
    client.patch(path(group, "archive"), {"archived": False})
    assert len(client.get("chat/conversations/").json()["results"]) == 1


def test_it_comes_back_when_something_is_said(
    cast: Cast, group: Conversation, api: ApiFactory, published: Published
) -> None:
    client = api(cast.carol)
    client.patch(path(group, "archive"), {"archived": True})
    say(cast.bob, group)
    assert not is_archived(client)
    assert client.patch(path(group, "mute"), {"muted": True}).json()["archived"] is False
    published()
    assert client.patch(path(group, "archive"), {"archived": False}).status_code == 200
    assert published() == []
    assert client.patch(path(group, "archive"), {"archived": True}).json()["archived"] is True


def test_for_a_while_mutes_no_longer_than_that(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    """Pages that are open would not hear when it ends: it comes back at once."""
    client = api(cast.carol)
    client.patch(path(group, "archive"), {"archived": True})
    client.patch(path(group, "mute"), {"muted": True, "until": UNTIL})
    say(cast.bob, group)
    assert not is_archived(client)


def test_what_nobody_has_spoken_in_is_archived_though_a_hosts_clock_is_ahead(
    cast: Cast, group: Conversation, api: ApiFactory
) -> None:
    Conversation.objects.filter(pk=group.pk).update(active_at=now() + timedelta(minutes=5))
    assert api(cast.carol).patch(path(group, "archive"), {"archived": True}).json()["archived"] is True


def test_what_is_muted_for_good_stays_away(cast: Cast, group: Conversation, api: ApiFactory) -> None:
    client = api(cast.carol)
    client.patch(path(group, "archive"), {"archived": True})
    client.patch(path(group, "mute"), {"muted": True})
    say(cast.bob, group)
    assert is_archived(client)
    assert client.patch(path(group, "mute"), {"muted": False}).json()["archived"] is False
    assert not is_archived(client)


def is_archived(client: Api) -> bool:
    """Whether it is listed apart; what is listed says the same of itself."""
    apart, listed = (
        client.get(f"chat/conversations/?archived={it}").json()["results"] for it in ("true", "false")
    )
    assert [one["archived"] for one in (*apart, *listed)] == [bool(apart)]
    return bool(apart)


@pytest.mark.parametrize(
    ("what", "wanted", "field"),
    [
        ("archive", {}, "archived"),
        ("archive", {"archived": "perhaps"}, "archived"),
        ("mute", {"until": UNTIL}, "muted"),
        ("mute", {"muted": True, "until": "tomorrow"}, "until"),
        ("mute", {"muted": True, "until": "2020-01-01T08:00:00Z"}, "until"),
        ("notices", {"notify": "sometimes"}, "notify"),
    ],
)
def test_what_is_wrong_is_named(
    cast: Cast, group: Conversation, api: ApiFactory, what: str, wanted: dict[str, Any], field: str
) -> None:
    response = api(cast.carol).patch(path(group, what), wanted)
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, [field])


@pytest.mark.parametrize(("who", "status"), [("marta", 403), ("vera", 404), ("mallory", 404)])
def test_only_for_those_who_take_part(
    cast: Cast, group: Conversation, api: ApiFactory, who: str, status: int
) -> None:
    client = api(getattr(cast, who))
    for what, wanted in (("archive", {"archived": True}), ("mute", {"muted": True}), ("notices", {})):
        assert client.patch(path(group, what), wanted).status_code in (status, 400 if not wanted else status)


async def test_on_the_socket(committed_cast: Cast, socket: type) -> None:
    carol: Socket = await socket(committed_cast.carol)
    phone: Socket = await socket(committed_cast.carol)
    bob: Socket = await socket(committed_cast.bob)
    started = await carol.push("conversation.start", kind="direct", member=committed_cast.bob.id)
    id = started["conversation"]["id"]
    for who in (phone, bob):
        assert (await who.hear())["event"] == "started"
    for command, wanted, own in (
        ("conversation.archive", {"archived": True}, {"archived": True}),
        ("conversation.mute", {"muted": True}, {"muted_until": FOR_GOOD}),
        ("conversation.notices", {"notify": "nothing"}, {"notify": "nothing"}),
    ):
        answer = await carol.push(command, conversation=id, **wanted)
        assert own.items() <= answer.items()
        assert own.items() <= (await phone.hear())["data"].items()
        assert (await bob.hear())["event"] == "advanced"
