"""A second file behind the first: archives are read from their end, whatever they begin with."""

from __future__ import annotations

import os
from typing import BinaryIO

END_OF_ARCHIVE = b"PK\x05\x06"
END_OF_LARGE_ARCHIVE = b"PK\x06\x07"
IN_DIRECTORY = b"PK\x01\x02"
# The end of an archive, and the longest comment after it.
LOOKED_AT = 22 + 65535


def ends_in_archive(file: BinaryIO) -> bool:
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
            found = file.read(4) == IN_DIRECTORY
        at = tail.rfind(END_OF_ARCHIVE, 0, at)
    return found
