"""What a server loads: the application, after making sure that this process may serve at all.

SIGUSR1 tells it that it is about to go: it is no longer ready, and sends its sockets away a few at a time. End it then.
"""

from __future__ import annotations

import signal

from config.application import application
from config.interpreter import set_up_to_serve
from config.processes import claim_only_process
from config.realtime import BACKGROUND

claim_only_process()
# Without a handler this signal would end the process.
signal.signal(signal.SIGUSR1, lambda *_: BACKGROUND.start_draining())
set_up_to_serve()

__all__ = ["application"]
