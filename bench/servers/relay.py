"""No peer but a yardstick: a relay on `ws` that stores nothing shows what the load generator can do at least."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from bench.load.driver import Values
from bench.machine import ROOT, Process
from bench.servers.server import BODY, GROUP_SENDERS, Group, Pair, Server
from bench.servers.socketio import INSTALLED, install


class Relay(Server):
    name = "relay"
    title = "ws relay, stores nothing"
    measures = frozenset({"pairs", "fanout"})

    def why_not(self) -> str:
        return "" if shutil.which("npm") else "Node.js and npm are not installed"

    def prepare(self) -> None:
        install()
        shutil.copy(ROOT / "bench" / "peers" / "relay.js", INSTALLED)

    def launch(self) -> Process:
        return Process(
            ["node", "relay.js"],
            log=self.machine.directory / "relay.log",
            environment={"PORT": str(self.port)},
            directory=INSTALLED,
        )

    def version(self) -> str:
        return "the one Socket.IO uses"

    def stored(self) -> int:
        return 0

    def pairs(self, count: int) -> Sequence[Pair]:
        return [Pair((f"pair-{i}",), (f"pair-{i}",)) for i in range(count)]

    def group(self, size: int) -> Group:
        member = (f"group-{size}",)
        return Group([member] * GROUP_SENDERS, [member] * size)

    def crowd(self, count: int) -> Sequence[Values]:
        return [(f"pair-{i // 2}",) for i in range(count)]

    def arriving(self) -> list[str]:
        return [f"open ws {self.address} /", "say %1", "wait ^welcome"]

    def speaking(self) -> list[str]:
        return [f"message %n {BODY}", "ack ^ok "]

    def hearing(self) -> list[str]:
        return ["news ~t"]
