"""What a host's page says of the present conversation: told by the widget, read by the staff, and by nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actions import make_token
from accounts.models import TokenKind
from accounts.permissions import Scope
from delivery.queries import sync
from messaging.models import Conversation
from tests.cast import Cast, Person
from tests.clients import Client
from tests.conftest import ApiFactory, Published

SAID = {"order": "A-17", "total": 120.5, "items": 3, "urgent": True, "note": "<b>x</b>"}


def path(conversation: Conversation) -> str:
    return f"chat/conversations/{conversation.pk}/attributes/"


def read_by(person: Person, conversation: Conversation, api: ApiFactory) -> Any:
    answer = api(person).get(f"chat/conversations/{conversation.pk}/contact/")
    assert answer.status_code == 200
    return answer.json()["conversation_attributes"]


def test_bob_reads_what_is_said_of_carols_order(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    assert read_by(cast.bob, support, api) == {}
    answer = api(cast.carol).put(path(support), {"attributes": SAID})
    assert (answer.status_code, answer.json()) == (200, {"attributes": SAID})
    assert read_by(cast.bob, support, api) == SAID


def test_what_was_said_before_is_forgotten(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    for said in (SAID, {"order": "A-18"}, {}):
        assert api(cast.carol).put(path(support), {"attributes": said}).status_code == 200
        assert read_by(cast.bob, support, api) == said


def test_all_hear_that_there_is_news_and_only_the_staff_are_told_what(
    cast: Cast, support: Conversation, api: ApiFactory, published: Published
) -> None:
    published()
    api(cast.carol).put(path(support), {"attributes": SAID})
    ((event, to),) = published()
    support.refresh_from_db()
    frame = {"type": "conversation", "conversation": str(support.pk), "version": support.version}
    assert event.frame() == {**frame, "event": "advanced", "data": {}}
    assert {cast.carol.member.id, cast.bob.member.id} <= to
    for person in (cast.carol, cast.bob):
        shown = api(person).get(f"chat/conversations/{support.pk}/").json()
        synced = sync(person.actor, cursors={}, limit=50)["conversations"]
        assert shown["version"] == support.version
        assert "A-17" not in f"{shown} {synced}"


def test_what_is_so_already_is_no_news(
    cast: Cast, support: Conversation, api: ApiFactory, published: Published
) -> None:
    api(cast.carol).put(path(support), {"attributes": {"n": 1, "m": 2}})
    published()
    assert api(cast.carol).put(path(support), {"attributes": {"m": 2, "n": 1}}).status_code == 200
    assert published() == []
    # Python takes the one for the other.
    api(cast.carol).put(path(support), {"attributes": {"n": True, "m": 2}})
    assert len(published()) == 1
    assert read_by(cast.bob, support, api) == {"n": True, "m": 2}


def test_the_staff_say_it_of_what_they_see(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    for person in (cast.bob, cast.marta):
        said = {"order": f"by {person.member.name}"}
        assert api(person).put(path(support), {"attributes": said}).status_code == 200
        assert read_by(cast.bob, support, api) == said


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"attributes": []},
        {"attributes": None},
        {"attributes": {str(number): 1 for number in range(31)}},
        {"attributes": {"k" * 41: 1}},
        {"attributes": {"deep": {"er": 1}}},
        {"attributes": {"long": "x" * 501}},
        {"attributes": {"nul": "a\x00b"}},
        {"attributes": {"much": 2**60}},
    ],
)
def test_what_is_none_is_refused(
    cast: Cast, support: Conversation, api: ApiFactory, said: dict[str, Any]
) -> None:
    answer = api(cast.carol).put(path(support), said)
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["attributes"])
    assert read_by(cast.bob, support, api) == {}


def test_who_is_turned_away(cast: Cast, support: Conversation, pair: Conversation, api: ApiFactory) -> None:
    for outsider in (cast.mallory, cast.dana, cast.vera):
        assert api(outsider).put(path(support), {"attributes": SAID}).status_code == 404
    assert api(cast.bob).put(path(pair), {"attributes": SAID}).status_code == 404
    reader = make_token(cast.carol.member, kind=TokenKind.API, scopes=frozenset({Scope.READ})).secret
    client = Client(headers={"Authorization": f"Bearer {reader}"})
    told = client.put(f"/api/v1/{path(support)}", {"attributes": SAID}, content_type="application/json")
    assert told.status_code == 403
    assert read_by(cast.bob, support, api) == {}
