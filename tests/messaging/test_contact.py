"""Where a client writes from: told by the widget, read by the staff, and by nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import F

from accounts.actions import make_token
from accounts.models import Contact, TokenKind
from accounts.permissions import Scope
from common.clock import iso, now
from messaging.models import Conversation, Kind, Status
from tests.cast import Cast
from tests.clients import Client
from tests.conftest import ApiFactory
from tests.messaging.test_send_message import say

MINE = "me/contact/"


def contact_of(conversation: Conversation) -> str:
    return f"chat/conversations/{conversation.pk}/contact/"


def test_bob_reads_where_carol_writes_from(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    attributes = {"Plan": "gold", "nights": 3, "is_member": True, "rate": 1.5, "note": "<b>x</b>"}
    told = {
        "page": "https://me:pw@hotel.example:8443/rooms/?token=1#2",
        "locale": "pt-BR",
        "attributes": attributes,
    }
    response = api(cast.carol, **{"User-Agent": "Mozilla/5.0\u0007 (X11)"}).patch(MINE, told)
    shown = {"page": "https://hotel.example:8443/rooms/", "locale": "pt-BR", "attributes": attributes}
    assert (response.status_code, response.json()) == (200, shown)

    contact = Contact.objects.get(member=cast.carol.member)
    assert api(cast.bob).get(contact_of(support)).json() == {
        "member": {"id": cast.carol.id, "name": "Carol", "role": "client"},
        **shown,
        "agent": "Mozilla/5.0 (X11)",
        "first_seen_at": iso(cast.carol.member.created_at),
        "last_seen_at": iso(contact.seen_at),
        "conversation_attributes": {},
        "conversations": [],
    }


def test_a_token_that_only_reads_tells_nothing(cast: Cast, support: Conversation) -> None:
    reader = make_token(cast.carol.member, kind=TokenKind.API, scopes=frozenset({Scope.READ})).secret
    client = Client(headers={"Authorization": f"Bearer {reader}"})
    told = client.patch(f"/api/v1/{MINE}", {"locale": "es"}, content_type="application/json")
    transcript = f"/api/v1/chat/conversations/{support.pk}/transcript/"
    asked = client.post(transcript, content_type="application/json")
    assert (told.status_code, asked.status_code) == (403, 403)
    assert not Contact.objects.exists()


def test_what_is_not_said_stays(cast: Cast, support: Conversation, api: ApiFactory) -> None:
    api(cast.carol).patch(MINE, {"page": "https://hotel.example/", "attributes": {"plan": "gold"}})
    api(cast.carol).patch(MINE, {"locale": "es"})
    shown = api(cast.carol).patch(MINE, {"attributes": {"nights": 2}}).json()
    assert shown == {"page": "https://hotel.example/", "locale": "es", "attributes": {"nights": 2}}


def test_of_whom_nothing_was_told_it_says_since_when(
    cast: Cast, support: Conversation, api: ApiFactory
) -> None:
    told = api(cast.bob).get(contact_of(support)).json()
    assert (told["page"], told["locale"], told["agent"], told["attributes"]) == ("", "", "", {})
    assert told["first_seen_at"] == told["last_seen_at"] == iso(cast.carol.member.created_at)


def test_earlier_conversations_newest_first_at_one_cost(
    cast: Cast, support: Conversation, api: ApiFactory, django_assert_num_queries: Any
) -> None:
    for title in ("first", "second"):
        say(cast.carol, support)
        Conversation.objects.create(
            organisation_id=support.organisation_id,
            kind=Kind.SUPPORT,
            client=cast.carol.member,
            created_by=cast.carol.member,
            status=Status.CLOSED,
            closed_at=now(),
            title=title,
            queue_open=True,
        )
    Conversation.objects.filter(title="first").update(active_at=F("created_at"))
    with django_assert_num_queries(COST):
        told = api(cast.bob).get(contact_of(support)).json()
    assert [(one["title"], one["status"]) for one in told["conversations"]] == [
        ("second", "closed"),
        ("first", "closed"),
    ]


COST = 4  # the session's actor, the conversation, the contact, what was before


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"page": "javascript:alert(1)"}, "page"),
        ({"page": "https://[half"}, "page"),
        ({"page": "x" * 2001}, "page"),
        ({"locale": "<b>"}, "locale"),
        ({"attributes": []}, "attributes"),
        ({"attributes": {str(number): 1 for number in range(31)}}, "attributes"),
        ({"attributes": {"": 1}}, "attributes"),
        ({"attributes": {"k" * 41: 1}}, "attributes"),
        ({"attributes": {"deep": {"er": 1}}}, "attributes"),
        ({"attributes": {"list": [1]}}, "attributes"),
        ({"attributes": {"nothing": None}}, "attributes"),
        ({"attributes": {"long": "x" * 501}}, "attributes"),
        ({"attributes": {"nul": "a\x00b"}}, "attributes"),
        ({"attributes": {"much": 2**60}}, "attributes"),
    ],
)
def test_what_is_no_contact_is_refused_by_its_field(
    cast: Cast, api: ApiFactory, told: dict[str, Any], field: str
) -> None:
    response = api(cast.carol).patch(MINE, told)
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, [field])
    assert not Contact.objects.exists()


def test_a_long_page_is_cut(cast: Cast, api: ApiFactory) -> None:
    page = api(cast.carol).patch(MINE, {"page": f"https://hotel.example/{'a' * 900}"}).json()["page"]
    assert len(page) == 500


def test_who_is_turned_away(cast: Cast, support: Conversation, pair: Conversation, api: ApiFactory) -> None:
    api(cast.carol).patch(MINE, {"attributes": {"plan": "gold"}})
    for outsider in (cast.mallory, cast.dana, cast.vera):
        assert api(outsider).get(contact_of(support)).status_code == 404
    assert api(cast.carol).get(contact_of(support)).status_code == 403
    assert api(cast.bob).get(contact_of(pair)).status_code == 404
    assert api(cast.bob).patch(MINE, {"locale": "es"}).status_code == 403
