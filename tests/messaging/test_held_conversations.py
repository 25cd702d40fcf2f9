"""What is said in a conversation that another process holds waits for it; what is said elsewhere does not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import TypeVar

import pytest
from django.db import connection, connections, transaction

from common.errors import NotFound
from messaging import commands
from messaging.actions import send_messages
from messaging.saying import Locked
from realtime.wiring import LATER
from tests.cast import Cast
from tests.messaging.test_send_message import say
from tests.messaging.test_sending_together import group_of, said_in, saying, sent
from tests.messaging.test_sending_what_is_wrong import frame

pytestmark = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite knows no locks of rows")


T = TypeVar("T")


def apart(deed: Callable[[], T]) -> T:
    """With a database connection of its own, as in another process."""
    try:
        return deed()
    finally:
        connections.close_all()


def until_somebody_waits_for_us() -> None:
    """The database tells nobody that it has begun to wait: it has to be asked."""
    pause = Event()
    while not somebody_waits_for_us():
        pause.wait(0.01)


def somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        ((waits,),) = cursor.fetchall()
    return bool(waits)


def test_what_somebody_else_holds_is_left_and_then_waited_for(committed_cast: Cast) -> None:
    bob, carol, alice = committed_cast.bob, committed_cast.carol, committed_cast.alice
    held, free = group_of(bob, carol, alice), group_of(bob, carol, alice)
    waiting = saying(alice, held, "Second")
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            say(bob, held, "First")
            asked = [waiting, saying(committed_cast.mallory, held), saying(carol, free, "Meanwhile")]
            *left, meanwhile = other.submit(apart, partial(send_messages, asked, wait=False)).result()
            patient = other.submit(apart, partial(send_messages, asked[:2], wait=True))
            until_somebody_waits_for_us()
        said, outsider = patient.result()
    (second,) = sent([said])
    # Whether an outsider knows of it is not asked before it can be locked.
    assert [type(one) for one in left] == [Locked, Locked]
    assert isinstance(outsider, NotFound)
    assert [one.message.body for one in sent([meanwhile])] == ["Meanwhile"]
    assert (second.message.seq, second.message.version) == (2, 3)
    assert said_in(held) == [(1, "First"), (2, "Second")]
    assert said_in(free) == [(1, "Meanwhile")]


def test_the_socket_is_told_to_come_again(committed_cast: Cast) -> None:
    held = group_of(committed_cast.bob, committed_cast.alice)
    asked = [(committed_cast.bob.actor, frame(held, "Hi"))]
    with ThreadPoolExecutor(1) as other, transaction.atomic():
        say(committed_cast.alice, held)
        assert other.submit(apart, partial(commands.send_messages, asked, False)).result() == [LATER]
