"""As in production: two processes and one for uploads behind nginx, PostgreSQL, Redis, https outside. On each."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from accounts.actions import VISITORS_PER_ADDRESS
from tests.e2e.nginx import Nginx
from tests.e2e.strangers import PARLEY
from tests.faults.services import SERVERS, Parley, Postgres, Redis, free_port, until

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(180),
    pytest.mark.skipif(not shutil.which("nginx", path="/usr/sbin:/usr/bin"), reason="nginx is not here"),
]

MEGABYTE = 1024 * 1024


class Production(Parley):
    """Not a demo."""

    def command(self) -> list[str]:
        return [word for word in super().command() if word != "--demo"]


@dataclass
class House:
    servers: list[Production]
    uploads: Production
    nginx: Nginx
    hotel: dict[str, Any]
    opened: ExitStack

    def http(self, **options: Any) -> httpx.Client:
        client = httpx.Client(base_url=self.nginx.url, verify=self.nginx.trust, timeout=10, **options)
        return self.opened.enter_context(client)

    def headers(self, role: str) -> dict[str, str]:
        member = next(one for one in self.hotel["members"] if one["role"] == role)
        return {"Authorization": f"Bearer {member['token']}"}

    def socket(self, role: str) -> ClientConnection:
        (wire,) = self.sockets(role, 1)
        return wire

    def sockets(self, role: str, number: int) -> list[ClientConnection]:
        """nginx takes the processes in turn."""
        http = self.http(headers=self.headers(role))
        tickets = [http.post("/api/v1/socket-ticket/").json()["ticket"] for _ in range(number)]
        return [self.come_in(ticket) for ticket in tickets]

    def come_in(self, ticket: str) -> ClientConnection:
        url = self.nginx.url.replace("https", "wss") + "/ws/chat/"
        wire = connect(url, ssl=self.nginx.trust, subprotocols=PARLEY, max_size=None, legacy=True)
        self.opened.callback(wire.close)
        wire.send(json.dumps({"type": "hello", "id": 1, "ticket": ticket}))
        assert json.loads(wire.recv(timeout=10))["type"] == "welcome"
        return wire

    def start_conversation(self) -> str:
        """Carol's with the staff."""
        carol = self.http(headers=self.headers("client"))
        answer = carol.post("/api/v1/chat/conversations/start/", json={"kind": "support"})
        return str(answer.raise_for_status().json()["id"])

    def say(self, http: httpx.Client, conversation: str, body: str) -> None:
        message = {"client_id": str(uuid4()), "body": body}
        path = f"/api/v1/chat/conversations/{conversation}/messages/"
        http.post(path, json=message).raise_for_status()


@pytest.fixture(scope="module", params=SERVERS)
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    with TemporaryDirectory(prefix="parley-nginx-") as name, ExitStack() as opened:
        directory = Path(name)
        postgres, redis = Postgres(directory), Redis(directory)
        opened.callback(postgres.kill, signal.SIGINT)
        opened.callback(redis.kill)
        postgres.start()
        postgres.create("parley")
        redis.start()
        services = {"DATABASE_URL": postgres.url("parley"), "REDIS_URL": redis.url}
        demo = Parley(directory, **services)
        demo.manage("migrate", "--verbosity", "0")
        hotel = demo.demo()[0]

        nginx = Nginx(directory, [free_port(), free_port()], uploads=free_port())
        settings = {"PUBLIC_URL": nginx.url, "BEHIND_PROXY": "1", "DEMO": "0", "SERVER": request.param}
        servers = [Production(directory, **services, **settings) for _ in range(2)]
        uploads = Production(directory, **services, **settings, LOW_PRIORITY="1")
        everybody = [*servers, uploads]
        for server, port in zip(everybody, [*nginx.upstream, nginx.uploads], strict=True):
            server.port = port
            opened.callback(server.kill)
            server.launch()
        for server in everybody:
            until(server.is_up, within=60)
        nginx.start()
        opened.callback(nginx.kill, signal.SIGTERM)
        yield House(servers, uploads, nginx, hotel, opened)


def hear(wire: ClientConnection, body: str) -> None:
    """Reads until the message is there."""
    while True:
        frame = json.loads(wire.recv(timeout=10))
        if frame["type"] == "message" and frame["message"]["body"] == body:
            return


# --- what comes through ---------------------------------------------------------------------------------------------


def test_pages_come_by_https_only(house: House) -> None:
    page = house.http().get("/login/")
    assert page.status_code == 200
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    assert "secure" in page.headers["set-cookie"].lower()
    assert "server" not in page.headers or page.headers["server"] == "nginx"

    plain = httpx.get(f"http://localhost:{house.nginx.plain_port}/login/?next=/chat/")
    assert plain.status_code == 308
    assert plain.headers["location"] == "https://localhost/login/?next=/chat/"


def test_whoever_asks_for_another_name_gets_nothing(house: House) -> None:
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"https://127.0.0.1:{house.nginx.port}/healthz", verify=house.nginx.trust)


def test_people_talk(house: House) -> None:
    conversation = house.start_conversation()
    bob, carol = house.socket("agent"), house.socket("client")
    said = {"conversation": conversation, "client_id": str(uuid4()), "body": "Good morning"}
    carol.send(json.dumps({"type": "message.send", "id": 2, **said}))
    hear(bob, "Good morning")


def test_what_is_said_at_one_process_is_heard_at_the_other(house: House) -> None:
    """Whichever of them has Bob's socket, one of the two messages came from the other."""
    conversation, bob = house.start_conversation(), house.socket("agent")
    for number, server in enumerate(house.servers):
        with httpx.Client(base_url=server.url, headers=house.headers("client")) as at_this_one:
            house.say(at_this_one, conversation, f"From process {number}")
        hear(bob, f"From process {number}")


def test_static_files_may_be_kept_for_a_minute(house: House) -> None:
    loader = house.http().get("/static/widget/loader.js", headers={"Accept-Encoding": "gzip"})
    assert loader.status_code == 200
    assert loader.headers["cache-control"] == "max-age=60, public"
    assert loader.headers["content-encoding"] == "gzip"


# --- what does not --------------------------------------------------------------------------------------------------


def test_a_forged_address_is_not_believed(house: House) -> None:
    most = int(VISITORS_PER_ADDRESS.split("/")[0])
    statuses = [open_visit(house.http(), house, f"192.0.2.{number}") for number in range(most + 1)]
    assert statuses == [201] * most + [429]
    elsewhere = house.http(transport=transport_from("127.0.0.2", house))
    assert open_visit(elsewhere, house, "192.0.2.1") == 201


def open_visit(http: httpx.Client, house: House, forged: str) -> int:
    site = house.hotel["site"]
    headers = {"Origin": site["origin"], "X-Forwarded-For": forged, "X_Forwarded_For": forged}
    return http.post("/api/v1/widget/session/", json={"site": site["key"]}, headers=headers).status_code


def transport_from(address: str, house: House) -> httpx.HTTPTransport:
    return httpx.HTTPTransport(local_address=address, verify=house.nginx.trust)


@pytest.mark.parametrize("size", [300 * 1024, 11 * MEGABYTE])
def test_a_large_body_is_refused_by_us_and_nginx_trusts_us_still(house: House, size: int) -> None:
    http = house.http(headers=house.headers("agent"))
    for _ in house.servers:
        answer = http.post("/api/v1/chat/sync/", content=b" " * size)
        assert answer.status_code == 413
        assert answer.json()["error"]["code"] == "too_large"
    assert http.get("/api/v1/me/").status_code == 200


def test_a_larger_one_by_nginx(house: House) -> None:
    answer = house.http().post("/api/v1/chat/sync/", content=b" " * 13 * MEGABYTE)
    assert answer.status_code == 413
    assert "nginx" in answer.text


# --- files ----------------------------------------------------------------------------------------------------------


def upload(house: House, conversation: str) -> int:
    carol = house.http(headers=house.headers("client"))
    path = f"/api/v1/chat/upload/{conversation}/"
    return carol.post(path, files={"files": ("note.txt", b"The heating is off.")}).status_code


def test_files_come_in_at_a_process_of_their_own(house: House) -> None:
    """And at another one, while that one is not there. nginx believes so for half a minute more."""
    conversation = house.start_conversation()
    with frozen(*house.servers):
        assert upload(house, conversation) == 201

    house.uploads.kill()
    assert upload(house, conversation) == 201
    house.uploads.start()


def test_nothing_else_does(house: House) -> None:
    with frozen(house.uploads):
        bob = house.http(headers=house.headers("agent"))
        house.say(bob, house.start_conversation(), "Good morning")
        assert bob.get("/login/").status_code == 200


@contextmanager
def frozen(*servers: Production) -> Iterator[None]:
    for server in servers:
        server.freeze()
    try:
        yield
    finally:
        for server in servers:
            server.thaw()


# --- when one goes --------------------------------------------------------------------------------------------------


def test_one_process_is_killed_and_people_go_on_through_the_other(house: House) -> None:
    conversation, bob = house.start_conversation(), house.http(headers=house.headers("agent"))
    wires = house.sockets("client", 4)
    house.servers[0].kill()

    house.say(bob, conversation, "Who is still here?")
    still_here = [wire for wire in wires if hears(wire, "Who is still here?")]
    assert len(still_here) == 2
    hearers = [*still_here, *house.sockets("client", 2)]
    for number in range(4):
        house.say(bob, conversation, f"Message {number}")
    for wire in hearers:
        hear(wire, "Message 3")
    house.servers[0].start()


def hears(wire: ClientConnection, body: str) -> bool:
    try:
        hear(wire, body)
    except ConnectionClosed:
        return False
    return True
