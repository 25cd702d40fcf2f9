"""Socket commands about delivery."""

from __future__ import annotations

from accounts.actor import Actor
from common.api import read_input
from delivery import actions, queries
from delivery.serializers import MoveReceiptFrame, SyncInput
from realtime.frames import Frame, reference


def move_receipt(actor: Actor, frame: Frame) -> Frame | None:
    """Written a moment later, together with those of others; answered only when the client numbered it."""
    data = read_input(MoveReceiptFrame, frame)
    actions.note_receipt(
        actor, conversation_id=data["conversation"], delivered=data["delivered"], read=data["read"]
    )
    return None if reference(frame) is None else {"conversation": str(data["conversation"])}


def sync(actor: Actor, frame: Frame) -> Frame:
    return {"type": "sync", **queries.sync(actor, **read_input(SyncInput, frame))}
