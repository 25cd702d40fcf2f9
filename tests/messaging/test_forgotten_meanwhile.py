"""A host forgets a task while somebody mentions it: what is said is said, and the task is gone."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

import pytest
from django.db import connection, transaction

from messaging.actions import Telling, forget_entity, tell_entities
from messaging.models import Entity, Mention
from tests.cast import Cast
from tests.messaging.test_held_conversations import apart, somebody_waits_for_us
from tests.messaging.test_send_message import say
from tests.messaging.test_sending_together import group_of, said_in

pytestmark = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")

Do = Callable[[], object]


def one_waits_for_the_other(first: Do, then: Do) -> None:
    pause = Event()
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            first()
            second = other.submit(apart, then)
            while not (second.done() or somebody_waits_for_us()):
                pause.wait(0.01)
        second.result()


@pytest.mark.parametrize("who_comes_first", ["who speaks", "who forgets"])
def test_nothing_is_lost(committed_cast: Cast, who_comes_first: str) -> None:
    bob, alice = committed_cast.bob, committed_cast.alice
    group = group_of(bob, alice)
    tell_entities(alice.actor, [Telling("task", "45", "Paint the door")])
    entity = Entity.objects.get()
    speak = partial(say, bob, group, "See @task#45")
    forget = partial(forget_entity, alice.actor, entity_id=entity.pk)
    one_waits_for_the_other(*((speak, forget) if who_comes_first == "who speaks" else (forget, speak)))
    assert [body for _, body in said_in(group)] == ["See @task#45"]
    assert (Entity.objects.count(), Mention.objects.count()) == (0, 0)
