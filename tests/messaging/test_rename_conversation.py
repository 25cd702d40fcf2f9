"""Giving a conversation another title."""

from __future__ import annotations

import pytest

from accounts.models import AuditEntry
from messaging.actions import start_conversation
from messaging.models import Conversation, Kind
from tests.cast import Cast
from tests.conftest import ApiFactory, Published


@pytest.fixture
def channel(cast: Cast) -> Conversation:
    return start_conversation(
        cast.bob.actor, kind=Kind.CHANNEL, title="Repairs", space=cast.room.id
    ).conversation


def path(conversation: Conversation) -> str:
    return f"chat/conversations/{conversation.id}/"


def test_bob_renames_a_channel(
    cast: Cast, channel: Conversation, api: ApiFactory, published: Published
) -> None:
    published()
    response = api(cast.bob).patch(path(channel), {"title": "Works"})

    assert (response.status_code, response.json()["title"]) == (200, "Works")
    (event, audience), (line, hearers) = published()
    assert event.frame() == {
        "type": "conversation",
        "conversation": str(channel.id),
        "version": 2,
        "event": "renamed",
        "data": {"title": "Works"},
    }
    assert audience == hearers == {cast.bob.member.id}
    assert (line.frame()["event"], line.frame()["version"]) == ("created", 3)
    assert line.frame()["message"]["system"] == {"event": "renamed", "title": "Works"}
    entry = AuditEntry.objects.get(verb="channel.renamed")
    assert entry.data == {"former": "Repairs", "title": "Works"}


def test_the_same_title_changes_nothing(
    cast: Cast, channel: Conversation, api: ApiFactory, published: Published
) -> None:
    published()
    assert api(cast.bob).patch(path(channel), {"title": "Repairs"}).status_code == 200
    assert published() == []


def test_a_title_that_is_taken_is_refused(cast: Cast, channel: Conversation, api: ApiFactory) -> None:
    other = start_conversation(cast.bob.actor, kind=Kind.CHANNEL, title="Works", space=cast.room.id)
    response = api(cast.bob).patch(path(other.conversation), {"title": "repairs"})
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, ["title"])


def test_a_participant_renames_a_group(cast: Cast, api: ApiFactory) -> None:
    group = start_conversation(cast.bob.actor, kind=Kind.GROUP, members=[cast.carol.member.id])
    assert api(cast.carol).patch(path(group.conversation), {"title": "Us"}).json()["title"] == "Us"


def test_a_direct_conversation_has_no_title(cast: Cast, api: ApiFactory) -> None:
    direct = start_conversation(cast.bob.actor, kind=Kind.DIRECT, member=cast.carol.member.id)
    assert api(cast.bob).patch(path(direct.conversation), {"title": "X"}).status_code == 400


def test_who_is_turned_away(cast: Cast, channel: Conversation, api: ApiFactory) -> None:
    assert api(cast.carol).patch(path(channel), {"title": "Mine"}).status_code == 403
    assert api(cast.dana).patch(path(channel), {"title": "Mine"}).status_code == 404
    assert api(cast.mallory).patch(path(channel), {"title": "Mine"}).status_code == 404
    assert api(cast.mallory).patch(path(channel), "not even an object").status_code == 404
