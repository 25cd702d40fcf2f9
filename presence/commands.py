"""Socket commands about one's own presence."""

from __future__ import annotations

from accounts.actor import Actor
from common.api import read_input
from presence.serializers import SetPresenceFrame
from realtime.attention import Attention
from realtime.frames import Frame, reference


def set_presence(actor: Actor, frame: Frame, attention: Attention) -> Frame | None:
    """This socket's person has turned away, or is back; answered only when the client numbered it."""
    attention.is_away = read_input(SetPresenceFrame, frame)["away"]
    return None if reference(frame) is None else {"away": attention.is_away}
