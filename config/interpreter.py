"""Python itself, in a process that serves: how often it looks for garbage, and how long a thread keeps it."""

from __future__ import annotations

import gc
import sys

# Whoever has its answer from the database waits for the interpreter; Python's own 5 ms are ten times what most of us
# do with it at once.
SWITCH_AFTER_SECONDS = 0.0005


def set_up_to_serve() -> None:
    """Once everything is loaded: none of that is looked through for garbage again.

    Python's own setting looks all the time, through all that is loaded: a sixth of what a busy server does, and a
    tenth of a second at once for whoever happens to wait.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    sys.setswitchinterval(SWITCH_AFTER_SECONDS)
