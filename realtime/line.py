"""The line of one socket, as a server may lend it: texts come and go by plain calls.

ASGI's way, a queue and a coroutine for each text that comes and an awaited call for each that goes, costs more than
what most of them ask for. A server that has none is used as ASGI says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

# Where in the scope's `extensions` it is.
LINE = "parley.line"

# Whether the text was taken; else it is to come as an event, and what follows it after it.
TakeText = Callable[[str], bool]


class Line(Protocol):
    def listen(self, take: TakeText) -> None:
        """From now on each text that comes is offered to `take`, unless events that came before still wait."""

    def taken(self) -> None:
        """One of those events was: whoever has stopped reading for them may go on."""

    def write(self, texts: list[bytes]) -> None:
        """Texts as `frame` made them, in one go. Must not wait; to somebody who has gone, it writes nothing."""

    @staticmethod
    def frame(text: str) -> bytes:
        """As it is on the wire; asked for the same text many times in a row."""


def line_of(scope: Any) -> Line | None:
    line: Line | None = (scope.get("extensions") or {}).get(LINE)
    return line
