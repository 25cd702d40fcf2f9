"""A task is one worker's at a time, is another's when that one has died, and ends once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connections
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries

from common.clock import from_now
from common.ids import new_id
from realtime.models import Epoch
from tests.work import tasks
from work.holding import (
    claim_task,
    forget_finished_tasks,
    give_back,
    renew_leases,
    succeed,
    take_back_from_the_dead,
)
from work.models import TaskLease
from work.worker import run_task

HERE, THERE = new_id(), new_id()


def statuses() -> list[str]:
    return list(DBTaskResult.objects.order_by("id").values_list("status", flat=True))


def claimed(worker: UUID) -> DBTaskResult[Any, Any]:
    task = claim_task(worker)
    assert task
    return task


def let_its_lease_run_out(worker: UUID) -> None:
    assert TaskLease.objects.filter(worker=worker).update(expires_at=from_now(-1)) == 1


def test_a_task_is_claimed_run_and_done_with(db: None) -> None:
    effect = str(new_id())
    tasks.have_effect.enqueue(effect)
    task = claimed(HERE)
    assert statuses() == [TaskResultStatus.RUNNING]
    assert [lease.worker for lease in TaskLease.objects.filter(pk=task.pk)] == [HERE]

    run_task(HERE, task)
    assert statuses() == [TaskResultStatus.SUCCESSFUL]
    assert DBTaskResult.objects.get().return_value == "done"
    assert Epoch.objects.filter(pk=effect).count() == 1
    assert not TaskLease.objects.exists()


def test_a_test_that_enqueues_runs_them_itself(db: None, run_tasks: Callable[[], list[str]]) -> None:
    effects = [str(new_id()), str(new_id())]
    for effect in effects:
        tasks.have_effect.enqueue(effect)
    assert run_tasks() == ["tests.work.tasks.have_effect"] * 2
    assert run_tasks() == []
    assert Epoch.objects.filter(pk__in=effects).count() == 2


def test_ids_sort_by_time(db: None) -> None:
    ids = [tasks.have_effect.enqueue(str(new_id())).id for _ in range(3)]
    assert ids == sorted(ids)
    assert {UUID(id).version for id in ids} == {7}


def test_to_look_in_vain_is_one_query(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert claim_task(HERE) is None


def test_one_that_is_for_later_is_not_claimed_yet(db: None) -> None:
    tasks.have_effect.enqueue(str(new_id()))
    DBTaskResult.objects.update(run_after=from_now(60))
    assert claim_task(HERE) is None


def test_many_at_once_claim_each_task_once(transactional_db: None) -> None:
    expected = {tasks.have_effect.enqueue(str(new_id())).id for _ in range(12)}
    at_once = Barrier(4)

    def claim_all() -> list[str]:
        found = []
        at_once.wait(10)
        while task := claim_task(new_id()):
            found.append(str(task.id))
        connections.close_all()
        return found

    with ThreadPoolExecutor(4) as threads:
        claims = [future.result() for future in [threads.submit(claim_all) for _ in range(4)]]
    # Whoever skips what another has locked may go home early: the rest is for those who are still there.
    found = [id for one in claims for id in one]
    assert len(found) == len(expected)
    assert set(found) == expected


# --- a worker dies --------------------------------------------------------------------------------------------------


def test_what_the_dead_held_is_ready_again(db: None) -> None:
    tasks.have_effect.enqueue(str(new_id()))
    claimed(HERE)
    take_back_from_the_dead()
    assert claim_task(THERE) is None

    let_its_lease_run_out(HERE)
    take_back_from_the_dead()
    run_task(THERE, claimed(THERE))
    assert statuses() == [TaskResultStatus.SUCCESSFUL]
    assert DBTaskResult.objects.get().worker_ids == [str(HERE), str(THERE)]


def test_a_lease_that_is_renewed_is_not_taken(db: None) -> None:
    tasks.have_effect.enqueue(str(new_id()))
    task = claimed(HERE)
    let_its_lease_run_out(HERE)
    renew_leases(HERE, [task.id])
    take_back_from_the_dead()
    assert statuses() == [TaskResultStatus.RUNNING]


def test_whoever_was_thought_dead_has_no_say_any_more(db: None) -> None:
    tasks.have_effect.enqueue(str(new_id()))
    before = claimed(HERE)
    let_its_lease_run_out(HERE)
    take_back_from_the_dead()
    after = claimed(THERE)

    renew_leases(HERE, [before.id])
    assert not succeed(HERE, before, "from the grave")
    assert statuses() == [TaskResultStatus.RUNNING]
    assert succeed(THERE, after, "done")
    assert DBTaskResult.objects.get().return_value == "done"


def test_what_kills_its_workers_is_given_up(db: None, settings: Any) -> None:
    tasks.have_effect.enqueue(str(new_id()))
    for _ in range(settings.TASK_ATTEMPTS):
        claimed(HERE)
        let_its_lease_run_out(HERE)
        take_back_from_the_dead()
    assert claim_task(HERE) is None
    (task,) = DBTaskResult.objects.all()
    assert (task.status, task.exception_class_path) == (TaskResultStatus.FAILED, "work.holding.GaveUp")
    assert task.traceback == f"work.holding.GaveUp: 3 workers died at it, the last was {HERE}.\n"


# --- a task fails ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("enqueue", "reason"),
    [
        (tasks.break_down.enqueue, "LookupError: There is no such thing."),
        (tasks.give_what_is_no_json.enqueue, "TypeError: "),
        (lambda: _enqueue_unknown("tests.work.tasks.of_last_year"), "ImportError: "),
        (lambda: _enqueue_unknown("os.getcwd"), "SuspiciousOperation: "),
    ],
    ids=["raises", "gives no JSON", "of another release", "no task"],
)
def test_one_that_fails_says_why_and_stops_nothing(
    db: None, enqueue: Callable[[], object], reason: str
) -> None:
    enqueue()
    tasks.have_effect.enqueue(str(new_id()))
    run_task(HERE, claimed(HERE))
    run_task(HERE, claimed(HERE))
    assert statuses() == [TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL]
    assert reason in DBTaskResult.objects.earliest("id").traceback
    assert not TaskLease.objects.exists()


def _enqueue_unknown(path: str) -> None:
    tasks.have_effect.enqueue("")
    DBTaskResult.objects.update(task_path=path)


def test_what_fails_for_the_databases_sake_is_tried_again_later(db: None, settings: Any) -> None:
    tasks.find_the_database_away.enqueue()
    for _ in range(settings.TASK_ATTEMPTS - 1):
        run_task(HERE, claimed(HERE))
        assert statuses() == [TaskResultStatus.READY]
        assert claim_task(HERE) is None
        DBTaskResult.objects.update(run_after=from_now(0))
    run_task(HERE, claimed(HERE))
    assert statuses() == [TaskResultStatus.FAILED]
    assert "the connection is lost" in DBTaskResult.objects.get().traceback


def test_what_is_another_workers_is_not_put_back(db: None) -> None:
    tasks.have_effect.enqueue(str(new_id()))
    assert not give_back(THERE, claimed(HERE), OperationalError())
    assert statuses() == [TaskResultStatus.RUNNING]


# --- what is over ---------------------------------------------------------------------------------------------------


def test_finished_tasks_are_forgotten_after_a_week(db: None) -> None:
    for _ in range(4):
        tasks.have_effect.enqueue(str(new_id()))
    for _ in range(3):
        run_task(HERE, claimed(HERE))
    old, old_but_running, recent, ready = DBTaskResult.objects.order_by("id")
    long_ago = from_now(-8 * 24 * 60 * 60)
    DBTaskResult.objects.filter(pk__in=[old.pk, old_but_running.pk]).update(finished_at=long_ago)
    DBTaskResult.objects.filter(pk=old_but_running.pk).update(status=TaskResultStatus.RUNNING)

    forget_finished_tasks()
    assert set(DBTaskResult.objects.all()) == {old_but_running, recent, ready}
