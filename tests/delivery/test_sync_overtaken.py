"""What happens to a conversation while a sync answer about it is made: between the look at its counters and the look at
its messages."""

from __future__ import annotations

from typing import Any

import pytest

from messaging.actions import edit_message
from messaging.models import Conversation
from messaging.queries import with_everything
from tests.cast import Cast
from tests.delivery.test_sync import bodies, cursors_after, sync
from tests.messaging.test_send_message import say


def test_what_changes_meanwhile_leaves_no_hole(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, support: Conversation
) -> None:
    """Else a client shows the second at once, and the first above it when it hears of the change."""
    say(cast.carol, support, "Old")
    cursors = cursors_after(sync(cast.carol))
    first = say(cast.carol, support, "Frist")
    say(cast.carol, support, "Second")
    look = with_everything

    def look_and_be_overtaken(*args: Any) -> list[Conversation]:
        found = look(*args)
        edit_message(cast.carol.actor, message_id=first.id, body="First")
        say(cast.carol, support, "Third")
        return found

    monkeypatch.setattr("delivery.queries.with_everything", look_and_be_overtaken)
    assert sorted(bodies(sync(cast.carol, cursors=cursors))) == ["First", "Second"]
