"""`python -m tests.delivery.dying`: a ticker that is killed between its first task and the commit."""

from __future__ import annotations

import os
import signal
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

    from django_tasks.signals import task_enqueued

    from delivery.tasks import tell_due_messages

    def die(**_: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    task_enqueued.connect(die)
    tell_due_messages()
