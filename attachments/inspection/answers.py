"""Reads what the child said. A file may have taken the child over: what does not fit what we asked refuses the file.

What is left to it then is to call its own file harmless, and to make pictures.
"""

from __future__ import annotations

import json
import math
import os
import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from attachments.inspection.findings import MAX_WORDS, clean
from attachments.inspection.kinds import SNIFFED, TYPES, Kind, Sniff, sniff
from attachments.inspection.reasons import MAX_TEXT, WORTH_IT, Data, Outcome, Reason
from attachments.inspection.report import Produced, Report

# What a picture of ours may be, and how its bytes begin.
PICTURES = {
    "image/jpeg": Sniff.JPEG,
    "image/png": Sniff.PNG,
    "image/gif": Sniff.GIF,
    "image/webp": Sniff.WEBP,
}
# And what a copy of a film or a sound may be, of such a one.
FILMS = {"video/mp4": Sniff.ISO_MEDIA, "audio/mp4": Sniff.ISO_MEDIA}
SERVED = "served"
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "audio/mp4": "m4a",
}
MOST = 1_000_000
MAX_DATA = 24
MAX_FOUND = 12


def refused(reason: Reason, extension: str) -> Report:
    known = TYPES[extension]
    return Report(
        outcome=Outcome.REFUSED, reason=reason, extension=extension, kind=known.kind, mime=known.mime
    )


def held_for(report: Report, reason: Reason) -> Report:
    """Held for this too, unless it is refused; what was found in it goes first as the reason."""
    if report.outcome == Outcome.REFUSED:
        return report
    found = [*_list_of(report.metadata.get("found", [])), reason.value]
    return replace(
        report,
        outcome=Outcome.HELD,
        reason=report.reason or reason,
        metadata={**report.metadata, "found": found},
    )


def read_answer(
    output: bytes,
    extension: str,
    *,
    made_in: Path,
    into: Path,
    thumbnails: Sequence[int],
    smaller_than: int = 0,
) -> Report:
    """`smaller_than`: the size of a file that a smaller copy of may be kept instead."""
    try:
        said = json.loads(output)
        if "refused" in said:
            return refused(Reason(said["refused"]) or Reason.BROKEN, extension)
        report = _report(said, extension)
        wanted = {SERVED, *map(str, thumbnails)}
        made = [
            _checked(name, told, made_in, report) for name, told in said["files"].items() if name in wanted
        ]
        replaces = bool(said["replaces"]) and _may_replace(made, report, smaller_than)
    # It may say whatever JSON can, and leave whatever a directory can hold.
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OSError):
        return refused(Reason.BROKEN, extension)
    return replace(report, files=tuple(_moved(one, into) for one in made), replaces=replaces)


def _report(said: Any, extension: str) -> Report:
    known = TYPES[extension]
    kind, mime = known.kind, known.mime
    if said["mime"]:
        kind, mime = known.or_else[[other for _, other in known.or_else].index(said["mime"])]
    held = [Reason(reason) for reason in said["held"]][:MAX_FOUND]
    metadata = _data(said["metadata"])
    found = [_words(one) for one in said["found"]][:MAX_FOUND]
    if found:
        metadata["found"] = found
    return Report(
        outcome=Outcome.HELD if held else Outcome.ACCEPTED,
        reason=held[0] if held else Reason.NONE,
        extension=extension,
        kind=kind,
        mime=mime,
        width=_count(said["width"]),
        height=_count(said["height"]),
        frames=_count(said["frames"]),
        pages=_count(said["pages"]),
        duration=_seconds(said["duration"]),
        metadata=metadata,
        text=clean(said["text"], MAX_TEXT),
    )


def _count(said: object) -> int | None:
    if said is None:
        return None
    if type(said) is int and 0 <= said <= MOST:
        return said
    raise ValueError(said)


def _seconds(said: object) -> float | None:
    if said is None:
        return None
    if isinstance(said, (int, float)) and math.isfinite(said) and 0 <= said <= MOST:
        return round(float(said), 3)
    raise ValueError(said)


def _data(said: dict[str, object]) -> Data:
    data: Data = {}
    for name, value in list(said.items())[:MAX_DATA]:
        if isinstance(value, (bool, int)) and abs(value) <= MOST:
            data[_words(name)] = value
        elif isinstance(value, str):
            data[_words(name)] = _words(value)
    return data


def _words(said: object) -> str:
    if not isinstance(said, str):
        raise ValueError(said)
    return clean(said, MAX_WORDS)


def _list_of(value: object) -> list[str]:
    return value if isinstance(value, list) else []


def _checked(name: str, told: list[Any], directory: Path, report: Report) -> Produced:
    """A plain file, and by its first bytes the picture that it is said to be, or a film where one was given."""
    mime, width, height = told
    is_film = name == SERVED and mime in FILMS and mime == report.mime
    path = directory / name
    opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(opened, "rb") as file:
        status = os.fstat(opened)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
            raise ValueError(name)
        if sniff(file.read(SNIFFED)) != (FILMS if is_film else PICTURES)[mime]:
            raise ValueError(name)
    sizes = _count(width) or 0, _count(height) or 0
    if not is_film and 0 in sizes:
        raise ValueError(name)
    return Produced(name=name, path=path, mime=mime, width=sizes[0], height=sizes[1], size=status.st_size)


def _may_replace(made: Sequence[Produced], report: Report, smaller_than: int) -> bool:
    """Of a picture, where that was asked for, and as much smaller as it is worth."""
    most = smaller_than * WORTH_IT
    if report.kind == Kind.IMAGE and any(one.name == SERVED and one.size <= most for one in made):
        return True
    raise ValueError(most)


def _moved(made: Produced, into: Path) -> Produced:
    path = into / f"{made.name}.{ENDINGS[made.mime]}"
    made.path.replace(path)
    return replace(made, path=path)
