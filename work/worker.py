"""The worker: threads that run tasks, one for what is done again and again, and one that keeps what the others hold.

It stands in a process of its own (`manage.py worker`) or in the one that serves, where it must not disturb: threads
only, no signals, and no connection kept while there is nothing to do.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from threading import Event, Lock, Thread
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django.dispatch import Signal
from django_tasks import TaskContext
from django_tasks.signals import task_finished, task_started
from django_tasks.utils import normalize_json

from common.ids import new_id
from work.holding import Task, claim_task, fail, give_back, renew_leases, succeed
from work.ticker import Periodic, Ticker

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.5
# A tick may be moved by hand.
TICK_WITHIN = 5.0
# While the database is away.
WAIT_AT_FIRST, WAIT_AT_MOST = 0.5, 10.0
RENEWALS_PER_LEASE = 4


class Worker:
    def __init__(self, jobs: Iterable[Periodic]) -> None:
        self.id = new_id()
        self._ticker = Ticker(jobs)
        # One thread looks for the next task; the others are at work, or wait for their turn to look.
        self._turn = Lock()
        self._held: set[UUID] = set()
        self._ending, self._ended = Event(), Event()
        self._working = [
            *(self._thread("task", self._ending, self._do_next_task) for _ in range(settings.WORKER_THREADS)),
            self._thread("ticker", self._ending, self._tick),
        ]
        self._keeping = self._thread("leases", self._ended, self._renew)

    def start(self) -> None:
        logger.info("worker %s begins", self.id)
        for thread in (*self._working, self._keeping):
            thread.start()

    def end(self) -> None:
        """Takes on nothing more. From any thread, and from a signal's handler."""
        self._ending.set()

    def wait(self, within: float | None = None) -> bool:
        """Until it was told to end and has ended what it is at. False when it has not within so many seconds."""
        deadline = None if within is None else time.monotonic() + within
        for thread in self._working:
            thread.join(None if deadline is None else max(0.0, deadline - time.monotonic()))
        if any(thread.is_alive() for thread in self._working):
            return False
        self._ended.set()
        self._keeping.join()
        return True

    def _thread(self, name: str, until: Event, step: Callable[[], float]) -> Thread:
        return Thread(target=repeat, args=(step, until), name=f"worker-{name}", daemon=True)

    # --- tasks ------------------------------------------------------------------------------------------------------

    def _do_next_task(self) -> float:
        with self._turn:
            task = None if self._ending.is_set() else claim_task(self.id)
            if task is None:
                close_old_connections()
                # Whoever comes next looks when it is time again.
                self._ending.wait(LOOK_EVERY)
                return 0.0
            self._held.add(task.id)
        try:
            run_task(self.id, task)
        finally:
            self._held.discard(task.id)
        return 0.0

    def _renew(self) -> float:
        if held := self._held.copy():
            renew_leases(self.id, held)
        return float(settings.TASK_LEASE_SECONDS / RENEWALS_PER_LEASE)

    def _tick(self) -> float:
        return min(self._ticker.run_due(), TICK_WITHIN)


def repeat(step: Callable[[], float], until: Event) -> None:
    """`step` says after how many seconds it wants to go on. Whatever goes wrong, it goes on, and never at once."""
    wait, next_wait = 0.0, WAIT_AT_FIRST
    while not until.wait(wait):
        try:
            wait, next_wait = _with_a_fresh_connection(step), WAIT_AT_FIRST
        except Exception as error:
            wait, next_wait = next_wait, min(2 * next_wait, WAIT_AT_MOST)
            is_away = isinstance(error, OperationalError | InterfaceError)
            logger.warning("the worker goes on in %s s: %r", wait, error, exc_info=not is_away)
    connections.close_all()


def _with_a_fresh_connection(step: Callable[[], float]) -> float:
    close_old_connections()
    try:
        return step()
    finally:
        close_old_connections()


def run_task(worker: UUID, task: Task) -> None:
    """Runs it and writes down what came of it, if it is still ours to say."""
    try:
        value = _call(task)
    except (OperationalError, InterfaceError) as error:
        logger.warning("task %s, %s, is put back: %r", task.id, task.task_path, error)
        is_ours = give_back(worker, task, error)
    except BaseException as error:
        # SystemExit, too: it would end this thread and leave the task to whoever takes it back.
        is_ours = fail(worker, task, error)
        _tell(task_finished, task)
    else:
        is_ours = succeed(worker, task, value)
        _tell(task_finished, task)
    if not is_ours:
        logger.warning("task %s, %s, was taken for dead and is another worker's", task.id, task.task_path)


def _call(task: Task) -> Any:
    result = task.task_result
    _tell(task_started, task)
    # The library has two types for a result, and its context wants the other one.
    context = [TaskContext(task_result=result)] if result.task.takes_context else []  # type: ignore[arg-type]
    return normalize_json(result.task.call(*context, *result.args, **result.kwargs))


def _tell(signal: Signal, task: Task) -> None:
    """Whoever watches tasks: the library logs those that fail."""
    try:
        result = task.task_result
    except (ImportError, SuspiciousOperation):
        logger.exception("task %s is none of this release: %s", task.id, task.task_path)
    else:
        signal.send_robust(type(result.task.get_backend()), task_result=result)
