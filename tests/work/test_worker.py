"""Real workers: what is enqueued is done, whoever dies."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from common.clock import from_now
from common.ids import new_id
from realtime.models import Epoch
from tests.databases import nobody_else_let_in
from tests.faults.services import SERVERS, Part, until
from tests.work.processes import EmbeddedWorker, WorkerProcess
from tests.work.tasks import ONCE_A_DAY, have_effect, wait_halfway
from work.models import TaskLease, Tick

ENDS_WITHIN = 20.0

Start = Callable[..., WorkerProcess]


@pytest.fixture
def parts(transactional_db: None) -> Iterator[list[Part]]:
    """All that a test has started: none is left when its database is emptied."""
    parts: list[Part] = []
    yield parts
    for part in parts:
        part.kill()


@pytest.fixture
def start(parts: list[Part], tmp_path: Path) -> Start:
    def start_worker(**settings: str) -> WorkerProcess:
        worker = WorkerProcess(tmp_path, **settings)
        parts.append(worker)
        worker.start()
        return worker

    return start_worker


def statuses() -> list[str]:
    return list(DBTaskResult.objects.order_by("id").values_list("status", flat=True))


def is_done() -> bool:
    return set(statuses()) == {TaskResultStatus.SUCCESSFUL}


def begun(place: Path) -> list[int]:
    """The processes in which the task began, in order."""
    file = place / "begun"
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def ended(part: Part) -> int:
    assert part.process
    return part.process.wait(ENDS_WITHIN)


def test_what_commits_is_run_and_what_is_rolled_back_is_not(start: Start) -> None:
    kept, dropped = str(new_id()), str(new_id())
    start()
    with transaction.atomic():
        have_effect.enqueue(dropped)
        transaction.set_rollback(True)
    with transaction.atomic():
        have_effect.enqueue(kept)
    until(is_done)
    assert Epoch.objects.filter(pk=kept).exists()
    assert not Epoch.objects.filter(pk=dropped).exists()


def test_one_worker_is_killed_in_the_middle_and_another_finishes(start: Start, tmp_path: Path) -> None:
    effect = str(new_id())
    wait_halfway.enqueue(effect, str(tmp_path))
    first = start()
    until(lambda: len(begun(tmp_path)) == 1)
    first.kill()
    assert statuses() == [TaskResultStatus.RUNNING]

    second = start()
    until(lambda: len(begun(tmp_path)) == 2)
    (tmp_path / "go").touch()
    until(is_done)
    assert first.process
    assert second.process
    assert begun(tmp_path) == [first.process.pid, second.process.pid]
    assert Epoch.objects.filter(pk=effect).count() == 1
    assert len(DBTaskResult.objects.get().worker_ids) == 2
    assert not TaskLease.objects.exists()


def test_a_task_that_lasts_longer_than_a_lease_stays_with_its_worker(start: Start, tmp_path: Path) -> None:
    wait_halfway.enqueue(str(new_id()), str(tmp_path))
    start(), start()
    until(lambda: len(begun(tmp_path)) == 1)
    first_lease = TaskLease.objects.get().expires_at
    # It would have run out by now, and somebody has looked for the dead.
    until(lambda: looked_for_the_dead_after(first_lease))
    (tmp_path / "go").touch()
    until(is_done)
    assert len(begun(tmp_path)) == 1


def looked_for_the_dead_after(moment: object) -> bool:
    return Tick.objects.filter(name="take tasks back from the dead", ran_at__gt=moment).exists()


def test_told_to_end_it_ends_what_it_is_at_and_takes_on_nothing_more(start: Start, tmp_path: Path) -> None:
    wait_halfway.enqueue(str(new_id()), str(tmp_path))
    worker = start(WORKER_THREADS="1")
    until(lambda: len(begun(tmp_path)) == 1)
    worker.send(signal.SIGTERM)
    until(lambda: worker.has_said("Ends what it is at."))
    have_effect.enqueue(str(new_id()))
    (tmp_path / "go").touch()
    assert ended(worker) == 0
    assert statuses() == [TaskResultStatus.SUCCESSFUL, TaskResultStatus.READY]


def test_told_twice_it_ends_at_once(start: Start, tmp_path: Path) -> None:
    wait_halfway.enqueue(str(new_id()), str(tmp_path))
    worker = start()
    until(lambda: len(begun(tmp_path)) == 1)
    worker.send(signal.SIGINT)
    until(lambda: worker.has_said("Ends what it is at."))
    worker.send(signal.SIGINT)
    assert ended(worker) == -signal.SIGINT
    assert statuses() == [TaskResultStatus.RUNNING]


def test_one_task_does_not_wait_for_another(start: Start, tmp_path: Path) -> None:
    wait_halfway.enqueue(str(new_id()), str(tmp_path))
    start(WORKER_THREADS="2")
    until(lambda: len(begun(tmp_path)) == 1)
    have_effect.enqueue(str(new_id()))
    until(lambda: statuses() == [TaskResultStatus.RUNNING, TaskResultStatus.SUCCESSFUL])


def test_of_two_workers_one_does_what_is_due(start: Start) -> None:
    workers = [start(), start()]
    for times in range(1, 5):
        until(lambda times=times: Epoch.objects.count() == times)  # type: ignore[misc]
        assert Tick.objects.filter(name=ONCE_A_DAY, due_at__gt=from_now(60)).update(due_at=from_now(-1)) == 1
    until(lambda: Epoch.objects.count() == 5)
    for worker in workers:
        worker.send(signal.SIGTERM)
    assert [ended(worker) for worker in workers] == [0, 0]
    assert Epoch.objects.count() == 5


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_on_its_own_does_it_too(server: str, parts: list[Part], tmp_path: Path) -> None:
    effect = str(new_id())
    serving = EmbeddedWorker(tmp_path, SERVER=server)
    parts.append(serving)
    wait_halfway.enqueue(effect, str(tmp_path))
    serving.start()
    until(lambda: len(begun(tmp_path)) == 1)
    # What it is at, it ends.
    serving.send(signal.SIGTERM)
    until(lambda: not Part.is_up(serving))
    (tmp_path / "go").touch()
    assert ended(serving) == 0
    assert is_done()
    assert Epoch.objects.filter(pk=effect).count() == 1


@pytest.mark.skipif(not settings.IS_POSTGRESQL, reason="a database that can go away (make test-services)")
def test_the_database_goes_away_and_comes_back(start: Start) -> None:
    ours = sessions()
    worker = start()
    until(lambda: bool(sessions() - ours))
    with nobody_else_let_in():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) pid", [list(sessions() - ours)])
        until(lambda: worker.has_said("the worker goes on in"))
        have_effect.enqueue(str(new_id()))
    until(is_done)


def sessions() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return {pid for (pid,) in cursor.fetchall()}
