"""Socket commands about one's own presence."""

from __future__ import annotations

from accounts.actor import Actor
from common.api import read_input
from presence.serializers import SetPresenceFrame
from realtime.attention import Turn
from realtime.frames import Frame, reference


def set_presence(actor: Actor, frame: Frame) -> Turn:
    """This socket's person has turned away, or is back; answered only when the client numbered it."""
    away = read_input(SetPresenceFrame, frame)["away"]
    return Turn(None if reference(frame) is None else {"away": away}, away=away)
