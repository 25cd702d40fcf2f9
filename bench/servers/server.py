"""What every measured server can do: be prepared once, started, stopped, and say how its clients talk."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from bench.load.driver import Values
from bench.machine import LOCALHOST, Machine, Process, cpu_seconds, free_port

BODY = "%t The heating in room 101 is off, could somebody have a look before we come back tonight?"
PAIRS = 100
GROUPS = (100, 1000)
GROUP_SENDERS = 4
CROWD = 5000


@dataclass(frozen=True)
class Pair:
    sender: Values
    receiver: Values


@dataclass(frozen=True)
class Group:
    senders: Sequence[Values]
    hearers: Sequence[Values]


class Server(ABC):
    """`arriving`, `speaking` and `hearing` are lines of a plan: getting ready, sending, and receiving."""

    name: str
    title: str
    measures = frozenset({"pairs", "latency", "fanout", "storm", "idle"})

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.port = free_port()
        self.process: Process | None = None

    @property
    def address(self) -> str:
        return f"{LOCALHOST}:{self.port}"

    def why_not(self) -> str:
        """Empty, or why it cannot be measured here."""
        return ""

    @abstractmethod
    def prepare(self) -> None:
        """Installs it and makes its people, once."""

    @abstractmethod
    def launch(self) -> Process: ...

    def start(self) -> None:
        self.process = self.launch()
        self.process.listens(self.port)

    def stop(self) -> None:
        if self.process:
            self.process.end()
            self.process = None

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def costs(self) -> dict[str, float]:
        return {
            "server": cpu_seconds(self.pid),
            "postgres": cpu_seconds(self.machine.postgres.process.pid),
            "redis": cpu_seconds(self.machine.redis.process.pid),
        }

    @abstractmethod
    def version(self) -> str: ...

    @abstractmethod
    def stored(self) -> int:
        """How many messages its database holds."""

    # --- its people -------------------------------------------------------------------------------------------------

    @abstractmethod
    def pairs(self, count: int) -> Sequence[Pair]: ...

    @abstractmethod
    def group(self, size: int) -> Group: ...

    @abstractmethod
    def crowd(self, count: int) -> Sequence[Values]: ...

    # --- how they talk ----------------------------------------------------------------------------------------------

    @abstractmethod
    def arriving(self) -> list[str]: ...

    @abstractmethod
    def speaking(self) -> list[str]: ...

    @abstractmethod
    def hearing(self) -> list[str]: ...

    def arriving_in_group(self) -> list[str]:
        return self.arriving()

    def speaking_in_group(self) -> list[str]:
        return self.speaking()

    def hearing_in_group(self) -> list[str]:
        return self.hearing()
