"""How often Python looks for garbage in a process that serves.

Its own setting looks all the time, through all that is loaded: a sixth of what a busy server does, and a tenth of a
second at once for whoever happens to wait.
"""

from __future__ import annotations

import gc


def look_for_garbage_seldom() -> None:
    """Once everything is loaded: none of that is looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
