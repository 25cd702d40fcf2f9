"""The old Office: an OLE container of streams. A new file that has a password is one too."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

import olefile

from attachments.inspection.findings import Findings, refuse
from attachments.inspection.reasons import Reason

STREAMS = {"doc": ("worddocument",), "xls": ("workbook", "book")}
MACROS = ("macros", "vba", "_vba_project", "_vba_project_cur")
OBJECTS = ("\x01ole10native", "package")
# Word makes a pool whether or not it has objects, and some writers say at the top that the file itself is one.
POOL, OBJECTS_OF_EXCEL, IS_OBJECT = "objectpool", "mbd0", "\x01ole"
MAX_STREAMS = 5000

# Word since 97, and Word 6 and 95: in its first block, the bit that says that the rest is encrypted.
WORDS, WORD_FLAGS_AT, WORD_ENCRYPTED = (0xA5EC, 0xA5DC), 0x0A, 0x0100
# Excel: records of a type, a length and that many bytes.
BOUND_SHEET, FILE_PASSWORD, BEGIN_OF_FILE, END_OF_FILE = (
    0x0085,
    0x002F,
    (0x0809, 0x0009, 0x0209, 0x0409),
    0x000A,
)
MACRO_SHEET = 1


def read_ole(file: BinaryIO, extension: str, findings: Findings) -> None:
    file.seek(0)
    with olefile.OleFileIO(file) as container:
        names = [[part.lower() for part in entry] for entry in container.listdir(streams=True, storages=True)]
        if len(names) > MAX_STREAMS:
            refuse(Reason.TOO_LARGE_INSIDE)
        if ["encryptedpackage"] in names:
            findings.hold(Reason.ENCRYPTED)
            return
        main = next((name for name in STREAMS.get(extension, ()) if [name] in names), "")
        if not main:
            refuse(Reason.TYPE_MISMATCH)
        parts = {part for name in names for part in name}
        if parts.intersection(MACROS):
            findings.hold(Reason.MACROS, "vba")
        if any(_is_object(name) for name in names):
            findings.hold(Reason.ACTIVE_CONTENT, "embedded_object")
        stream = container.openstream(main).read()
    if extension == "doc":
        _read_word(stream, findings)
    else:
        _read_excel(stream, findings)


def _is_object(name: list[str]) -> bool:
    if name[-1] in OBJECTS or any(part.startswith(OBJECTS_OF_EXCEL) for part in name):
        return True
    return len(name) > 1 and (POOL in name[:-1] or name[-1] == IS_OBJECT)


def _read_word(stream: bytes, findings: Findings) -> None:
    magic, flags = struct.unpack_from("<H", stream)[0], struct.unpack_from("<H", stream, WORD_FLAGS_AT)[0]
    if magic not in WORDS:
        refuse(Reason.BROKEN)
    if flags & WORD_ENCRYPTED:
        findings.hold(Reason.ENCRYPTED)


def _read_excel(stream: bytes, findings: Findings) -> None:
    first = True
    for record, content in _records(stream):
        if first and record not in BEGIN_OF_FILE:
            refuse(Reason.BROKEN)
        first = False
        if record == FILE_PASSWORD:
            findings.hold(Reason.ENCRYPTED)
        elif record == BOUND_SHEET and len(content) > 5 and content[5] == MACRO_SHEET:
            findings.hold(Reason.MACROS, "macro_sheet")


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """Those of the book itself, which come first."""
    at = 0
    while at + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, at)
        if at + 4 + length > len(stream):
            refuse(Reason.BROKEN)
        yield record, stream[at + 4 : at + 4 + length]
        if record == END_OF_FILE:
            return
        at += 4 + length
    refuse(Reason.BROKEN)
