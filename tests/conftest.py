"""Fixtures: the cast, an API client for each of them, what was published, and sockets."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import SyncToAsync
from channels.layers import channel_layers
from django.conf import settings as django_settings
from django.db import connection, connections, transaction
from django.test import TransactionTestCase, override_settings
from django.test.utils import teardown_databases
from django_tasks import TaskResultStatus
from execnet import XSpec
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from common import ratelimit, slots
from common.ids import new_id
from config.realtime import BACKGROUND
from messaging.actions import start_conversation
from messaging.models import Conversation, Kind
from realtime import publishing
from realtime.database import executor
from realtime.events import Event
from realtime.handshakes import handshakes
from tests import databases
from tests.cast import Cast, Person, make_cast
from tests.clients import Client
from tests.faults.services import Redis
from tests.hosts import Host, serving
from tests.sockets import Socket
from work.holding import claim_task
from work.worker import run_task

# How long a machine takes is no business of a test's.
hypothesis_settings.register_profile("any machine", deadline=None)
hypothesis_settings.load_profile("any machine")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """All that was imported stays: nobody need look through it again and again for what may go."""
    gc.disable()
    yield
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


class OwnRedis(Redis):
    """Ends with us, however we end."""

    def command(self) -> list[str]:
        return ["setpriv", "--pdeathsig", "INT", *super().command()]


def pytest_xdist_setupnodes(config: pytest.Config, specs: list[XSpec]) -> None:
    """On Redis, each process that shares the tests has a server of its own: what is published on one is heard there by
    all, in whatever database.
    """
    if not django_settings.REDIS_URL:
        return
    directory = Path(mkdtemp(prefix="parley-redis."))
    config.add_cleanup(lambda: rmtree(directory))
    for spec in specs:
        redis = OwnRedis(directory)
        redis.start()
        config.add_cleanup(redis.kill)
        spec.env["REDIS_URL"] = redis.url
        spec.execmodel = "main_thread_only"  # as xdist wants it, who else makes the spec anew from its text


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Those of production take a tenth of a second each."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """In place of pytest-django's, which migrates an empty database in every process of every run."""
    with django_db_blocker.unblock():
        made = databases.set_up()
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def _quick_to_empty() -> Iterator[None]:
    """Django's own way writes all permissions anew after each test that commits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: databases.empty())
        yield


@pytest.fixture(scope="session", autouse=True)
def files_directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the bytes of uploads lie, and nothing else."""
    kept, uploads = tmp_path_factory.mktemp("kept"), tmp_path_factory.mktemp("uploads")
    storages: dict[str, Any] = dict(django_settings.STORAGES)
    on_disk = storages["files"]
    storages["files"] = {**on_disk, "OPTIONS": {**on_disk["OPTIONS"], "location": kept}}
    with override_settings(STORAGES=storages, UPLOADS_DIR=uploads, FILE_UPLOAD_TEMP_DIR=uploads):
        yield kept


@contextmanager
def shared_rows(blocker: DjangoDbBlocker) -> Iterator[None]:
    """For a fixture of a module: the rows that are made in it are there for all tests of the module, which may not
    commit. What each of them does to the rows is rolled back.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    ratelimit.forget()
    slots.forget()
    handshakes.forget()


class Api:
    """A person's HTTP client: JSON in, JSON out, under /api/v1/."""

    def __init__(self, person: Person | None = None, **headers: str) -> None:
        self.client = Client(headers={**(person.bearer if person else {}), **headers})

    def call(self, method: str, path: str, body: object = None) -> Any:
        options = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(self.client, method)(f"/api/v1/{path}", **options)

    def get(self, path: str) -> Any:
        return self.call("get", path)

    def post(self, path: str, body: object = None) -> Any:
        return self.call("post", path, {} if body is None else body)

    def patch(self, path: str, body: object) -> Any:
        return self.call("patch", path, body)

    def put(self, path: str, body: object) -> Any:
        return self.call("put", path, body)

    def delete(self, path: str) -> Any:
        return self.call("delete", path)


ApiFactory = type[Api]


@pytest.fixture
def api() -> ApiFactory:
    return Api


class Published:
    """`published()` gives what went through the door since it was last asked: [(event, audience), ...].

    A test's transaction never commits, so asking runs what waits for the commit; what was rolled back is not among it.
    """

    def __init__(self) -> None:
        self.heard: list[tuple[Event, frozenset[UUID]]] = []

    def __call__(self) -> list[tuple[Event, frozenset[UUID]]]:
        waiting, connection.run_on_commit = connection.run_on_commit, []
        for callback in (entry[1] for entry in waiting):
            callback()
        heard, self.heard = self.heard, []
        return heard


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Published:
    published = Published()
    monkeypatch.setattr(publishing, "_send", lambda event, members: published.heard.append((event, members)))
    return published


@pytest.fixture
def support(cast: Cast) -> Conversation:
    """Carol's open support conversation."""
    return start_conversation(cast.carol.actor, kind=Kind.SUPPORT).conversation


@pytest.fixture
def client_id() -> str:
    return str(uuid4())


RunTasks = Callable[[], list[str]]


@pytest.fixture
def run_tasks(db: None) -> RunTasks:
    """`run_tasks()` does what a worker would, here and now: the paths of the tasks that were ready. None may fail."""

    def run_ready_tasks() -> list[str]:
        worker, paths = new_id(), []
        while task := claim_task(worker):
            run_task(worker, task)
            assert task.status == TaskResultStatus.SUCCESSFUL, task.traceback
            paths.append(task.task_path)
        return paths

    return run_ready_tasks


# --- sockets --------------------------------------------------------------------------------------------------------


@pytest.fixture
def committed_cast(transactional_db: None) -> Cast:
    """The same people, committed: a socket's threads have database connections of their own."""
    with transaction.atomic():
        return make_cast()


@pytest.fixture
def only_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a serving process does by itself, it does here when the test calls it."""
    for loop in BACKGROUND.loops:
        monkeypatch.setattr(loop, "every", 3600)


@pytest.fixture
def no_place_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits is told their place by a timer, so between any two frames: not where the frames are counted."""
    (queues,) = (loop for loop in BACKGROUND.loops if loop.name == "tell queues")
    monkeypatch.setattr(queues, "every", 3600)


SocketFactory = Callable[..., Coroutine[Any, Any, Socket]]


@pytest.fixture
async def socket(committed_cast: Cast, no_place_by_the_clock: None) -> AsyncIterator[SocketFactory]:
    """`await socket(person)` is a socket that has said hello; all are closed at the end."""
    opened: list[Socket] = []

    async def open_socket(person: Person | None = None, *, hello: bool = True, **options: Any) -> Socket:
        one = Socket(**options)
        opened.append(one)
        await one.connect()
        if person and hello:
            await one.hello(person)
        return one

    yield open_socket
    for one in opened:
        await one.disconnect()
    await channel_layers["default"].flush()


@pytest.fixture(scope="session", autouse=True)
def _close_the_threads_connections(django_db_setup: None) -> Iterator[None]:
    """Database threads hold connections; the test database cannot be dropped under them."""
    yield
    threads = executor()
    all_at_once = Barrier(threads._max_workers)
    closing = [threads.submit(_close, all_at_once) for _ in range(threads._max_workers)]
    closing.append(SyncToAsync.single_thread_executor.submit(connections.close_all))
    for future in closing:
        future.result()
    threads.shutdown()


def _close(all_at_once: Barrier) -> None:
    all_at_once.wait(10)
    connections.close_all()


# --- hosts ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def listener() -> Iterator[Host]:
    """A server on this machine that nothing may reach."""
    with serving() as host:
        yield host


@pytest.fixture
def host(listener: Host, settings: Any) -> Host:
    """The same, named as one that may be."""
    settings.PRIVATE_HOSTS = [listener.place]
    return listener
