"""Writes a plan for the load generator beside this file, runs it, reads its report. plan.c says what a plan holds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.machine import CACHE

SOURCES = Path(__file__).parent
READY_WITHIN = 180.0

Values = tuple[str, ...]


@dataclass
class Crew:
    """Clients of one kind. `lines` are their script and their role, `clients` the values of each."""

    name: str
    lines: Sequence[str]
    clients: Sequence[Values]

    def text(self) -> Iterable[str]:
        yield f"crew {self.name}"
        yield from self.lines
        yield from ("client " + "\t".join(values) for values in self.clients)


@dataclass
class Plan:
    """`opening`: how many get ready at the same time; 0 is all of them."""

    crews: Sequence[Crew]
    seconds: float = 5.0
    warmup: float = 2.0
    drain: float = 2.0
    opening: int = 20

    def text(self) -> str:
        settings = [f"{name} {getattr(self, name)}" for name in ("seconds", "warmup", "drain", "opening")]
        return "\n".join([*settings, *(line for crew in self.crews for line in crew.text())]) + "\n"


@dataclass
class Report:
    """`costs`: CPU seconds while it was measured, by who spent them."""

    wall: float
    costs: dict[str, float]
    retries: int
    lost: int
    ready: list[float]
    crews: dict[str, dict[str, Any]] = field(default_factory=dict)

    def rate(self, crew: str, what: str) -> float:
        count: int = self.crews[crew]["measured"][what]
        return count / self.wall


def build() -> Path:
    """Compiles the generator, unless it is newer than its sources."""
    program = CACHE / "load"
    sources = sorted(SOURCES.glob("*.c"))
    newest = max(path.stat().st_mtime for path in [*sources, SOURCES / "load.h"])
    if not program.exists() or program.stat().st_mtime < newest:
        compiler = shutil.which("cc")
        if not compiler:
            raise RuntimeError(
                "The load generator needs a C compiler:  sudo apt-get install -y gcc libc6-dev"
            )
        CACHE.mkdir(parents=True, exist_ok=True)
        fresh = CACHE / f"load.{os.getpid()}"  # another bench may be running the old one
        subprocess.run(
            [compiler, "-O2", "-Wall", "-Wextra", "-o", str(fresh), *map(str, sources)], check=True
        )
        fresh.rename(program)
    return program


class Load:
    """A run of the generator. Leaving the context ends it."""

    def __init__(self, plan: Plan, directory: Path) -> None:
        path = directory / "plan.txt"
        path.write_text(plan.text())
        self._process = subprocess.Popen(
            [build(), path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sys.stderr, text=True
        )
        self._within = plan.warmup + plan.seconds + plan.drain + 60

    def __enter__(self) -> Load:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def wait_until_ready(self) -> None:
        self._hear("ready", within=READY_WITHIN)

    def measure(self, costs: Callable[[], dict[str, float]]) -> Report:
        assert self._process.stdin
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        self._hear("begin", within=self._within)
        before = costs()
        self._hear("end", within=self._within)
        after = costs()
        said = json.loads(self._line(within=self._within))
        spent = {name: after[name] - before[name] for name in after} | {"load": said["cpu_s"]}
        crews = {crew.pop("name"): crew for crew in said["crews"]}
        return Report(said["wall_s"], spent, said["retries"], said["lost"], said["ready_s"], crews)

    def _hear(self, word: str, *, within: float) -> None:
        line = self._line(within=within).strip()
        if line != word:
            raise RuntimeError(
                f"the load generator was to say {word!r} within {within:.0f} s and said {line!r}"
            )

    def _line(self, *, within: float) -> str:
        assert self._process.stdout
        watch = threading.Timer(within, self._process.terminate)
        watch.start()
        try:
            return self._process.stdout.readline()
        finally:
            watch.cancel()
