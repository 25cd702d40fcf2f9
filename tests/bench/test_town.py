"""The town that is measured in: as large as it says, with a large tenant, a large group and a long tail."""

from __future__ import annotations

import pytest

from accounts.models import Member, Organisation, Role
from bench.dataset import Rows, fill
from bench.town import Size, Town
from messaging.models import Conversation, Kind, Message, Participant

SIZE = Size().scaled(0.03)


@pytest.fixture(scope="module")
def town() -> Town:
    return Town(SIZE, seed=1)


def test_it_is_as_large_as_it_says(town: Town) -> None:
    assert (len(town.tenants), len(town.talks), len(town.said)) == (3, 300, 30_000)
    assert {talk.kind for talk in town.talks} == set(Kind)
    assert {person.role for person in town.tenants[0].people} == set(Role) - {Role.BOT}
    assert all(talk.length >= 1 for talk in town.talks)


def test_one_group_is_the_largest_and_says_most(town: Town) -> None:
    largest = max(town.talks, key=lambda talk: talk.length)
    assert (largest.kind, largest.length, len(largest.people)) == ("group", 1_500, 30)
    assert largest in town.tenants[0].talks


def test_the_same_seed_makes_the_same_town(town: Town) -> None:
    def first_messages(town: Town) -> list[object]:
        return [row for _, row in zip(range(50), Rows(town).messages(), strict=False)]

    same, other = Town(SIZE, seed=1), Town(SIZE, seed=2)
    assert first_messages(same) == first_messages(Town(SIZE, seed=1))
    assert first_messages(same) != first_messages(other)


@pytest.mark.django_db
def test_it_is_written_as_the_models_would() -> None:
    fill(SIZE)
    assert (Organisation.objects.count(), Conversation.objects.count()) == (3, 300)
    assert Message.objects.count() == 30_000
    newest = Conversation.objects.latest("active_at")
    assert newest.last_message == newest.messages.latest("seq")
    assert newest.last_message.seq == newest.last_seq == newest.version - 1
    for row in (Member.objects.first(), Participant.objects.first(), newest.last_message):
        assert row is not None
        row.full_clean()
