"""What the workers of these tests do. An epoch with an id of its own is the effect: a second one there cannot be."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.db import OperationalError
from django_tasks import task

from realtime.models import Epoch
from work.holding import take_back_from_the_dead
from work.ticker import Periodic


@task()
def have_effect(effect: str) -> str:
    Epoch.objects.get_or_create(pk=effect)
    return "done"


@task()
def wait_halfway(effect: str, directory: str) -> None:
    """Says in which process it has begun, and ends when `go` is there."""
    Epoch.objects.get_or_create(pk=effect)
    with Path(directory, "begun").open("a") as file:
        file.write(f"{os.getpid()}\n")
    while not Path(directory, "go").exists():
        time.sleep(0.02)


@task()
def break_down() -> None:
    raise LookupError("There is no such thing.")


@task()
def find_the_database_away() -> None:
    raise OperationalError("the connection is lost")


@task()
def give_what_is_no_json() -> object:
    return object()


# --- again and again ------------------------------------------------------------------------------------------------

ONCE_A_DAY = "once a day"


def leave_a_mark() -> None:
    Epoch.objects.create()


PERIODIC = (
    Periodic("take tasks back from the dead", 0.5, take_back_from_the_dead),
    Periodic(ONCE_A_DAY, 24 * 60 * 60, leave_a_mark),
)
