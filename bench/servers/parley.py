"""Parley: one process of `manage.py serve`, PostgreSQL, Redis, every promise kept; for files, nginx and a second."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg

from bench.load.driver import Values
from bench.machine import LOCALHOST, ROOT, Machine, Process, cpu_seconds, free_port, proportional_kib
from bench.servers.nginx import Nginx
from bench.servers.server import BODY, Group, Pair, Server

# The load generator is one address, and sends faster than a person.
OF_ADDRESSES, OF_SENDERS = ("HANDSHAKES",), ("SENDS", "TENANT_SENDS", "SOCKET_FRAMES")
# As our own client does: what a group hears it tells of once a second.
RECEIPT_EVERY_MS, RECEIPT_IN_GROUP_EVERY_MS = 250, 1000
# With the models of the checkout, so in its directory and after Django has found them.
RUN_SCRIPT = """
import django, runpy, sys
django.setup()
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
MAKE_ROOM = """
import django
django.setup()
from accounts.models import Organisation
from attachments.models import UploadPolicy
for one in Organisation.objects.all():
    UploadPolicy.objects.update_or_create(organisation=one, defaults={"quota": 10**12})
"""
PING = 'ping 100 1000 {"type":"ping","seen":%f}'


def without_limits(names: Iterable[str]) -> dict[str, str]:
    return {f"{name}_{how}": "1000000" for name in names for how in ("PER_SECOND", "BURST")}


class Parley(Server):
    measures = Server.measures | {"sync", "tenants", "reads", "files"}

    def __init__(self, machine: Machine, *, checkout: Path, asgi: str) -> None:
        super().__init__(machine)
        self.checkout = checkout
        self.asgi = asgi
        self.name, self.title = f"parley-{asgi}", f"Parley, {asgi}"
        self.url = machine.postgres.url("parley")
        self.limits_senders = False
        self.data: Any = None
        self.uploads: Process | None = None

    def why_not(self) -> str:
        chooses = '"SERVER"' in (self.checkout / "config" / "settings.py").read_text()
        return "" if chooses or self.asgi == "daphne" else "this checkout serves with daphne only"

    def prepare(self) -> None:
        people = self.machine.directory / "parley.json"
        if not people.exists():
            self.machine.postgres.create("parley")
            self.ask_python("manage.py", "migrate", "--verbosity", "0", "--no-input")
            self.ask_python("-c", RUN_SCRIPT, str(ROOT / "bench" / "servers" / "parley_data.py"), str(people))
            self.machine.postgres.analyse("parley")
        self.data = json.loads(people.read_text())

    def launch(self) -> Process:
        return self._serve(self.name, self.port)

    def _serve(self, name: str, port: int, **settings: str) -> Process:
        return Process(
            [self._python, "manage.py", "serve"],
            log=self.machine.directory / f"{name}.log",
            environment={**self._environment, "PORT": str(port), **settings},
            directory=self.checkout,
        )

    def start(self) -> None:
        super().start()
        with urlopen(f"http://{self.address}/readyz", timeout=30):
            pass

    @contextmanager
    def limiting_senders(self) -> Iterator[None]:
        """As it comes, but for what one address may do. Another process, so that nothing of the former is left."""
        self.stop()
        self.limits_senders = True
        try:
            self.start()
            yield
        finally:
            self.stop()
            self.limits_senders = False

    @contextmanager
    def deployed(self) -> Iterator[None]:
        """As deploy/README.md has it: behind nginx, and files come in at a process of their own."""
        own, port = self.port, free_port()
        with ExitStack() as opened:
            self.uploads = self._serve(f"{self.name}-uploads", port, LOW_PRIORITY="1")
            opened.callback(self.uploads.end)
            self.uploads.listens(port)
            nginx = Nginx(self.machine.directory / f"{self.name}-nginx", serving=own, uploads=port)
            opened.callback(nginx.end)
            self.port = nginx.port
            try:
                yield
            finally:
                self.port, self.uploads = own, None

    def costs(self) -> dict[str, float]:
        costs = super().costs()
        return {**costs, "server": sum(cpu_seconds(pid) for pid in self._pids)}

    def memory_kib(self) -> int:
        return sum(proportional_kib(pid) for pid in self._pids)

    @property
    def _pids(self) -> list[int]:
        return [self.pid, *([self.uploads.pid] if self.uploads else [])]

    def version(self) -> str:
        asked = ["git", "-C", str(self.checkout), "describe", "--always", "--dirty"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        return done.stdout.strip() or "unknown"

    def stored(self) -> int:
        return int(self._ask("SELECT count(*) FROM messaging_message")[0][0])

    def make_room(self) -> None:
        """For files: the quota is not what is measured."""
        self.ask_python("-c", MAKE_ROOM)

    # --- people -----------------------------------------------------------------------------------------------------

    def pairs(self, count: int) -> Sequence[Pair]:
        return self._pairs(self.data["pairs"][:count])

    def noisy_pairs(self) -> Sequence[Pair]:
        """Of another tenant."""
        return self._pairs(self.data["noisy"])

    def group(self, size: int) -> Group:
        group = self.data["groups"][str(size)]
        return Group(self._members(group, "senders"), self._members(group, "hearers"))

    def crowd(self, count: int) -> Sequence[Values]:
        everybody = (one for pair in self._pairs(self.data["pairs"]) for one in (pair.sender, pair.receiver))
        return [values for values, _ in zip(everybody, range(count), strict=False)]

    def _pairs(self, pairs: Iterable[Any]) -> list[Pair]:
        marks = self._marks()
        return [
            Pair(*((token, pair["id"], *marks[pair["id"]]) for token in pair["tokens"])) for pair in pairs
        ]

    def _members(self, group: Any, which: str) -> list[Values]:
        mark = self._marks()[group["id"]]
        return [(token, group["id"], *mark) for token in group[which]]

    def _marks(self) -> dict[str, tuple[str, str]]:
        """How far each conversation has come: a client that comes back says so, and is told what is new."""
        rows = self._ask("SELECT id, version, receipt_version FROM messaging_conversation")
        return {str(id): (str(version), str(receipts)) for id, version, receipts in rows}

    # --- talk -------------------------------------------------------------------------------------------------------

    def arriving(self) -> list[str]:
        return [
            f"open http {self.address}",
            r"say POST /api/v1/socket-ticket/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %1\r\n"
            r"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
            'keep "ticket":"',
            f"open ws {self.address} /ws/chat/ parley.v1",
            'say {"type":"hello","id":0,"ticket":"%k","cursors":{"%2":[%3,%4]}}',
            'wait "type":"welcome"',
            PING,
        ]

    def speaking(self) -> list[str]:
        return [
            'message {"type":"message.send","id":%n,"conversation":"%2","client_id":"%u","body":"'
            + BODY
            + '"}',
            'ack ^{"type":"ok","re":',
            'refusal ^{"type":"error"',
        ]

    def hearing(self) -> list[str]:
        return self._hearing(RECEIPT_EVERY_MS)

    def hearing_in_group(self) -> list[str]:
        return self._hearing(RECEIPT_IN_GROUP_EVERY_MS)

    def _hearing(self, receipt_every_ms: int) -> list[str]:
        receipt = '{"type":"receipt.move","conversation":"%2","delivered":%s,"read":%s}'
        return ['news ^{"type":"message"', 'note "seq":', f"receipt {receipt_every_ms} {receipt}"]

    # --- its own --------------------------------------------------------------------------------------------------

    @property
    def _python(self) -> str:
        own = self.checkout / ".venv" / "bin" / "python"
        return str(own) if own.exists() else sys.executable

    @property
    def _environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.url,
            "REDIS_URL": self.machine.redis.url,
            "HOST": LOCALHOST,
            "DATA_DIR": str(self.machine.directory / "parley"),
            "SERVER": self.asgi,
            "PYTHONPATH": str(self.checkout),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **without_limits(OF_ADDRESSES if self.limits_senders else OF_ADDRESSES + OF_SENDERS),
        }

    def ask_python(self, *arguments: str, database: str = "parley") -> str:
        """What a Python of the checkout prints, with the server's settings on this database."""
        settings = {**self._environment, "DATABASE_URL": self.machine.postgres.url(database)}
        command, environment = [self._python, *arguments], {**os.environ, **settings}
        done = subprocess.run(
            command, cwd=self.checkout, env=environment, stdout=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments[:2])} failed: {done.stdout[-500:]}")
        return done.stdout

    def _ask(self, question: str) -> list[Any]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(question.encode()).fetchall()
