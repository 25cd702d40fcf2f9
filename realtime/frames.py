"""Frames: how JSON becomes text once, and text becomes a frame or a named error."""

from __future__ import annotations

from typing import Any

from common import strict_json
from common.errors import InvalidInput, InvalidJson, ParleyError, TooLarge

Frame = dict[str, Any]

SUBPROTOCOL = "parley.v1"
MAX_FRAME = 64 * 1024

# Close codes: 4000-4499 come back, 4500-4999 stay away until something changes.
BAD_FRAMES = 4000
LOST = 4008
TOO_MANY_SOCKETS = 4009
DRAINING = 4012
FLOOD = 4029
NOT_AUTHENTICATED = 4501
UNSUPPORTED_VERSION = 4506


def encode(frame: Frame) -> str:
    return strict_json.dumps(frame)


def decode(text: str | None) -> Frame:
    """One frame of a client: a JSON object of at most 64 KiB with a text as its `type`."""
    if text is None:
        raise InvalidJson("Frames are text, not binary.")
    if len(text) > MAX_FRAME or len(text.encode(errors="replace")) > MAX_FRAME:
        raise TooLarge(f"A frame has at most {MAX_FRAME} bytes.")
    frame = strict_json.loads(text)
    if not isinstance(frame, dict):
        raise InvalidJson("A frame is a JSON object.")
    if not isinstance(frame.get("type"), str):
        raise InvalidInput(fields={"type": ["This field is required."]})
    return frame


def reference(frame: Frame) -> int | None:
    """The client's number for its command; anything else is not answered with a number."""
    id = frame.get("id")
    return id if isinstance(id, int) and not isinstance(id, bool) and 0 <= id < 2**53 else None


def error_frame(error: ParleyError, *, re: int | None) -> Frame:
    frame: Frame = {"type": "error", "re": re, **error.body(), "temporary": error.temporary}
    if error.retry_after:
        frame["retry_after_ms"] = int(error.retry_after * 1000)
    return frame
