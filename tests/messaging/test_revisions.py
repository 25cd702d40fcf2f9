"""Who may see what a message said before, and that each look leaves a trace."""

from __future__ import annotations

from unittest.mock import ANY

import pytest

from accounts.models import AuditEntry
from messaging.actions import delete_message, edit_message, erase_message
from messaging.models import Conversation, Message
from tests.cast import Cast
from tests.conftest import ApiFactory
from tests.messaging.said import path, say


@pytest.fixture
def rewritten(cast: Cast, group: Conversation) -> Message:
    """Carol's, edited once and deleted."""
    message = say(cast.carol, group, "You are thieves")
    edit_message(cast.carol.actor, message_id=message.id, body="You are expensive")
    return delete_message(cast.carol.actor, message_id=message.id)


@pytest.mark.parametrize("who", ["alice", "marta"])
def test_managers_see_every_text(cast: Cast, rewritten: Message, api: ApiFactory, who: str) -> None:
    person = getattr(cast, who)
    response = api(person).get(path(rewritten, "revisions/"))
    assert response.status_code == 200
    assert response.json() == {
        "results": [
            {"body": "You are thieves", "written_at": ANY, "replaced_at": ANY},
            {"body": "You are expensive", "written_at": ANY, "replaced_at": None},
        ],
        "next": None,
    }
    first, last = response.json()["results"]
    assert first["replaced_at"] == last["written_at"]
    entry = AuditEntry.objects.get(verb="message.revisions_read")
    assert (entry.actor, entry.object_id) == (person.member, str(rewritten.id))


@pytest.mark.parametrize("who", ["carol", "bob"])
def test_others_in_it_do_not(cast: Cast, rewritten: Message, api: ApiFactory, who: str) -> None:
    response = api(getattr(cast, who)).get(path(rewritten, "revisions/"))
    assert (response.status_code, response.json()["error"]["code"]) == (403, "forbidden")
    assert not AuditEntry.objects.filter(verb="message.revisions_read").exists()


@pytest.mark.parametrize("who", ["vera", "dana", "mallory"])
def test_outsiders_learn_nothing(cast: Cast, rewritten: Message, api: ApiFactory, who: str) -> None:
    assert api(getattr(cast, who)).get(path(rewritten, "revisions/")).status_code == 404


def test_of_what_is_erased_nothing_is_left(cast: Cast, rewritten: Message, api: ApiFactory) -> None:
    erase_message(cast.alice.actor, message_id=rewritten.id)
    texts = api(cast.alice).get(path(rewritten, "revisions/")).json()["results"]
    assert [one["body"] for one in texts] == [""]
