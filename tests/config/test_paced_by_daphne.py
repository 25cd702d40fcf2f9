"""On daphne a body is read to its end before anybody hears of it: its connection is read at the pace of uploads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from twisted.internet.error import ConnectionDone
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from config import bodies
from config.bodies import LimitedFactory
from config.pace import Pace
from tests.config.test_pace import Clock

UPLOAD = b"POST /api/v1/chat/upload/x/ HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("asyncio.get_running_loop", lambda: clock)
    monkeypatch.setattr(bodies, "PACE", Pace(1000))
    return clock


class Server:
    """As much of daphne's as a request that is never whole asks for."""

    def protocol_connected(self, protocol: Any) -> None: ...

    def protocol_disconnected(self, protocol: Any) -> None: ...


class Connection:
    def __init__(self) -> None:
        factory: Any = LimitedFactory
        transport: Any = StringTransport
        self.protocol = factory(Server()).buildProtocol(None)
        self.wire = transport()
        self.protocol.makeConnection(self.wire)

    def brings(self, data: bytes) -> tuple[str, int | None]:
        """Whether it is read on, and how long it may be silent."""
        self.protocol.dataReceived(data)
        return self.state

    def hangs_up(self) -> None:
        failure: Any = Failure
        self.protocol.connectionLost(failure(ConnectionDone()))

    @property
    def state(self) -> tuple[str, int | None]:
        return self.wire.producerState, self.protocol.timeOut


@pytest.fixture
def connection() -> Iterator[Connection]:
    connection = Connection()
    yield connection
    connection.hangs_up()


def test_a_body_waits_for_its_turn(clock: Clock, connection: Connection) -> None:
    patience = connection.protocol.timeOut
    assert patience

    head = UPLOAD + b"Content-Length: 1000\r\n\r\n"
    assert connection.brings(head + bytes(100)) == ("producing", patience), "nobody else is there"
    assert connection.brings(bytes(200)) == ("paused", None)
    assert clock.strikes() == 0.1
    assert connection.state == ("producing", patience)


def test_one_without_a_length_does_not(clock: Clock, connection: Connection) -> None:
    connection.brings(UPLOAD + b"Transfer-Encoding: chunked\r\n\r\n")

    connection.brings(b"1\r\nx\r\n" * 3)
    assert connection.state[0] == "producing"
    assert clock.later == []


def test_no_more_than_files_does(clock: Clock, connection: Connection) -> None:
    connection.brings(b"POST /api/v1/chat/sync/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")

    connection.brings(bytes(100))
    assert connection.state[0] == "producing"
    assert clock.later == []


def test_whoever_hangs_up_meanwhile_is_forgotten(clock: Clock, connection: Connection) -> None:
    connection.brings(UPLOAD + b"Content-Length: 1000\r\n\r\n" + bytes(100))
    connection.brings(bytes(200))

    connection.hangs_up()
    clock.strikes()
    assert connection.state == ("paused", None)
