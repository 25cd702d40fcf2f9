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
from pathlib import Path
from typing import Any
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(is_so: Callable[[], bool], *, within: float = 30.0) -> None:
    deadline = time.monotonic() + within
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.05)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


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
        log = (self.directory / f"{type(self).__name__.lower()}-{self.port}.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                self.command(), cwd=ROOT, env=self.environment(), stdout=log, stderr=log
            )
        until(self.is_up)

    def is_up(self) -> bool:
        return listens(self.port)

    def send(self, number: signal.Signals) -> None:
        assert self.process
        self.process.send_signal(number)

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        if self.process:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(number)
            self.process.wait(20)


class Redis(Part):
    def command(self) -> list[str]:
        return [
            "redis-server",
            "--bind",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--save",
            "",
            "--appendonly",
            "no",
        ]

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"


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
        self.start()
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "parley", "parley")

    @property
    def url(self) -> str:
        return f"postgres://parley@127.0.0.1:{self.port}/parley"

    def command(self) -> list[str]:
        options = ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.data}"]
        return self._as_owner(program("postgres"), "-D", str(self.data), "-p", str(self.port), *options)

    def is_up(self) -> bool:
        ask = [program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ask, check=False).returncode == 0

    def _run(self, name: str, *arguments: str) -> None:
        subprocess.run(self._as_owner(program(name), *arguments), check=True, capture_output=True, cwd="/")

    def _as_owner(self, *command: str) -> list[str]:
        return (
            ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
            if os.getuid() == 0
            else [*command]
        )


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
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        own = {
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "DATA_DIR": str(self.directory / "data"),
            "DEMO": "1",
        }
        # A fleet on one address and one account each is not what the limits are for.
        generous = {"SENDS_PER_SECOND": "100", "SENDS_BURST": "500", "SOCKET_FRAMES_PER_SECOND": "500"}
        return {**os.environ, **own, **generous, "SOCKETS_PER_MEMBER": "100", **self.settings}

    def command(self) -> list[str]:
        return [sys.executable, "manage.py", "serve", "--demo"]

    def is_up(self) -> bool:
        assert self.process
        if self.process.poll() is not None:
            raise RuntimeError(
                f"the server on port {self.port} did not start; see its log in {self.directory}"
            )
        try:
            with urlopen(f"{self.url}/healthz", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def demo(self) -> dict[str, Any]:
        command = [sys.executable, "manage.py", "demo", "--json"]
        out = subprocess.run(command, cwd=ROOT, env=self.environment(), capture_output=True, check=True)
        printed: dict[str, Any] = json.loads(out.stdout)
        return printed
