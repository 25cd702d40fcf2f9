"""A zip archive that counts what comes out of it, whatever it says of itself."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from attachments.inspection.findings import refuse
from attachments.inspection.kinds import RUNNABLE, extension_of
from attachments.inspection.reasons import Reason

MAX_ENTRIES = 5000
MAX_INFLATED = 200 * 1024 * 1024
MAX_RATIO = 200
# Blank pictures and repeated rows pack well, and are small in themselves.
RATIO_FROM = 16 * 1024 * 1024
PIECE = 256 * 1024
PDF_LOOKS_FOR_ITSELF_IN = 1024
ENCRYPTED = 0x01 | 0x40 | 0x2000
# A drawing beside the picture of it, as Office has them: nothing of it runs there.
HARMLESS = "svg"
UNSAFE = re.compile(r"[\x00-\x1f\x7f\\:]|^/|(^|/)\.\.(/|$)")


class Budget:
    """What may come out of a file and of all archives in it."""

    def __init__(self) -> None:
        self.inflated = 0
        self.entries = 0

    def spend(self, size: int) -> None:
        self.inflated += size
        if self.inflated > MAX_INFLATED:
            refuse(Reason.TOO_LARGE_INSIDE)


class Archive:
    def __init__(self, file: BinaryIO, budget: Budget) -> None:
        file.seek(0)
        if b"%PDF-" in file.read(PDF_LOOKS_FOR_ITSELF_IN):
            refuse(Reason.POLYGLOT)
        self._zip = zipfile.ZipFile(file)
        self._budget = budget
        self._entries = {entry.filename: entry for entry in self._zip.infolist() if not entry.is_dir()}
        budget.entries += len(self._zip.infolist())
        if budget.entries > MAX_ENTRIES:
            refuse(Reason.TOO_LARGE_INSIDE)
        self._check_entries()
        self._check_places(file)

    @property
    def names(self) -> list[str]:
        return list(self._entries)

    def read(self, name: str) -> Iterator[bytes]:
        entry = self._entries[name]
        inflated = 0
        with self._zip.open(entry) as opened:
            while piece := opened.read(PIECE):
                inflated += len(piece)
                self._budget.spend(len(piece))
                if inflated > RATIO_FROM and inflated > MAX_RATIO * entry.compress_size:
                    refuse(Reason.TOO_LARGE_INSIDE)
                yield piece

    def _check_entries(self) -> None:
        entries = self._zip.infolist()
        if len({entry.filename.casefold() for entry in entries}) != len(entries):
            refuse(Reason.UNSAFE_ARCHIVE)
        for entry in entries:
            # zipfile ends a name at NUL; others go on.
            if UNSAFE.search(entry.orig_filename) or extension_of(entry.filename) in RUNNABLE - {HARMLESS}:
                refuse(Reason.UNSAFE_ARCHIVE)
            if entry.flag_bits & ENCRYPTED or entry.compress_type not in (
                zipfile.ZIP_STORED,
                zipfile.ZIP_DEFLATED,
            ):
                refuse(Reason.UNSAFE_ARCHIVE)

    def _check_places(self, file: BinaryIO) -> None:
        """The first begins the file, none lies in another, and each says the same of itself as the directory does."""
        end = 0
        ends: list[int] = []
        for entry in sorted(self._zip.infolist(), key=lambda entry: entry.header_offset):
            if entry.header_offset < end or (end == 0 and entry.header_offset):
                refuse(Reason.UNSAFE_ARCHIVE)
            file.seek(entry.header_offset)
            head = file.read(30)
            name, extra = (int.from_bytes(head[at : at + 2], "little") for at in (26, 28))
            method = int.from_bytes(head[8:10], "little")
            if head[:4] != b"PK\x03\x04" or method != entry.compress_type:
                refuse(Reason.UNSAFE_ARCHIVE)
            end = entry.header_offset + 30 + name + extra + entry.compress_size
            ends.append(end)
        # What a reader of streams would find between the entries, and the directory does not tell.
        starts = sorted(entry.header_offset for entry in self._zip.infolist())
        for end, start in zip(ends, [*starts[1:], self._zip.start_dir], strict=True):
            file.seek(end)
            if b"PK\x03\x04" in file.read(max(0, start - end)):
                refuse(Reason.UNSAFE_ARCHIVE)
