"""What is done again and again: each job's next time is a row, and whichever worker moves it on runs it.

So one of them does, however many there are; and if that one dies in the middle, the job is done a period later.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import DateTimeField, ExpressionWrapper
from django.db.models.functions import Now

from common.clock import from_now
from work.models import Tick

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job: `every` so many seconds it looks for rows whose time has come and flips each by a conditional update.

    The others wait for it meanwhile, so it asks nobody but the database: what takes long is a task, to be enqueued.
    Two may overlap, when one takes longer than `every`.
    """

    name: str
    every: float
    run: Callable[[], None]


class Ticker:
    def __init__(self, jobs: Iterable[Periodic]) -> None:
        self._jobs = {job.name: job for job in jobs}

    def run_due(self) -> float:
        """Runs what is due and not run by another worker; the seconds until the next is."""
        waits = self._waits()
        for name in sorted(waits, key=waits.__getitem__):
            if waits[name] <= 0:
                self._run_if_ours(self._jobs[name])
                waits[name] = self._jobs[name].every
        return min(waits.values(), default=float("inf"))

    def _waits(self) -> dict[str, float]:
        """Of each job, the seconds until it is due. One that there was not is due at once."""
        ticks = Tick.objects.filter(name__in=self._jobs).annotate(
            now=ExpressionWrapper(Now(), output_field=DateTimeField())
        )
        waits = {tick.name: (tick.due_at - tick.now).total_seconds() for tick in ticks}
        missing = self._jobs.keys() - waits.keys()
        if missing:
            Tick.objects.bulk_create([Tick(name=name) for name in sorted(missing)], ignore_conflicts=True)
        return waits | dict.fromkeys(missing, 0.0)

    def _run_if_ours(self, job: Periodic) -> None:
        due = Tick.objects.filter(name=job.name, due_at__lte=Now())
        if not due.update(due_at=from_now(job.every), ran_at=Now()):
            return
        try:
            job.run()
        except Exception:
            logger.exception("%s failed and will be tried again in %s seconds", job.name, job.every)
