"""A change that was made, and whose answer was lost, is said again: that is no conflict, and tells nobody anything."""

from __future__ import annotations

import pytest

from common.errors import Conflict
from messaging.actions import delete_message, edit_message, react
from messaging.models import Conversation, Message, MessageRevision
from tests.cast import Cast
from tests.messaging.test_send_message import say


def test_an_edit_said_again_is_what_it_was(cast: Cast, support: Conversation) -> None:
    said = say(cast.carol, support, "Frist")
    edited = edit(cast, said, "First", base=said.version)
    again = edit(cast, said, "First", base=said.version)

    assert (again.body, again.version) == ("First", edited.version)
    assert MessageRevision.objects.count() == 1


def test_it_is_a_conflict_when_another_text_came_between(cast: Cast, support: Conversation) -> None:
    said = say(cast.carol, support, "Frist")
    edit(cast, said, "First", base=said.version)
    edit(cast, said, "At first", base=None)

    with pytest.raises(Conflict) as conflict:
        edit(cast, said, "First", base=said.version)
    assert conflict.value.current is not None
    assert conflict.value.current["body"] == "At first"


def test_a_deletion_and_a_reaction_said_again_are_what_they_were(cast: Cast, support: Conversation) -> None:
    said, other = say(cast.carol, support), say(cast.carol, support)
    for _ in range(2):
        delete_message(cast.carol.actor, message_id=said.id)
        react(cast.carol.actor, message_id=other.id, emoji="👍", on=True)
    support.refresh_from_db()
    assert support.version == other.version + 2


def edit(cast: Cast, said: Message, body: str, *, base: int | None) -> Message:
    return edit_message(cast.carol.actor, message_id=said.id, body=body, base_version=base)
