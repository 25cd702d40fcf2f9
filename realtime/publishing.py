"""The only door for news. Only actions may import it; what goes through it leaves after commit."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from django.db import transaction

from realtime.events import Event
from realtime.fanout import Push, fanout, followers_of, group_of
from realtime.frames import encode


def publish(event: Event, *, to: Iterable[UUID]) -> None:
    """Sends the event's frame to the sockets of these members once the transaction has committed.

    Whoever watches its subject gets it too, if they still may. Best effort and never waited for: a publish that fails
    is counted, the sender does not see it, clients heal by sync.
    """
    transaction.on_commit(partial(_send, event, frozenset(to)), robust=True)


def recheck_sockets(members: Iterable[UUID]) -> None:
    """Makes every socket of these members ask, after commit, whether its credential still holds."""
    groups = tuple(map(group_of, frozenset(members)))
    if groups:
        transaction.on_commit(partial(fanout.put, Push(groups, {"type": "recheck"})), robust=True)


def _send(event: Event, members: frozenset[UUID]) -> None:
    subject, mark = event.mark()
    message = {"type": "push", "text": encode(event.frame()), "subject": subject, "mark": mark}
    if event.needs:
        message["needs"] = event.needs
    followers = [followers_of(subject)] if subject and event.is_followed else []
    groups = [*map(group_of, members), *followers]
    if groups:
        fanout.put(Push(tuple(groups), message))
