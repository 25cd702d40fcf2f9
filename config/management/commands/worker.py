"""Does what is to be done in the background, in a process of its own."""

from __future__ import annotations

import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.work import make_worker

HELP = """
Runs the tasks that actions have enqueued, WORKER_THREADS at a time, and what is done again and again.

Start as many as you like, on any machine that reaches the database: each task and each period is one worker's. A task
whose worker dies is another's some 20 seconds later. Where `serve` does this work itself (WORKER=embedded, which is so
without REDIS_URL), there is no need for this command.

SIGTERM or Ctrl-C: takes on nothing more, ends what it is at, and exits with 0. A second one ends it at once.
"""


class Command(BaseCommand):
    help = HELP

    def handle(self, *args: Any, **options: Any) -> None:
        worker = make_worker()
        worker.start()
        self.say(f"Parley works in the background, {settings.WORKER_THREADS} tasks at a time.")

        def end(number: int, frame: Any) -> None:
            signal.signal(number, signal.SIG_DFL)
            worker.end()
            self.say("Ends what it is at.")

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        worker.wait()

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
