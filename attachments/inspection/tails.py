"""A second file behind the first: archives are read from their end, whatever they begin with."""

from __future__ import annotations

import os
import re
from typing import BinaryIO

END_OF_ARCHIVE = b"PK\x05\x06"
END_OF_LARGE_ARCHIVE = b"PK\x06\x07"
IN_DIRECTORY = b"PK\x01\x02"
# The end of an archive, and the longest comment after it.
LOOKED_AT = 22 + 65535


def ends_in_archive(file: BinaryIO, *, known: re.Pattern[bytes] | None = None) -> bool:
    """Whether it holds one at its end; other than with the names that are `known`."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - LOOKED_AT)
    file.seek(start)
    tail = file.read()
    found = END_OF_LARGE_ARCHIVE in tail and END_OF_ARCHIVE in tail
    at = tail.rfind(END_OF_ARCHIVE)
    while at >= 0 and not found:
        length = int.from_bytes(tail[at + 12 : at + 16], "little")
        directory = start + at - length
        if directory >= 0:
            file.seek(directory)
            names = _names(file.read(length))
            found = bool(names) and not (known and all(map(known.match, names)))
        at = tail.rfind(END_OF_ARCHIVE, 0, at)
    return found


def _names(directory: bytes) -> list[bytes]:
    names = []
    at = 0
    while directory.startswith(IN_DIRECTORY, at):
        name, extra, comment = (
            int.from_bytes(directory[at + n : at + n + 2], "little") for n in (28, 30, 32)
        )
        names.append(directory[at + 46 : at + 46 + name])
        at += 46 + name + extra + comment
    return names
