"""Socket commands about delivery."""

from __future__ import annotations

from typing import Any

from accounts.actor import Actor
from common.api import read_each, read_input, run_for_each
from common.errors import ParleyError
from delivery import actions, queries
from delivery.models import Notification
from delivery.notifications import unread_counts
from delivery.payloads import notification_payload
from delivery.serializers import HelloInput, MoveReceiptFrame, NotificationFrame, SyncInput
from realtime.frames import Frame, reference
from realtime.wiring import Answer

PAGE = 50


def move_receipts(asked: list[tuple[Actor, Frame]], wait: bool) -> list[Answer]:
    """Written a moment later, together with those of others; answered only when the client numbered it."""
    read = read_each(MoveReceiptFrame, (frame for _, frame in asked))
    movings = [_moving(actor, data) for (actor, _), data in zip(asked, read, strict=True)]
    problems = run_for_each(movings, actions.note_receipts)
    return [
        _noted(frame, moving, problem)
        for (_, frame), moving, problem in zip(asked, movings, problems, strict=True)
    ]


def _moving(actor: Actor, data: dict[str, Any] | ParleyError) -> actions.Moving | ParleyError:
    if isinstance(data, ParleyError):
        return data
    return actions.Moving(actor, data["conversation"], data["delivered"], data["read"])


def _noted(frame: Frame, moving: actions.Moving | ParleyError, problem: Exception | None) -> Answer:
    if problem or isinstance(moving, ParleyError) or reference(frame) is None:
        return problem
    return {"conversation": str(moving.conversation_id)}


def come_back(asked: list[tuple[Actor, Frame]], wait: bool) -> list[Answer]:
    """The sync of each who has missed nothing. None for whoever has, or says what we have missed: `catch_up`."""
    read = read_each(HelloInput, (frame for _, frame in asked))
    clients = [
        said if isinstance(said, ParleyError) else queries.Client(actor, said["cursors"], said["read"])
        for (actor, _), said in zip(asked, read, strict=True)
    ]
    return run_for_each(clients, _welcome)


def _welcome(clients: list[queries.Client]) -> list[Answer]:
    """With how many notifications each has not read: one query for all."""
    unread = unread_counts(one.actor.id for one in clients)
    return [
        answer and {**answer, "unread": unread[client.actor.id]}
        for client, answer in zip(clients, queries.up_to_date(clients), strict=True)
    ]


def catch_up(actor: Actor, hello: Frame) -> Frame:
    said = read_input(HelloInput, hello)
    actions.repeat_receipts(actor, watermarks=said["read"])
    answer = queries.sync(actor, cursors=said["cursors"], limit=PAGE, read=said["read"])
    return {**answer, "unread": unread_counts([actor.id])[actor.id]}


def sync(actor: Actor, frame: Frame) -> Frame:
    return {"type": "sync", **queries.sync(actor, **read_input(SyncInput, frame))}


def read_notification(actor: Actor, frame: Frame) -> Frame:
    id = read_input(NotificationFrame, frame)["notification"]
    return _settled(*actions.read_notification(actor, notification_id=id))


def dismiss_notification(actor: Actor, frame: Frame) -> Frame:
    id = read_input(NotificationFrame, frame)["notification"]
    return _settled(*actions.dismiss_notification(actor, notification_id=id))


def _settled(notification: Notification, unread: int) -> Frame:
    return {"notification": notification_payload(notification), "unread": unread}
