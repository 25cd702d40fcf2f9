"""What the readers of a file hand on inside the child: plain enough for JSON."""

from __future__ import annotations

import re
from typing import NoReturn

from attachments.inspection.reasons import MAX_TEXT, Data, Reason

MAX_WORDS = 200
# What neither a database nor a page likes to hold, and what turns the text around it.
UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


class Refused(Exception):
    """A reader's end: this file may not come in."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


def refuse(reason: Reason) -> NoReturn:
    raise Refused(reason)


class Findings:
    """A reader fills in what it finds; what is held against the file comes in the order it was found."""

    def __init__(self) -> None:
        self.held: list[Reason] = []
        self.found: list[str] = []
        self.mime = ""
        self.kind = ""
        self.width: int | None = None
        self.height: int | None = None
        self.frames: int | None = None
        self.pages: int | None = None
        self.duration: float | None = None
        self.metadata: Data = {}
        self.text = ""
        # The copy is all that is to be kept of it.
        self.replaces = False
        self.files: dict[str, tuple[str, int, int]] = {}

    def hold(self, reason: Reason, found: str = "") -> None:
        if reason not in self.held:
            self.held.append(reason)
        if found and found not in self.found:
            self.found.append(found)

    def tell(self, name: str, value: object) -> None:
        """One line of metadata, if there is anything to tell."""
        words = clean(str(value), MAX_WORDS).strip()
        if words:
            self.metadata[name] = words

    def read(self, text: str) -> None:
        self.text = clean(text, MAX_TEXT).strip()


def clean(text: str, limit: int) -> str:
    return UNSAFE.sub("", text[: 2 * limit].replace("\r\n", "\n").replace("\r", "\n"))[:limit]
