"""A worker's hold on the tasks it runs: claimed with a lease, kept while it lives, and let go of with what came of it.

A lease is renewed by the database's clock. That of a worker that died runs out, and its task is ready again: whatever
a task does, it may do a second time. A worker that was only thought dead finds its lease gone, and what it has to say
of the task is not written any more.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from common.clock import from_now
from work.models import TaskLease

logger = logging.getLogger(__name__)

# What fails for the database's sake is tried again after so long, and twice as long the next time.
AGAIN_AFTER_SECONDS = 2.0

Task = DBTaskResult[Any, Any]


class GaveUp(Exception):
    """Why a task has failed that was begun so often and never ended."""


def claim_task(worker: UUID) -> Task | None:
    """The next one that is ready, if any: looked for without a lock, since most of the time there is none."""
    if not DBTaskResult.objects.ready().exists():
        return None
    with transaction.atomic():
        task = DBTaskResult.objects.ready().get_locked()
        if task:
            task.claim(str(worker))
            TaskLease.objects.create(id=task.id, worker=worker, expires_at=_expiry())
    return task


def renew_leases(worker: UUID, tasks: Iterable[UUID]) -> None:
    TaskLease.objects.filter(worker=worker, pk__in=list(tasks)).update(expires_at=_expiry())


def succeed(worker: UUID, task: Task, value: Any) -> bool:
    """False when it is not ours to say any more; so with the others."""
    with transaction.atomic():
        is_ours = _let_go(worker, task)
        if is_ours:
            task.set_successful(value)
    return is_ours


def fail(worker: UUID, task: Task, error: BaseException) -> bool:
    with transaction.atomic():
        is_ours = _let_go(worker, task)
        if is_ours:
            task.set_failed(error)
    return is_ours


def give_back(worker: UUID, task: Task, error: BaseException) -> bool:
    """To be tried again, and given up with this error when that was often enough."""
    with transaction.atomic():
        is_ours = _let_go(worker, task)
        if is_ours:
            _try_again(task, error, after=AGAIN_AFTER_SECONDS * 2 ** (len(task.worker_ids) - 1))
    return is_ours


def take_back_from_the_dead() -> None:
    for lease in TaskLease.objects.filter(expires_at__lt=Now()):
        with transaction.atomic():
            # Asked again: it may have been renewed, or taken back by another, while we came to it.
            is_over, _ = TaskLease.objects.filter(
                pk=lease.pk, worker=lease.worker, expires_at__lt=Now()
            ).delete()
            task = _running(lease.pk) if is_over else None
            if task:
                logger.warning("worker %s died at task %s, %s", lease.worker, task.id, task.task_path)
                died = GaveUp(f"{len(task.worker_ids)} workers died at it, the last was {lease.worker}.")
                _try_again(task, died)


def _try_again(task: Task, error: BaseException, *, after: float = 0.0) -> None:
    if len(task.worker_ids) >= settings.TASK_ATTEMPTS:
        logger.error("task %s, %s, is given up: %r", task.id, task.task_path, error)
        task.set_failed(error)
    else:
        again = {"run_after": from_now(after)} if after else {}
        DBTaskResult.objects.filter(pk=task.pk).update(status=TaskResultStatus.READY, **again)


def _running(id: UUID) -> Task | None:
    return DBTaskResult.objects.running().select_for_update().filter(pk=id).first()


def _let_go(worker: UUID, task: Task) -> bool:
    deleted, _ = TaskLease.objects.filter(pk=task.pk, worker=worker).delete()
    return bool(deleted)


def _expiry() -> Any:
    return from_now(settings.TASK_LEASE_SECONDS)


# --- what is over ---------------------------------------------------------------------------------------------------

KEEP_DAYS = 7
AT_ONCE = 500


def forget_finished_tasks() -> None:
    """A few at a time: on SQLite whoever sends waits for us."""
    old = DBTaskResult.objects.finished().filter(finished_at__lt=from_now(-KEEP_DAYS * 24 * 60 * 60))
    while ids := list(old.order_by().values_list("pk", flat=True)[:AT_ONCE]):
        DBTaskResult.objects.filter(pk__in=ids).delete()
