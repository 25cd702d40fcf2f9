"""Asks the child about a file. Nothing it does (a crash, a hang, rubbish, a flood) is more than a refusal."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import BinaryIO

from attachments.inspection import answers, cell
from attachments.inspection.kinds import SNIFFED, TYPES, extension_of, hides_runnable, is_unsafe, sniff
from attachments.inspection.reasons import SMALLER, Outcome, Reason
from attachments.inspection.report import Report
from attachments.inspection.walls import LANDLOCK, SECCOMP

logger = logging.getLogger(__name__)

THUMBNAILS = (150, 300, 800)
TELLING_WALLS = "from attachments.inspection.child import tell_walls; tell_walls()"
READING = "from attachments.inspection.child import main; main()"
# What the limits end a child with, or we do: its time, its files, and the memory of the machine. Where its own memory
# is short, C++ aborts and PDFium traps.
TOO_LARGE = (
    -signal.SIGXCPU,
    -signal.SIGXFSZ,
    -signal.SIGKILL,
    -signal.SIGABRT,
    -signal.SIGTRAP,
    -signal.SIGILL,
)


def inspect(
    path: Path,
    name: str,
    *,
    into: Path,
    thumbnails: Sequence[int] = THUMBNAILS,
    smaller: bool = False,
    core: int | None = None,
) -> Report:
    """What is at `path`, which a stranger calls `name`. What is made of it comes to lie in `into`, a directory for it
    alone. `smaller`: of a photo that can do with much less, the copy is one that replaces it. `core`: of the machine,
    where it is done; by itself anywhere.

    Blocks, for up to half a minute. Raises OSError where the file cannot be read or no process can be started, or where
    it was not done in time: that says nothing about the file, and may be tried again.
    """
    extension = extension_of(name)
    with path.open("rb") as file:
        reason = _at_the_door(file, name, extension)
        if reason:
            return Report(outcome=Outcome.REFUSED, reason=reason, extension=_shown(extension))
        report = _ask(file, extension, into, thumbnails, smaller=smaller, core=core)
    return answers.held_for(report, Reason.DOUBLE_EXTENSION) if hides_runnable(name) else report


def missing_walls() -> list[str]:
    """Of the kernel's, those that do not hold a child here. OSError where none can be started."""
    with TemporaryDirectory() as directory, open(os.devnull, "rb") as nothing:
        answer = cell.run(TELLING_WALLS, [], file=nothing, directory=Path(directory))
    try:
        holding = json.loads(answer.output)
    except ValueError:
        holding = []
    return [one for one in (SECCOMP, LANDLOCK) if one not in holding]


def _at_the_door(file: BinaryIO, name: str, extension: str) -> Reason:
    """What needs no look inside."""
    if is_unsafe(name):
        return Reason.UNSAFE_NAME
    if extension not in TYPES:
        return Reason.TYPE_NOT_ALLOWED
    head = file.read(SNIFFED)
    if not head:
        return Reason.EMPTY
    if sniff(head) not in TYPES[extension].sniffs:
        return Reason.TYPE_MISMATCH
    return Reason.NONE


def _shown(extension: str) -> str:
    """Of what we do not know, anything may be the extension."""
    return extension if extension.isascii() and extension.isalnum() and len(extension) <= 16 else ""


def _ask(
    file: BinaryIO,
    extension: str,
    into: Path,
    thumbnails: Sequence[int],
    *,
    smaller: bool,
    core: int | None,
) -> Report:
    directory = Path(mkdtemp(dir=into, prefix=".inspection-"))
    try:
        wanted = [*map(str, thumbnails), *([SMALLER] if smaller else [])]
        answer = cell.run(READING, [extension, *wanted], file=file, directory=directory, core=core)
        if answer.output.endswith(b"\n"):
            return answers.read_answer(
                answer.output,
                extension,
                made_in=directory,
                into=into,
                thumbnails=thumbnails,
                smaller_than=os.fstat(file.fileno()).st_size if smaller else 0,
            )
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    if answer.ended > 0:
        # Python's own end: more likely a fault of ours (a library that is not there) than of the file.
        logger.error("the inspection of a .%s ended with %d", extension, answer.ended)
    return answers.refused(Reason.TOO_LARGE_INSIDE if answer.ended in TOO_LARGE else Reason.BROKEN, extension)
