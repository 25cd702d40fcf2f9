"""Real parts on free ports: PostgreSQL, Redis and Parley processes that a story may kill, freeze and start again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
LOCALHOST = "127.0.0.1"
SERVERS = ("daphne", "uvicorn")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        port: int = probe.getsockname()[1]
        return port


def until(is_so: Callable[[], bool], *, within: float = 30.0) -> None:
    deadline = time.monotonic() + within
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.05)


class Part:
    """A process of ours on a port of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        return dict(os.environ)

    def start(self) -> None:
        self.launch()
        until(self.is_up)

    def launch(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), cwd=ROOT, env=self.environment(), stdout=log, stderr=log
            )

    def is_up(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((LOCALHOST, self.port)) == 0

    def freeze(self) -> None:
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_all(signal.SIGCONT)

    def send(self, number: signal.Signals) -> None:
        assert self.process
        self.process.send_signal(number)

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        if self.process and self.process.poll() is None:
            self.thaw()
            self.process.send_signal(number)
            self.process.wait(20)

    def stand_up(self) -> None:
        """As it was before a story: running."""
        self.thaw()
        if self.process is None or self.process.poll() is not None:
            self.start()

    def resident_kib(self) -> int:
        assert self.process
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))

    @property
    def log(self) -> Path:
        return self.directory / f"{type(self).__name__.lower()}-{self.port}.log"

    def _signal_all(self, number: signal.Signals) -> None:
        """The process first, so that it has no more children while they are counted."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(number)
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        for child in children.split():
            with suppress(ProcessLookupError):  # ended meanwhile
                os.kill(int(child), number)


class Redis(Part):
    def command(self) -> list[str]:
        lasting_nothing = ["--save", "", "--appendonly", "no"]
        return ["redis-server", "--bind", LOCALHOST, "--port", str(self.port), *lasting_nothing]

    @property
    def url(self) -> str:
        return f"redis://{LOCALHOST}:{self.port}/0"

    def ask(self, *command: str) -> None:
        where = ["-h", LOCALHOST, "-p", str(self.port)]
        subprocess.run(["redis-cli", *where, *command], check=True, capture_output=True)  # noqa: S607


class Postgres(Part):
    """PostgreSQL refuses to be root: it then runs as the user `postgres`."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.data = directory / "postgres"
        self.data.mkdir()
        directory.chmod(0o755)
        if os.getuid() == 0:
            shutil.chown(self.data, "postgres")
        self._run("initdb", "-D", str(self.data), "-U", "parley", "--auth=trust", "--no-sync")

    def url(self, database: str) -> str:
        return f"postgres://parley@{LOCALHOST}:{self.port}/{database}"

    def create(self, database: str, *, template: str = "template1") -> None:
        where = ["-h", LOCALHOST, "-p", str(self.port), "-U", "parley"]
        self._run("createdb", *where, "--template", template, database)

    def command(self) -> list[str]:
        options = ["-c", f"listen_addresses={LOCALHOST}", "-c", f"unix_socket_directories={self.data}"]
        return self._as_owner(program("postgres"), "-D", str(self.data), "-p", str(self.port), *options)

    def is_up(self) -> bool:
        ask = [program("pg_isready"), "-q", "-h", LOCALHOST, "-p", str(self.port)]
        return subprocess.run(ask, check=False).returncode == 0

    def _run(self, name: str, *arguments: str) -> None:
        subprocess.run(self._as_owner(program(name), *arguments), check=True, capture_output=True, cwd="/")

    def _as_owner(self, *command: str) -> list[str]:
        as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        return [*(as_owner if os.getuid() == 0 else []), *command]


def program(name: str) -> str:
    """Debian keeps PostgreSQL's programs off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else name


class Parley(Part):
    """One serving process. All of a story share a DATA_DIR, and so a secret key and the demo's people."""

    def __init__(self, directory: Path, **settings: str) -> None:
        super().__init__(directory)
        self.settings = settings

    @property
    def url(self) -> str:
        return f"http://{LOCALHOST}:{self.port}"

    def environment(self) -> dict[str, str]:
        own = {
            "HOST": LOCALHOST,
            "PORT": str(self.port),
            "DATA_DIR": str(self.directory / "data"),
            "DEMO": "1",
        }
        # A fleet on one address and one account each is not what the limits are for.
        generous = {"SENDS_PER_SECOND": "100", "SENDS_BURST": "500", "SOCKET_FRAMES_PER_SECOND": "500"}
        given = {
            name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")
        }
        return {
            **given,
            **own,
            **generous,
            "SOCKETS_PER_MEMBER": "100",
            "HANDSHAKES_PER_SECOND": "500",
            **self.settings,
        }

    def command(self) -> list[str]:
        return [sys.executable, "manage.py", "serve", "--demo"]

    def is_up(self) -> bool:
        assert self.process
        if self.process.poll() is not None:
            raise RuntimeError(
                f"the server on port {self.port} did not start:\n{self.log.read_text()[-2000:]}"
            )
        try:
            with urlopen(f"{self.url}/healthz", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def manage(self, *arguments: str) -> str:
        """The output of a management command, beside the server and with its settings."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment(), capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
        return done.stdout

    def demo(self) -> Any:
        return json.loads(self.manage("demo", "--json"))["organisations"]
