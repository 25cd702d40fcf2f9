"""News of files that not everybody may know of yet."""

from __future__ import annotations

from dataclasses import dataclass

from attachments.payloads import FilePayload
from realtime.events import Event
from realtime.frames import Frame


@dataclass(frozen=True, slots=True)
class FileChanged(Event):
    """For its uploader and its reviewers: where it stands, with what the others are not told. Everybody else hears of
    the message that holds it. A hint: who missed it reads the file, or the list of those that wait."""

    type = "file"
    is_followed = False
    file: FilePayload

    def frame(self) -> Frame:
        return {"type": self.type, "file": self.file}
