"""The machine: processes that are ours, what they cost, and the services that every server stands on."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

LOCALHOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / "var" / "bench"
TICKS = os.sysconf("SC_CLK_TCK")
PR_SET_PDEATHSIG = 1


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        port: int = probe.getsockname()[1]
        return port


def until(is_so: Callable[[], bool], *, within: float = 60.0) -> None:
    deadline = time.monotonic() + within
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.05)


def install(*packages: str) -> bool:
    """Debian packages, when we may. RUNLEVEL=1 asks them not to start servers of their own."""
    if os.getuid() or not shutil.which("apt-get"):
        return False
    print(f"Installing {' '.join(packages)}")
    environment = {**os.environ, "RUNLEVEL": "1", "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    return done.returncode == 0


# --- processes ------------------------------------------------------------------------------------------------------


def _die_with_parent(by: signal.Signals) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, by)


class Process:
    """One that we started, in a session of its own, so that Ctrl-C is for us to pass on.

    If we are killed outright, the kernel ends it with `dies_by`.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        user: str = "",
        environment: Mapping[str, str] | None = None,
        directory: Path | None = None,
        dies_by: signal.Signals = signal.SIGKILL,
    ) -> None:
        self.log = log
        with log.open("wb") as output:
            self._popen = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=directory,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
                preexec_fn=partial(_die_with_parent, dies_by),
                user=user or None,
                group=user or None,
                extra_groups=[] if user else None,
            )
        self.pid = self._popen.pid

    def wait_for(self, is_up: Callable[[], bool]) -> None:
        def is_up_or_dead() -> bool:
            if self._popen.poll() is not None:
                raise RuntimeError(f"{self.log.stem} ended:\n{self.log.read_text(errors='replace')[-2000:]}")
            return is_up()

        until(is_up_or_dead)

    def listens(self, port: int) -> None:
        self.wait_for(lambda: _answers(port))

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        if self._popen.poll() is None:
            self._popen.send_signal(number)
            try:
                self._popen.wait(20)
            except subprocess.TimeoutExpired:
                self._popen.kill()
                self._popen.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOCALHOST, port)) == 0


# --- what they cost -------------------------------------------------------------------------------------------------


def _stat(pid: str) -> list[str]:
    """What follows the name, which may hold anything; so the parent is the second, user and system time the twelfth."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def family(pid: int) -> list[str]:
    parents = {entry: _stat(entry)[1:2] for entry in os.listdir("/proc") if entry.isdigit()}
    found = [str(pid)]
    for member in found:
        found += [child for child, parent in parents.items() if parent == [member]]
    return found


def cpu_seconds(pid: int) -> float:
    """Of a process and its children, those that have ended among them."""
    return sum(sum(map(int, _stat(member)[11:15])) for member in family(pid)) / TICKS


def resident_kib(pid: int) -> int:
    total = 0
    for member in family(pid):
        status = Path(f"/proc/{member}/status").read_text()
        total += next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    return total


def proportional_kib(pid: int) -> int:
    """Of a process and its children, where what they share counts once."""
    rolled_up = (Path(f"/proc/{member}/smaps_rollup").read_text() for member in family(pid))
    lines = (line for text in rolled_up for line in text.splitlines())
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores"


# --- PostgreSQL and Redis -------------------------------------------------------------------------------------------


def postgres_program(name: str) -> str:
    """Debian keeps PostgreSQL's programs off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else name


class Postgres:
    """As Debian configures it: fsync on, synchronous commits. It refuses to be root, and then runs as `postgres`."""

    def __init__(self, directory: Path) -> None:
        if not shutil.which(postgres_program("initdb")) and not install("postgresql"):
            raise RuntimeError("The bench needs PostgreSQL:  sudo apt-get install -y postgresql")
        self.user = "postgres" if os.getuid() == 0 else ""
        self.port = free_port()
        data = directory / "postgres"
        data.mkdir()
        if self.user:
            shutil.chown(data, self.user)
        self._run(
            "initdb", "-D", str(data), "-U", "bench", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"
        )
        options = [f"listen_addresses={LOCALHOST}", f"unix_socket_directories={data}"]
        command = [postgres_program("postgres"), "-D", str(data), "-p", str(self.port)]
        command += [word for option in options for word in ("-c", option)]
        self.process = Process(
            command, log=directory / "postgres.log", user=self.user, directory=data, dies_by=signal.SIGINT
        )
        self.process.wait_for(self._is_ready)

    def url(self, database: str) -> str:
        return f"postgres://bench@{LOCALHOST}:{self.port}/{database}"

    def create(self, database: str) -> None:
        self._run("createdb", *self._where, database)

    def analyse(self, database: str) -> None:
        """What autovacuum would do within a minute: without statistics the plans are others than in use."""
        self._run("vacuumdb", *self._where, "--analyze", "--quiet", database)

    def load(self, database: str, script: Path) -> None:
        self._run("psql", *self._where, "-q", "-v", "ON_ERROR_STOP=1", "-f", str(script), database)

    def version(self) -> str:
        words = subprocess.run(
            [postgres_program("postgres"), "-V"], capture_output=True, text=True, check=True
        )
        return words.stdout.split()[2]

    def end(self) -> None:
        self.process.end(signal.SIGINT)

    @property
    def _where(self) -> list[str]:
        return ["-h", LOCALHOST, "-p", str(self.port), "-U", "bench"]

    def _is_ready(self) -> bool:
        return (
            subprocess.run([postgres_program("pg_isready"), "-q", *self._where[:4]], check=False).returncode
            == 0
        )

    def _run(self, name: str, *arguments: str) -> None:
        done = subprocess.run(
            [postgres_program(name), *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            user=self.user or None,
        )
        if done.returncode:
            raise RuntimeError(f"{name}: {done.stderr.strip()}")


class Redis:
    def __init__(self, directory: Path) -> None:
        if not shutil.which("redis-server") and not install("redis-server"):
            raise RuntimeError("The bench needs Redis:  sudo apt-get install -y redis-server")
        self.port = free_port()
        command = [
            "redis-server",
            "--bind",
            LOCALHOST,
            "--port",
            str(self.port),
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        self.process = Process(command, log=directory / "redis.log", directory=directory)
        self.process.listens(self.port)

    @property
    def url(self) -> str:
        return f"redis://{LOCALHOST}:{self.port}/0"

    def end(self) -> None:
        self.process.end()


class Machine:
    """The services, in a directory that goes with them."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.chmod(0o755)  # PostgreSQL's own user must be able to enter
        self.postgres = Postgres(directory)
        try:
            self.redis = Redis(directory)
        except BaseException:
            self.postgres.end()
            raise

    def end(self) -> None:
        self.redis.end()
        self.postgres.end()
