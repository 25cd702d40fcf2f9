"""Workers as processes of their own, on the test's database."""

from __future__ import annotations

import sys
from pathlib import Path

from django.db import connection

from tests.faults.services import Parley, Part


class WorkerProcess(Part):
    def __init__(self, directory: Path, **settings: str) -> None:
        super().__init__(directory)
        self.settings = settings

    def environment(self) -> dict[str, str]:
        return super().environment() | on_the_tests_database() | self.settings

    def command(self) -> list[str]:
        return [sys.executable, "manage.py", "worker"]

    def is_up(self) -> bool:
        assert self.process
        if self.process.poll() is not None:
            raise RuntimeError(f"the worker ended:\n{self.log.read_text()[-2000:]}")
        return self.has_said("Parley works in the background")

    def has_said(self, words: str) -> bool:
        return words in self.log.read_text()


class EmbeddedWorker(Parley):
    def environment(self) -> dict[str, str]:
        return {**Part.environment(self), **super().environment(), **on_the_tests_database(), "REDIS_URL": ""}

    def command(self) -> list[str]:
        return [sys.executable, "manage.py", "serve"]


def on_the_tests_database() -> dict[str, str]:
    name = str(connection.settings_dict["NAME"])
    return {"DJANGO_SETTINGS_MODULE": "tests.work.settings", "TEST_DATABASE": name}
