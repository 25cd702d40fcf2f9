"""Socket commands about delivery."""

from __future__ import annotations

from accounts.actor import Actor
from common.api import read_each, read_input
from common.errors import ParleyError
from delivery import actions, queries
from delivery.serializers import MoveReceiptFrame, SyncInput
from realtime.frames import Frame, reference
from realtime.wiring import Answer


def move_receipts(asked: list[tuple[Actor, Frame]], wait: bool) -> list[Answer]:
    """Written a moment later, together with those of others; answered only when the client numbered it."""
    read = read_each(MoveReceiptFrame, [frame for _, frame in asked])
    movings = [
        actions.Moving(actor, data["conversation"], data["delivered"], data["read"])
        for (actor, _), data in zip(asked, read, strict=True)
        if not isinstance(data, ParleyError)
    ]
    problems = iter(actions.note_receipts(movings))
    return [
        data if isinstance(data, ParleyError) else next(problems) or _moved(frame, data)
        for (_, frame), data in zip(asked, read, strict=True)
    ]


def _moved(frame: Frame, data: Frame) -> Frame | None:
    return None if reference(frame) is None else {"conversation": str(data["conversation"])}


def sync(actor: Actor, frame: Frame) -> Frame:
    return {"type": "sync", **queries.sync(actor, **read_input(SyncInput, frame))}
