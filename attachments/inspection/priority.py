"""Leaving the machine to others: a lower priority, and few of its cores (docs/decisions/0031, 0032)."""

from __future__ import annotations

import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

# Not the idle class: on a busy machine an honest look would not end within its time.
NICE = 10


def cores() -> list[int]:
    """Those that this process may use, in order. None where they have no numbers: Linux alone tells."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def stand_back(process: int, on: Collection[int] = ()) -> None:
    """Behind whoever has this one's priority, `on` these cores; as far as the system allows it. Of its threads only the
    first, and those that it starts from now on.
    """
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process, min(os.getpriority(os.PRIO_PROCESS, 0) + NICE, 19))
    # Where Linux shares by session, as on a machine without control groups, its own would have as much as any other.
    with suppress(OSError):
        if os.getsid(process) == process:
            Path(f"/proc/{process}/autogroup").write_text(str(NICE))
    if on:
        with suppress(OSError):
            os.sched_setaffinity(process, on)


def take_what_is_left() -> None:
    """This process, before it has threads, and all that it starts: in the idle class, on the later half of the cores.

    Where somebody wakes up, Linux takes a core with nothing but the idle class on it for a free one.
    """
    stand_back(os.getpid(), on=cores()[len(cores()) // 2 :])
    if hasattr(os, "SCHED_IDLE"):
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
