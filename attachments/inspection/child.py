"""The process that reads a stranger's file: its standard input is the file, its directory is where it may write.

Called with the extension and what is wanted: thumbnails by their edge, and whether it may become smaller. Says one line
of JSON. Only what the kind needs is imported.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import BinaryIO

from attachments.inspection.findings import Findings, Refused, refuse
from attachments.inspection.kinds import SNIFFED, TYPES, Kind, Sniff, sniff
from attachments.inspection.reasons import SMALLER, Reason
from attachments.inspection.tails import ends_in_archive
from attachments.inspection.walls import raise_walls, walls_that_hold

Reader = Callable[[BinaryIO, str, Findings], None]


def main() -> None:
    raise_walls()
    extension, *wanted = sys.argv[1:]
    edges = [int(one) for one in wanted if one != SMALLER]
    with os.fdopen(0, "rb") as file:
        answer = examine(file, extension, edges, smaller=SMALLER in wanted)
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
    # Nothing that a library does at the end is wanted.
    os._exit(0)


def tell_walls() -> None:
    """Which of the kernel's walls hold, to whoever runs the server."""
    raise_walls()
    sys.stdout.write(json.dumps(walls_that_hold()) + "\n")
    sys.stdout.flush()
    os._exit(0)


def examine(
    file: BinaryIO, extension: str, thumbnails: Sequence[int], *, smaller: bool = False
) -> dict[str, object]:
    findings = Findings()
    # Where it stands is the parent's doing, which has looked at its first bytes.
    file.seek(0)
    try:
        sniffed = sniff(file.read(SNIFFED))
        known = OF_OFFICE if sniffed == Sniff.OLE else None
        if sniffed != Sniff.ZIP and ends_in_archive(file, known=known):
            refuse(Reason.POLYGLOT)
        file.seek(0)
        reader_of(extension, sniffed, thumbnails, smaller=smaller)(file, extension, findings)
    except Refused as refused:
        return {"refused": refused.reason}
    except MemoryError:
        return {"refused": Reason.TOO_LARGE_INSIDE}
    except OSError as error:
        too_large = error.errno in TOO_LARGE
        return {"refused": Reason.TOO_LARGE_INSIDE if too_large else Reason.BROKEN}
    except Exception:
        return {"refused": Reason.BROKEN}
    return vars(findings)


# Archives that Word and Excel keep in the old formats: the colours and fonts, and a drawing as the new ones have it.
OF_OFFICE = re.compile(
    rb"\[Content_Types\]\.xml$|_rels/\.rels$|(theme|drs)/[\w/]+\.(xml|xml\.rels|png|jpe?g|gif|tiff?|[ew]mf|bmp)$"
)

# What the limits on memory and files are met with.
TOO_LARGE = (12, 24, 27)


def reader_of(extension: str, sniffed: Sniff, thumbnails: Sequence[int], *, smaller: bool) -> Reader:
    match TYPES[extension].kind:
        case Kind.IMAGE:
            from attachments.inspection.images import read_image

            return lambda file, extension, findings: read_image(
                file, extension, findings, thumbnails, smaller=smaller
            )
        case Kind.PDF:
            from attachments.inspection.pdf import read_pdf

            return lambda file, extension, findings: read_pdf(file, extension, findings, thumbnails)
        case Kind.DOCUMENT | Kind.SPREADSHEET if sniffed == Sniff.OLE:
            from attachments.inspection.ole import read_ole

            return read_ole
        case Kind.DOCUMENT | Kind.SPREADSHEET:
            from attachments.inspection.office import read_office

            return read_office
        case Kind.TEXT:
            from attachments.inspection.texts import read_text

            return read_text
        case Kind.AUDIO | Kind.VIDEO:
            from attachments.inspection.media import read_media

            return read_media
