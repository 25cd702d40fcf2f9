"""Snapshot + news = the next snapshot: for every action that publishes, for everybody who hears it, and who does not.

An action that publishes and has no deed in the table fails here, so that the next one cannot be forgotten.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery.queries import sync
from realtime.frames import Frame, encode
from tests.cast import Cast, Person
from tests.conftest import Published
from tests.protocol.client import Client
from tests.protocol.deeds import DEEDS, READING_IN_PRIVATE, Deed
from tests.protocol.publishers import publishing_actions, publishing_among
from tests.protocol.stories import STORIES, Stage, Story

PAGE = 200
WRITTEN = {**STORIES, "in private": READING_IN_PRIVATE}
ALL = [pytest.param(deed, id=f"{action}: {deed}") for action, deeds in DEEDS.items() for deed in deeds]


def test_every_action_that_publishes_has_its_deeds() -> None:
    assert publishing_actions() == set(DEEDS)


def test_an_action_that_publishes_through_another_is_found() -> None:
    door = "from realtime.publishing import publish\n"
    found = publishing_among(
        {
            "desk.actions": "from messaging.actions import pin\ndef close(): pin()\ndef look(): pass",
            "messaging.actions": door + "def pin(): _tell()\ndef _tell(): publish()",
        }
    )
    assert found == {"desk.actions.close", "messaging.actions.pin"}


# --- the law --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("deed", ALL)
def test_snapshot_and_news_make_the_next_snapshot(cast: Cast, published: Published, deed: Deed) -> None:
    stage = Stage(cast)
    deed.before(stage)
    published()
    before = {name: snapshot_for(person) for name, person in people(cast).items()}

    deed.act(stage)
    news = published()
    assert bool(news) == deed.is_news
    behind = set()
    for name, person in people(cast).items():
        client = Client(person.id, before[name])
        heard = frames_for(person, news)
        for frame in heard:
            client.hear(frame)
        if client.is_behind:
            behind.add(name)
            client.catch_up(answer_to(client, person))
        after = snapshot_for(person)
        assert client.shows() == Client(person.id, after).shows(), name
        if not heard:
            assert after == before[name], f"{name} was not told"
    assert behind == deed.newcomers


@pytest.mark.parametrize("name", [name for name, story in WRITTEN.items() if not story.away])
def test_every_step_of_a_story_too(cast: Cast, published: Published, name: str) -> None:
    stage, story = Stage(cast), WRITTEN[name]
    for _, act in story.before:
        act(stage)
    published()
    clients = {person.id: Client(person.id, snapshot_for(person)) for person in people(cast).values()}
    for step, act in story.steps:
        act(stage)
        news = published()
        for person in people(cast).values():
            client = clients[person.id]
            for frame in frames_for(person, news):
                client.hear(frame)
            assert not client.has_missed_something, step
            if client.is_behind:
                client.catch_up(answer_to(client, person))
            assert client.shows() == Client(person.id, snapshot_for(person)).shows(), step


def people(cast: Cast) -> dict[str, Person]:
    """Both organisations' people, but for whoever was removed."""
    found = {name: getattr(cast, name) for name in cast.__slots__}
    return {name: one for name, one in found.items() if isinstance(one, Person) and name != "greta"}


Pairs = dict[str, tuple[int, int]]


def snapshot_for(person: Person, cursors: Pairs | None = None, read: Pairs | None = None) -> Any:
    """As it comes over the wire."""
    asked, had = [{UUID(id): pair for id, pair in (pairs or {}).items()} for pairs in (cursors, read)]
    return json.loads(encode(sync(person.actor, cursors=asked, limit=PAGE, read=had)))


def answer_to(client: Client, person: Person) -> Any:
    return snapshot_for(person, client.cursors(), client.own_watermarks())


def frames_for(person: Person, news: list[Any]) -> list[Frame]:
    return [json.loads(encode(event.frame())) for event, audience in news if person.member.id in audience]


# --- whatever happens on the way ------------------------------------------------------------------------------------


@pytest.mark.parametrize("viewer", ["carol", "bob", "alice"])
@pytest.mark.parametrize("name", ["support", "group", "in private", "life", "own", "notes"])
def test_lost_doubled_and_out_of_order_ends_at_the_snapshot(
    cast: Cast, published: Published, name: str, viewer: str
) -> None:
    """Any of the frames, any number of times, in any order, with late answers to earlier syncs among them."""
    person: Person = getattr(cast, viewer)
    stage, story = Stage(cast), WRITTEN[name]
    for _, act in story.before:
        act(stage)
    published()
    start = snapshot_for(person)
    told = everything_told(stage, story, person, published)
    expected = Client(person.id, snapshot_for(person)).shows()
    # Nothing happens any more: the answer is a matter of what is asked.
    answers: dict[str, Any] = {}

    @settings(max_examples=200, deadline=None, database=None)
    @given(st.lists(st.sampled_from(told), max_size=3 * len(told)))
    def ends_at_the_snapshot(heard: list[Frame]) -> None:
        client = Client(person.id, start)
        for frame in heard:
            client.hear(frame)
        asked = repr((client.cursors(), client.own_watermarks()))
        client.catch_up(answers.get(asked) or answers.setdefault(asked, answer_to(client, person)))
        assert client.shows() == expected

    ends_at_the_snapshot()


def everything_told(stage: Stage, story: Story, person: Person, published: Published) -> list[Frame]:
    told: list[Frame] = []
    for _, act in story.steps:
        act(stage)
        told += frames_for(person, published())
        told.append({"type": "sync", **snapshot_for(person)})
    return told
