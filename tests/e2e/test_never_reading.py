"""A client that never reads, on the real server: it costs no memory, is sent away, and hurts nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Server
from tests.e2e.strangers import Caller, NeverReads, Reader

pytestmark = pytest.mark.faults

# Four bytes a character: 600 such messages are 9 MiB, far more than a kernel keeps for a socket.
LONG = "😀" * 4000
MANY = 600
KIB = 1024
# The longer of the two, LOST_AFTER; a heal, and what a busy machine adds.
SENT_AWAY_WITHIN = 100.0


def resident(server: Server) -> int:
    """Bytes."""
    assert server.process
    return int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]) * 4 * KIB


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    server.environment |= {"SOCKETS_PER_MEMBER": "100", "SENDS_PER_SECOND": "1000", "SENDS_BURST": "1000"}
    server.start()
    yield server
    server.kill()


class Talk:
    """Bob speaks in a group with Marta and Carol; Carol reads."""

    def __init__(self, server: Server, demo: dict[str, Any]) -> None:
        people = {one["role"]: one for one in demo["members"]}
        self.bob, self.marta, self.carol = [
            Caller(server.port, people[role]["token"]) for role in ("agent", "manager", "client")
        ]
        others = [people[role]["id"] for role in ("manager", "client")]
        group = {"kind": "group", "title": "Works", "members": others}
        self.id = self.bob.post("chat/conversations/start/", group)["id"]
        self.reader = Reader(self.carol)

    def goes_on(self, messages: int, *others: Reader) -> None:
        for _ in range(messages):
            self.reader.read_to(self.bob.say(self.id, LONG))
            for other in others:
                other.read_what_is_there()

    def is_warm(self) -> None:
        """Whatever a server allocates once, it has allocated."""
        for _ in range(4):
            self.goes_on(60)
            Reader(self.marta).leave()
            self.goes_on(20)


@pytest.fixture
def talk(server: Server, demo: dict[str, Any]) -> Iterator[Talk]:
    talk = Talk(server, demo)
    talk.is_warm()
    yield talk
    talk.reader.leave()


def everything_in_order(reader: Reader) -> bool:
    return reader.seqs == list(range(reader.seqs[-1] + 1))


@pytest.mark.timeout(300)
def test_one_who_never_reads(server: Server, talk: Talk) -> None:
    """It is cut off, as it answers no ping. Whoever reads and never says so is told why."""
    before = resident(server)
    deaf, mute = NeverReads(talk.marta), Reader(talk.marta, says_seen=False)
    talk.goes_on(MANY, mute)

    assert resident(server) - before < 5 * KIB * KIB
    assert mute.seqs[-1] < talk.reader.seqs[-1] - MANY // 2
    assert mute.closed_with(within=SENT_AWAY_WITHIN) == 4008
    assert deaf.is_cut_off(within=SENT_AWAY_WITHIN)
    talk.goes_on(10)
    assert everything_in_order(talk.reader)
    deaf.leave()


@pytest.mark.timeout(300)
def test_fifty_who_never_read(server: Server, talk: Talk) -> None:
    before = resident(server)
    deaf = [NeverReads(talk.marta) for _ in range(50)]
    talk.goes_on(MANY)
    assert resident(server) - before < len(deaf) * 1.5 * KIB * KIB
    assert everything_in_order(talk.reader)
    for one in deaf:
        one.leave()
