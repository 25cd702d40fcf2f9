"""Runs the child: what it may take, and what is left of it afterwards."""

from __future__ import annotations

import compileall
import os
import selectors
import signal
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from time import monotonic
from typing import IO, BinaryIO, NamedTuple, cast

from attachments.inspection.priority import stand_back

PACKAGE = Path(__file__).parent
ROOT = PACKAGE.parent.parent
# -I: nothing of the environment, of the user or of the directory is imported.
BEGIN = "import sys; sys.path.insert(0, sys.argv.pop(1)); "
WALL_SECONDS = 25.0
MAX_OUTPUT = 512 * 1024
PIECE = 64 * 1024


class Answer(NamedTuple):
    """`ended` as subprocess tells it: 0, or minus the signal. What said too much was ended by us and says nothing."""

    output: bytes
    ended: int


def run(
    code: str, arguments: list[str], *, file: BinaryIO, directory: Path, core: int | None = None
) -> Answer:
    """Blocks until the child is gone, and everything that it started. With a `core`, it stays on that one. Raises
    OSError where it cannot be started, and where it was not done in time.
    """
    _compile()
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", "-B", "-c", BEGIN + code, str(ROOT), *arguments],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=directory,
        # None of our secrets, and no variable by which a library is told to load or to fetch something.
        env={"LANG": "C.UTF-8", "TMPDIR": str(directory), "HOME": str(directory)},
        close_fds=True,
        start_new_session=True,
    ) as child:
        # From its first moment, in which it loads what it needs, and not when it comes to say so itself.
        stand_back(child.pid, () if core is None else (core,))
        try:
            output = _read(child, until=monotonic() + WALL_SECONDS)
        finally:
            # Before it is waited for: as long as it is not, its number is nobody else's. What it ended with stays.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
        ended = child.wait()
    return Answer(output or b"", -signal.SIGKILL if output is None else ended)


@cache
def _compile() -> None:
    """The child may not write, and would compile its modules each time."""
    compileall.compile_dir(PACKAGE, maxlevels=0, quiet=2)


def _read(child: subprocess.Popen[bytes], *, until: float) -> bytes | None:
    """None where it said too much. Raises TimeoutError where it is not done in time: the machine may be busy."""
    stdout = cast("IO[bytes]", child.stdout)
    output = bytearray()
    with selectors.DefaultSelector() as ready:
        ready.register(stdout, selectors.EVENT_READ)
        while (left := until - monotonic()) > 0:
            if not ready.select(left):
                break
            piece = os.read(stdout.fileno(), PIECE)
            if not piece:
                return bytes(output)
            output += piece
            if len(output) > MAX_OUTPUT:
                return None
    raise TimeoutError(f"looking into a file took more than {WALL_SECONDS:g} s")
