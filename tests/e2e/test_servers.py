"""The same on both servers, by a real process of each: what the contract promises where the server has its say."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from realtime.frames import DRAINING, MAX_FRAME
from tests.e2e.strangers import PARLEY, Caller, NeverReads
from tests.faults.services import SERVERS, Parley, until

MEGABYTE = 1024 * 1024
# Of the largest kind, masked with zeros.
PING = bytes([0x89, 0x80 | 125]) + bytes(4 + 125)
STARTS_WITHIN = 50.0
ENDS_WITHIN = 20.0
# Some servers say what they close for, others just close.
NO_TEXT, TOO_BIG, RESTARTS = 1007, 1009, 1012


class House:
    """A serving process, its demo's hotel, and the sockets that people opened."""

    def __init__(self, server: Parley, hotel: dict[str, Any]) -> None:
        self.server = server
        self.people = {one["role"]: one for one in hotel["members"]}
        self.bob, self.carol = [Caller(server.port, self.people[who]["token"]) for who in ("agent", "client")]
        self.opened = ExitStack()

    def knock(self, **options: Any) -> ClientConnection:
        wire = connect(self.bob.url, subprotocols=PARLEY, legacy=True, **options)
        self.opened.callback(wire.close)
        return wire

    def come_in(self, caller: Caller) -> ClientConnection:
        wire = self.knock()
        wire.send(caller.hello())
        assert heard(wire)["type"] == "welcome"
        return wire


@dataclass(frozen=True)
class Data:
    """What a server starts with, made once and copied for each."""

    directory: Path
    hotel: dict[str, Any]

    @contextmanager
    def house(self, name: str, directory: Path) -> Iterator[House]:
        copytree(self.directory, directory, dirs_exist_ok=True)
        server = Parley(directory, SERVER=name)
        server.launch()
        until(server.is_up, within=STARTS_WITHIN)
        house = House(server, self.hotel)
        try:
            yield house
        finally:
            house.opened.close()
            server.kill()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    directory = tmp_path_factory.mktemp("data")
    first = Parley(directory)
    first.manage("migrate", "--verbosity", "0")
    return Data(directory, first.demo()[0])


@pytest.fixture(scope="module", params=SERVERS)
def house(
    request: pytest.FixtureRequest, data: Data, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    with data.house(request.param, tmp_path_factory.mktemp(request.param)) as house:
        yield house


@pytest.fixture(params=SERVERS)
def house_that_closes(request: pytest.FixtureRequest, data: Data, tmp_path: Path) -> Iterator[House]:
    with data.house(request.param, tmp_path) as house:
        yield house


def heard(wire: ClientConnection) -> Any:
    return json.loads(wire.recv(timeout=10))


def closed_with(wire: ClientConnection) -> int | None:
    """None: without a word."""
    try:
        while True:
            wire.recv(timeout=10)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


def status(server: Parley, path: str) -> int:
    try:
        with urlopen(f"{server.url}{path}", timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


# --- frames ---------------------------------------------------------------------------------------------------------


def ping_of(size: int) -> str:
    empty = len(json.dumps({"type": "ping", "x": ""}))
    return json.dumps({"type": "ping", "x": "x" * (size - empty)})


def test_a_frame_a_little_too_large_is_named(house: House) -> None:
    wire = house.come_in(house.bob)
    wire.send(ping_of(MAX_FRAME + 1))
    assert heard(wire) == {
        "type": "error",
        "re": None,
        "code": "too_large",
        "message": f"A frame has at most {MAX_FRAME} bytes.",
        "temporary": False,
    }
    wire.send(ping_of(MAX_FRAME))
    assert heard(wire)["type"] == "pong"


def test_one_that_is_far_too_large_is_not_even_read(house: House) -> None:
    wire = house.come_in(house.bob)
    with suppress(ConnectionClosed):
        wire.send("x" * 4 * MEGABYTE)
    assert closed_with(wire) in (None, TOO_BIG)


def test_binary_is_named(house: House) -> None:
    wire = house.come_in(house.bob)
    wire.send(b"\x00")
    assert heard(wire) == {
        "type": "error",
        "re": None,
        "code": "invalid_json",
        "message": "Frames are text, not binary.",
        "temporary": False,
    }
    wire.send(ping_of(100))
    assert heard(wire)["type"] == "pong"


def test_what_is_no_text_ends_one_socket_only(house: House) -> None:
    broken, wire = house.come_in(house.bob), house.come_in(house.carol)
    broken.protocol.send_text(b"\xff")
    broken.socket.sendall(b"".join(broken.protocol.data_to_send()))
    assert closed_with(broken) in (None, NO_TEXT)
    wire.send(ping_of(100))
    assert heard(wire)["type"] == "pong"


def test_what_was_said_before_leaving_is_done(house: House) -> None:
    """Nobody is there for the answers any more."""
    group = {"kind": "group", "title": "Works", "members": [house.people["client"]["id"]]}
    conversation = house.bob.post("chat/conversations/start/", group)["id"]
    wire = house.come_in(house.bob)
    for number in range(10):
        said = {"conversation": conversation, "client_id": str(uuid4()), "body": str(number)}
        wire.send(json.dumps({"type": "message.send", "id": number, **said}))
    wire.close()
    until(lambda: bodies_of(house, conversation) == [str(number) for number in range(10)], within=10)


def bodies_of(house: House, conversation: str) -> list[str]:
    sync = house.carol.post("chat/sync/", {"cursors": {}})
    (found,) = [one for one in sync["conversations"] if one["conversation"]["id"] == conversation]
    return [message["body"] for message in found["messages"] if message["kind"] == "text"]


def test_one_who_only_pings_and_never_reads_is_cut_off(house: House) -> None:
    """The answers are of the protocol beneath ours, so nobody counts them but the server."""
    if house.server.settings["SERVER"] == "daphne":
        pytest.skip("daphne keeps them until its own ping goes unanswered")
    deaf = NeverReads(house.bob)
    with pytest.raises((ConnectionResetError, BrokenPipeError)):
        deaf.say(PING * (64 * MEGABYTE // len(PING)))
    deaf.leave()


# --- the handshake --------------------------------------------------------------------------------------------------


def test_the_sub_protocol_is_chosen_and_nothing_is_compressed(house: House) -> None:
    wire = house.knock(compression="deflate")
    assert wire.subprotocol == "parley.v1"
    assert wire.response
    assert "Sec-WebSocket-Extensions" not in wire.response.headers


def test_no_answer_names_the_server(house: House) -> None:
    wire = house.knock()
    assert wire.response
    assert "Server" not in wire.response.headers
    with urlopen(f"{house.server.url}/healthz", timeout=10) as answer:
        assert "Server" not in answer.headers


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}])
def test_a_page_from_elsewhere_is_refused(house: House, headers: dict[str, str]) -> None:
    assert handshake(house, **headers).startswith(b"HTTP/1.1 403 ")


def test_our_own_page_comes_in(house: House) -> None:
    wire = house.knock(origin=Origin(house.server.url))
    wire.send(house.bob.hello())
    assert heard(wire)["type"] == "welcome"


@pytest.mark.parametrize("name", ["Sec-WebSocket-Key", "Sec-WebSocket-Version"])
def test_half_a_handshake_is_refused(house: House, name: str) -> None:
    assert handshake(house, **{name: ""}).startswith(b"HTTP/1.1 400 ")
    assert status(house.server, "/healthz") == 200


def handshake(house: House, **changes: str) -> bytes:
    """The answer to one written by hand; what is changed to nothing is left out."""
    headers = {
        "Host": f"127.0.0.1:{house.server.port}",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
        **changes,
    }
    lines = ["GET /ws/chat/ HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items() if value)]
    with socket.create_connection(("127.0.0.1", house.server.port), timeout=10) as wire:
        wire.sendall("\r\n".join([*lines, "", ""]).encode())
        return wire.recv(65536)


def test_no_socket_is_elsewhere(house: House) -> None:
    with pytest.raises(InvalidStatus) as refused:
        connect(house.bob.url.replace("/ws/chat/", "/ws/"), legacy=True)
    assert refused.value.response.status_code == 403


# --- the end --------------------------------------------------------------------------------------------------------


def test_before_a_deploy_everybody_is_sent_away(house_that_closes: House) -> None:
    house, server = house_that_closes, house_that_closes.server
    wires = [house.come_in(house.bob), house.come_in(house.carol)]

    server.send(signal.SIGUSR1)
    for wire in wires:
        bye = heard(wire)
        assert (bye["type"], bye["code"]) == ("bye", DRAINING)
        assert closed_with(wire) == DRAINING
    assert [status(server, path) for path in ("/readyz", "/healthz")] == [503, 200]
    assert closed_with(house.knock()) == DRAINING
    assert ends(server)


def test_told_to_end_it_ends_and_everybody_may_come_back(house_that_closes: House) -> None:
    house, server = house_that_closes, house_that_closes.server
    wire = house.come_in(house.bob)
    assert ends(server)
    assert closed_with(wire) in (None, RESTARTS)


def ends(server: Parley) -> bool:
    """By the signal or because of it."""
    assert server.process
    server.send(signal.SIGTERM)
    return server.process.wait(ENDS_WITHIN) in (0, -signal.SIGTERM)


# --- in pieces ------------------------------------------------------------------------------------------------------


def on_the_wire(opcode: Opcode, data: str, *, fin: bool = True) -> bytes:
    return Frame(opcode, data.encode(), fin=fin).serialize(mask=True)


def ping(id: int) -> str:
    return json.dumps({"type": "ping", "id": id})


def answered(wire: ClientConnection, count: int) -> list[int]:
    """Which numbers, in which order; news comes in between."""
    numbers: list[int] = []
    while len(numbers) < count:
        if number := heard(wire).get("re"):
            numbers.append(number)
    return numbers


def test_what_comes_together_is_answered_in_order(house: House) -> None:
    wire = house.come_in(house.carol)
    talk = house.carol.post("chat/conversations/start/", {"kind": "support"})["id"]
    send = {
        "type": "message.send",
        "id": 2,
        "conversation": talk,
        "client_id": str(uuid4()),
        "body": "¿Hola?",
    }
    told = [json.dumps(send), ping(3), json.dumps({**send, "id": 4, "client_id": str(uuid4())}), ping(5)]
    wire.socket.sendall(b"".join(on_the_wire(Opcode.TEXT, one) for one in told))
    assert answered(wire, 4) == [2, 3, 4, 5]


def test_what_comes_in_pieces_is_answered(house: House) -> None:
    wire = house.come_in(house.carol)
    for byte in on_the_wire(Opcode.TEXT, ping(2)):
        wire.socket.sendall(bytes([byte]))
    wire.socket.sendall(
        on_the_wire(Opcode.TEXT, ping(3)[:9], fin=False)
        + on_the_wire(Opcode.PING, "still there?")
        + on_the_wire(Opcode.CONT, ping(3)[9:])
        + on_the_wire(Opcode.TEXT, ping(4))
    )
    assert answered(wire, 3) == [2, 3, 4]
