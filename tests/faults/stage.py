"""Where a story happens: a database, perhaps Redis, and the serving processes, each story with rows of its own."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings as django_settings

from tests.faults import truth
from tests.faults.services import Parley, Postgres, Redis, until


@dataclass(frozen=True)
class Setup:
    """`processes` of them share PostgreSQL and Redis; alone, one serves SQLite with nothing else."""

    name: str
    processes: int = 2
    is_alone: bool = False


TWO_PROCESSES = Setup(f"PostgreSQL, Redis, 2 x {django_settings.SERVER}")
SQLITE = Setup(f"SQLite, 1 x {django_settings.SERVER}", processes=1, is_alone=True)


@dataclass
class Stage:
    servers: list[Parley]
    demo: list[Any]
    ask: truth.Ask
    services: World

    @property
    def postgres(self) -> Postgres:
        return self.services.postgres

    @property
    def redis(self) -> Redis:
        return self.services.redis

    @property
    def urls(self) -> list[str]:
        return [server.url for server in self.servers]


class World:
    """PostgreSQL and Redis for all stories. A database that has the demo's people is copied for each of them."""

    TEMPLATE = "parley"

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.postgres, self.redis = Postgres(directory), Redis(directory)
        self.postgres.start()
        self.redis.start()
        self.postgres.create(self.TEMPLATE)
        first = Parley(directory, DATABASE_URL=self.postgres.url(self.TEMPLATE), REDIS_URL=self.redis.url)
        first.manage("migrate", "--verbosity", "0")
        self.demo = first.demo()
        self.stories = 0

    @contextmanager
    def stage(self, setup: Setup, settings: list[dict[str, str]]) -> Iterator[Stage]:
        """`settings` are those of each process, the last one's also of all further ones."""
        self.stories += 1
        stage = self._alone() if setup.is_alone else self._together()
        for number in range(setup.processes):
            own = {**self._services(setup), **settings[min(number, len(settings) - 1)]}
            stage.servers.append(Parley(self._directory(setup), **own))
        try:
            for server in stage.servers:
                server.launch()
            for server in stage.servers:
                until(server.is_up, within=60)
            if setup.is_alone:
                stage.demo = stage.servers[0].demo()
            yield stage
        finally:
            for server in stage.servers:
                server.kill()

    def end(self) -> None:
        self.redis.kill()
        self.postgres.kill(signal.SIGINT)

    def _together(self) -> Stage:
        self.postgres.stand_up()
        self.redis.stand_up()
        self.redis.ask("FLUSHALL")
        self.postgres.create(self._database, template=self.TEMPLATE)
        return Stage([], self.demo, truth.postgres(self.postgres.url(self._database)), self)

    def _alone(self) -> Stage:
        directory = self.directory / self._database
        directory.mkdir()
        return Stage([], [], truth.sqlite(directory / "data" / "parley.sqlite3"), self)

    def _services(self, setup: Setup) -> dict[str, str]:
        if setup.is_alone:
            return {}
        return {"DATABASE_URL": self.postgres.url(self._database), "REDIS_URL": self.redis.url}

    def _directory(self, setup: Setup) -> Path:
        return self.directory / self._database if setup.is_alone else self.directory

    @property
    def _database(self) -> str:
        return f"story_{self.stories}"


@contextmanager
def make_world() -> Iterator[World]:
    """In a directory that PostgreSQL's own user may enter."""
    with TemporaryDirectory(prefix="parley-faults-") as name:
        world = World(Path(name))
        try:
            yield world
        finally:
            world.end()
