"""What is done again and again is done by one worker each period, and one job that fails stops no other."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.utils.module_loading import import_string
from pytest_django import DjangoAssertNumQueries

from common.clock import from_now
from work.models import Tick
from work.ticker import Periodic, Ticker

DAY = 24 * 60 * 60.0


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def jobs(db: None, done: list[str]) -> list[Periodic]:
    return [
        Periodic("sweep", DAY, lambda: done.append("sweep")),
        Periodic("wash", DAY / 2, lambda: done.append("wash")),
    ]


def make_due(name: str) -> None:
    assert Tick.objects.filter(name=name).update(due_at=from_now(-1)) == 1


def test_a_job_is_done_when_it_is_due_and_not_before(jobs: list[Periodic], done: list[str]) -> None:
    ticker = Ticker(jobs)
    ticker.run_due()
    assert sorted(done) == ["sweep", "wash"]

    done.clear()
    ticker.run_due()
    assert done == []

    make_due("wash")
    ticker.run_due()
    assert done == ["wash"]


def test_one_worker_does_it_each_period(jobs: list[Periodic], done: list[str]) -> None:
    for _ in range(2):
        Ticker(jobs).run_due()
    assert sorted(done) == ["sweep", "wash"]


def test_it_says_how_long_there_is_nothing_to_do(jobs: list[Periodic]) -> None:
    ticker = Ticker(jobs)
    assert ticker.run_due() == DAY / 2
    Tick.objects.filter(name="sweep").update(due_at=from_now(60))
    assert 0 < ticker.run_due() <= 60


def test_to_look_in_vain_is_one_query(
    jobs: list[Periodic], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ticker = Ticker(jobs)
    ticker.run_due()
    with django_assert_num_queries(1):
        ticker.run_due()


def test_one_that_fails_stops_no_other_and_waits_for_its_next_time(
    jobs: list[Periodic], done: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    ticker = Ticker([Periodic("stumble", DAY, lambda: done.remove("what is not there")), *jobs])
    ticker.run_due()
    ticker.run_due()
    assert sorted(done) == ["sweep", "wash"]
    assert [record.message for record in caplog.records if record.name == "work.ticker"] == [
        "stumble failed and will be tried again in 86400.0 seconds"
    ]


def test_what_is_no_job_any_more_is_left_alone(jobs: list[Periodic], done: list[str]) -> None:
    Tick.objects.create(name="of last year", due_at=from_now(-1))
    Ticker(jobs).run_due()
    assert sorted(done) == ["sweep", "wash"]


def test_without_jobs_there_is_never_anything_to_do(db: None) -> None:
    assert Ticker([]).run_due() == float("inf")


def test_the_jobs_of_the_product_run(db: None, caplog: pytest.LogCaptureFixture) -> None:
    jobs = import_string(settings.PERIODIC)
    Ticker(jobs).run_due()
    assert Tick.objects.exclude(ran_at=None).count() == len(jobs) == len({job.name for job in jobs})
    assert caplog.records == []
