"""WebSocket frames (RFC 6455, section 5.2) where they are plain: a whole text in one frame, each way.

That is what nearly all of ours are. The servers' libraries take ten times as long for them, since they know all others
as well; those stay theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from websockets.utils import apply_mask

# daphne's. Far beyond our own limit of a frame, so that it is our error that a client gets for being a little over it.
MAX_MESSAGE = 1024 * 1024
# What is read of a client before what it said is looked at.
EVENTS_AHEAD = 16
FIN, OPCODE = 0x80, 0x0F
WHOLE_TEXT = FIN | 0x01
FIRST_CONTROL = 0x08
MASKED, LENGTH = 0x80, 0x7F
MASK_SIZE = 4


@lru_cache(maxsize=16)
def framed(text: str) -> bytes:
    """As a server says it; kept for the next who is told the same."""
    data = text.encode()
    size = len(data)
    if size < 126:
        return bytes((WHOLE_TEXT, size)) + data
    if size < 1 << 16:
        return bytes((WHOLE_TEXT, 126)) + size.to_bytes(2) + data
    return bytes((WHOLE_TEXT, 127)) + size.to_bytes(8) + data


class Frames:
    """Cuts what a client sends into frames. A whole text is offered to `take`; what it does not take and every other
    frame goes to `others`, the library, which so stands between two frames whenever a text is taken.

    A frame that is longer than `most` is the library's business, and with it all that follows.
    """

    def __init__(self, take: Callable[[str], bool], others: Callable[[bytes], None], *, most: int) -> None:
        self._take, self._others, self._most = take, others, most
        self._rest, self._needed = bytearray(), 0
        # Within a message of several frames, where a text would be an error that the library names.
        self._is_within = self._has_given_up = False

    def feed(self, data: bytes) -> None:
        if self._rest:
            self._rest += data
            if len(self._rest) < self._needed:
                return
            data, self._rest = bytes(self._rest), bytearray()
        at = 0
        while at < len(data) and not self._has_given_up:
            size = frame_size(data, at)
            self._has_given_up = size > self._most
            if not size or at + size > len(data):
                self._needed = size
                break
            self._hand_on(data[at : at + size])
            at += size
        if self._has_given_up:
            self._others(data[at:])
        else:
            self._rest += data[at:]

    def _hand_on(self, frame: bytes) -> None:
        text = None if self._is_within else whole_text(frame)
        if text is not None and self._take(text):
            return
        if frame[0] & OPCODE < FIRST_CONTROL:
            self._is_within = not frame[0] & FIN
        self._others(frame)


def whole_text(frame: bytes) -> str | None:
    """None for whatever is not just that, or not as it should be."""
    if frame[0] != WHOLE_TEXT or not frame[1] & MASKED:
        return None
    begins = _head_size(frame[1])
    try:
        return apply_mask(frame[begins:], frame[begins - MASK_SIZE : begins]).decode()
    except UnicodeDecodeError:
        return None


def frame_size(data: bytes, at: int) -> int:
    """Of the frame that begins at `at`, whole; 0 when its head is not there yet."""
    if len(data) < at + 2:
        return 0
    length, head = data[at + 1] & LENGTH, _head_size(data[at + 1])
    if length < 126:
        return head + length
    if len(data) < at + head:
        return 0
    return head + int.from_bytes(data[at + 2 : at + (4 if length == 126 else 10)])


def _head_size(second: int) -> int:
    """What stands before the payload, as the second byte says."""
    extended = {126: 2, 127: 8}.get(second & LENGTH, 0)
    return 2 + extended + (MASK_SIZE if second & MASKED else 0)
