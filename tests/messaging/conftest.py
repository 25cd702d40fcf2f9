"""Two conversations in which nobody has spoken yet."""

from __future__ import annotations

import pytest

from messaging.actions import start_conversation
from messaging.models import Conversation, Kind
from tests.cast import Cast


@pytest.fixture
def group(cast: Cast) -> Conversation:
    """Bob's, with Carol and Alice."""
    members = [cast.carol.member.id, cast.alice.member.id]
    return start_conversation(cast.bob.actor, kind=Kind.GROUP, members=members).conversation


@pytest.fixture
def pair(cast: Cast) -> Conversation:
    """Bob and Carol."""
    return start_conversation(cast.bob.actor, kind=Kind.DIRECT, member=cast.carol.member.id).conversation
