"""Children that do their worst: each is a refusal, and we go on."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from attachments.inspection import cell, inspector, walls
from attachments.inspection.priority import NICE
from attachments.inspection.reasons import Outcome, Reason
from tests.attachments import corpus

WALLS = "from attachments.inspection import walls; walls.raise_walls()\n"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's walls are Linux's")

Hostile = Callable[..., cell.Answer]


@pytest.fixture
def hostile(tmp_path: Path) -> Hostile:
    """Runs what a file that has taken over the child would."""

    def run(code: str, *, before: str = "") -> cell.Answer:
        upload = tmp_path / "upload"
        upload.write_bytes(b"a file")
        place = tmp_path / "place"
        place.mkdir(exist_ok=True)
        with upload.open("rb") as file:
            raised = WALLS.replace("; ", f"; {before}; " if before else "; ")
            return cell.run(f"exec({raised + code!r})", [], file=file, directory=place)

    return run


TELL = """
def tried(name, act):
    try:
        act()
    except BaseException as error:
        print(name, type(error).__name__)
    else:
        print(name, "DONE")
"""


def test_what_python_refuses(hostile: Hostile, tmp_path: Path) -> None:
    answer = hostile(
        TELL
        + f"""
import os, socket, subprocess, signal, resource
tried("connect", lambda: socket.create_connection(("127.0.0.1", 9)))
tried("resolve", lambda: socket.getaddrinfo("localhost", 80))
tried("run", lambda: subprocess.run(["/bin/true"]))
tried("system", lambda: os.system("true"))
tried("exec", lambda: os.execv("/bin/true", ["true"]))
tried("spawn", lambda: os.posix_spawn("/bin/true", ["true"], {{}}))
tried("fork", lambda: os.fork())
tried("kill", lambda: os.kill(os.getppid(), 0))
tried("limits", lambda: resource.setrlimit(resource.RLIMIT_CPU, (60, 60)))
tried("write", lambda: open({str(tmp_path / "elsewhere")!r}, "w"))
tried("here", lambda: open("served", "w").close())
"""
    )

    assert answer.output.decode().split("\n") == [
        "connect PermissionError",
        "resolve PermissionError",
        "run PermissionError",
        "system PermissionError",
        "exec PermissionError",
        "spawn PermissionError",
        "fork PermissionError",
        "kill PermissionError",
        "limits PermissionError",
        "write PermissionError",
        "here DONE",
        "",
    ]
    assert not (tmp_path / "elsewhere").exists()


@LINUX
def test_what_the_kernel_refuses(hostile: Hostile, tmp_path: Path) -> None:
    """As a library's own code would: past Python, straight to libc."""
    secret = tmp_path / "secret"
    secret.write_text("DATABASE_URL")
    answer = hostile(
        f"""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def said(name, result):
    print(name, "refused" if result == -1 or result is None else "DONE")
said("socket", libc.socket(2, 1, 0))
said("fork", libc.fork())
said("exec", libc.execv(b"/bin/true", (ctypes.c_char_p * 2)(b"true", None)))
said("kill", libc.kill(os.getppid(), 0))
said("thread", libc.tgkill(os.getppid(), os.getppid(), 0))
said("trace", libc.ptrace(16, os.getppid(), 0, 0))
said("session", libc.setsid())
said("mode", libc.chmod({str(secret).encode()!r}, 0o777))
said("cut", libc.truncate({str(secret).encode()!r}, 0))
"""
    )

    said = dict(line.split() for line in answer.output.decode().splitlines())
    assert len(said) == 9
    assert {name for name, result in said.items() if result == "DONE"} == set()
    assert secret.read_text() == "DATABASE_URL"


def has_landlock() -> bool:
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None)
    version: int = libc.syscall(walls.CREATE_RULESET, None, ctypes.c_size_t(0), walls.LANDLOCK_VERSION)
    return version > 0


@pytest.mark.skipif(
    not Path("/proc/self/autogroup").exists(), reason="this kernel shares by control group alone"
)
def test_it_stands_behind_whoever_serves(hostile: Hostile) -> None:
    answer = hostile(
        "import os; print(os.getpriority(os.PRIO_PROCESS, 0), session.read().split()[-1])",
        before="session = open('/proc/self/autogroup')",
    )
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    assert answer == (f"{min(ours + NICE, 19)} {NICE}\n".encode(), 0)


@LINUX
def test_it_stays_on_the_core_it_was_given(tmp_path: Path) -> None:
    core = max(os.sched_getaffinity(0))
    with open(os.devnull, "rb") as nothing:
        # The parent says so when it has started it.
        code = "import os\nwhile len(os.sched_getaffinity(0)) > 1: pass\nprint(os.sched_getaffinity(0))"
        code = f"exec({code!r})"
        answer = cell.run(code, [], file=nothing, directory=tmp_path, core=core)

    assert answer == (f"{{{core}}}\n".encode(), 0)


@LINUX
def test_a_core_that_is_taken_away_is_no_refusal(tmp_path: Path) -> None:
    with open(os.devnull, "rb") as nothing:
        answer = cell.run("print('done')", [], file=nothing, directory=tmp_path, core=1000)

    assert answer == (b"done\n", 0)


@pytest.mark.skipif(not has_landlock(), reason="this kernel has no Landlock")
def test_what_of_ours_it_cannot_reach(hostile: Hostile, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("DATABASE_URL")
    answer = hostile(
        f"""
import ctypes, os
libc = ctypes.CDLL(None)
def said(name, result):
    print(name, "refused" if result == -1 else "DONE")
said("read", libc.open({str(secret).encode()!r}, 0))
said("settings", libc.open({str(cell.ROOT / "manage.py").encode()!r}, 0))
said("parent", libc.open(b"/proc/%d/environ" % os.getppid(), 0))
said("write", libc.open({str(tmp_path / "elsewhere").encode()!r}, 0o101, 0o600))
said("again", libc.open(b"/proc/self/fd/0", 2))
said("remove", libc.unlink({str(secret).encode()!r}))
said("link", libc.symlink(b"/etc/passwd", b"served"))
said("directory", libc.mkdir(b"deeper", 0o700))
said("here", libc.open(b"served", 0o101, 0o600))
"""
    )

    said = dict(line.split() for line in answer.output.decode().splitlines())
    assert len(said) == 9
    assert {name for name, result in said.items() if result == "DONE"} == {"here"}
    assert secret.read_text() == "DATABASE_URL"


def test_no_environment_no_files_of_ours(
    hostile: Hostile, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SECRET_KEY", "CANARY")
    with (tmp_path / "ours").open("wb") as ours, socket.socket() as listening:
        for one in (ours.fileno(), listening.fileno()):
            os.set_inheritable(one, True)

        answer = hostile(LOOK)

    said = answer.output.decode()
    assert "CANARY" not in said
    assert said.splitlines() == ["['HOME', 'LANG', 'TMPDIR']", "[0, 1, 2]", "b'a file'"]


LOOK = """
import os
def is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
print(sorted(os.environ))
print([number for number in range(64) if is_open(number)])
print(os.read(0, 99))
"""


# --- what becomes of the file ---------------------------------------------------------------------------------------

ENDS = {
    "crash": ("import ctypes; ctypes.string_at(0)", Reason.BROKEN),
    "abort": ("import os; os.abort()", Reason.TOO_LARGE_INSIDE),
    "end": ("raise SystemExit(3)", Reason.BROKEN),
    "rubbish": ("print('rubbish')", Reason.BROKEN),
    "half an answer": ('import sys; sys.stdout.write(\'{"refused": "broken"\')', Reason.BROKEN),
    "nested": ("print('[' * 100_000)", Reason.BROKEN),
    "a list": ("print('[]')", Reason.BROKEN),
    "a reason of its own": ('print(\'{"refused": "because"}\')', Reason.BROKEN),
    "flood": ("while True: print('x' * 65536)", Reason.TOO_LARGE_INSIDE),
    "deaf and hanging": (
        "import os, signal, time\nfor n in range(1, 32):\n"
        "  try: signal.signal(n, signal.SIG_IGN)\n  except OSError: pass\n"
        "os.close(1); time.sleep(60)",
        Reason.TOO_LARGE_INSIDE,
    ),
    "memory": (
        'try: held = bytearray(900 * 2**20)\nexcept MemoryError: print(\'{"refused": "too_large_inside"}\')\n'
        "else: print(len(held))",
        Reason.TOO_LARGE_INSIDE,
    ),
    "disk": (
        "try: open('served', 'wb').write(bytes(70 * 2**20))\n"
        'except OSError: print(\'{"refused": "too_large_inside"}\')',
        Reason.TOO_LARGE_INSIDE,
    ),
}


@pytest.fixture
def quick_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell, "WALL_SECONDS", 1.5)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.usefixtures("quick_end")
def test_a_child_that_ends_badly(end: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    code, reason = ENDS[end]
    monkeypatch.setattr(inspector, "READING", f"exec({WALLS + code!r})")
    (tmp_path / "upload").write_bytes(corpus.picture())
    into = tmp_path / "into"
    into.mkdir()

    report = inspector.inspect(tmp_path / "upload", "a.jpg", into=into)

    assert (report.outcome, report.reason) == (Outcome.REFUSED, reason)
    assert report.files == ()
    assert list(into.iterdir()) == []


@pytest.mark.usefixtures("quick_end")
def test_a_child_that_is_not_done_in_time_says_nothing_of_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """On a busy machine an honest look is not, either."""
    monkeypatch.setattr(inspector, "READING", "import time; time.sleep(60)")
    (tmp_path / "upload").write_bytes(corpus.picture())
    into = tmp_path / "into"
    into.mkdir()

    with pytest.raises(TimeoutError):
        inspector.inspect(tmp_path / "upload", "a.jpg", into=into)

    assert list(into.iterdir()) == []


def test_a_child_that_only_computes_is_ended_by_its_cpu(hostile: Hostile) -> None:
    """Not by the clock on the wall, which would be unjust on a busy machine."""
    answer = hostile("while True: pass", before="walls.CPU_SECONDS = 1")

    assert answer == (b"", -signal.SIGXCPU)
    assert -signal.SIGXCPU in inspector.TOO_LARGE


NUMBERS = {"width": 1, "height": 1, "frames": 1, "pages": None, "duration": None}
ANSWER: dict[str, object] = {"mime": "", "held": [], "found": [], "metadata": {}, "text": "", **NUMBERS}
SERVED = json.dumps({**ANSWER, "files": {"served": ["image/jpeg", 1, 1]}})

LIES = {
    "a picture that is a page": "open('served', 'w').write('<html>')",
    "a link": "import ctypes; ctypes.CDLL(None).symlink(b'/etc/passwd', b'served')",
    "nothing": "",
}


@pytest.mark.parametrize("lie", LIES)
def test_a_child_that_lies_about_its_files(lie: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Without walls: the parent does not lean on them.
    monkeypatch.setattr(
        inspector, "READING", f"exec({LIES[lie] + chr(10) + 'print(' + repr(SERVED) + ')'!r})"
    )
    (tmp_path / "upload").write_bytes(corpus.picture())

    report = inspector.inspect(tmp_path / "upload", "a.jpg", into=tmp_path)

    assert (report.outcome, report.reason) == (Outcome.REFUSED, Reason.BROKEN)


def test_a_file_that_is_not_there_is_no_fault_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        inspector.inspect(tmp_path / "gone", "a.jpg", into=tmp_path)
