"""While Redis is away a process is told of nothing that another does: it finds by itself who may not stay.

Two real processes (`-m faults`). People are connected to one; what ends their right happens at the other.
"""

from __future__ import annotations

import json
import re
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from realtime.frames import NOT_AUTHENTICATED
from tests.faults.services import Parley, Postgres, Redis

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]

FOUND_WITHIN = 60.0
# A check that began a moment before still has to end.
AND_A_MOMENT = 3.0


@dataclass
class House:
    redis: Redis
    here: Parley
    there: Parley
    hotel: dict[str, Any]

    def member(self, role: str) -> dict[str, Any]:
        found: dict[str, Any] = next(one for one in self.hotel["members"] if one["role"] == role)
        return found


@pytest.fixture
def house() -> Iterator[House]:
    with TemporaryDirectory(prefix="parley-revocation-") as name:
        directory = Path(name)
        postgres, redis = Postgres(directory), Redis(directory)
        postgres.start()
        postgres.create("parley")
        redis.start()
        services = {"DATABASE_URL": postgres.url("parley"), "REDIS_URL": redis.url}
        here, there = [Parley(directory, **services) for _ in ("here", "there")]
        for server in (here, there):
            server.start()
        yield House(redis, here, there, here.demo()[0])
        for part in (here, there, redis):
            part.kill()
        postgres.kill(signal.SIGINT)


@pytest.fixture
def hold() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


# --- at one process -------------------------------------------------------------------------------------------------


def by_token(server: Parley, token: str, **headers: str) -> httpx.Client:
    return httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {token}", **headers})


def by_session(server: Parley, member: dict[str, Any]) -> httpx.Client:
    client = httpx.Client(base_url=server.url)
    submit(client, "/login/", username=member["username"], password=member["password"])
    return client


def submit(client: httpx.Client, page: str, **fields: str) -> None:
    """A form of a page; one that is accepted leads on to another."""
    if "csrftoken" not in client.cookies:
        client.get("/login/")
    fields["csrfmiddlewaretoken"] = client.cookies["csrftoken"]
    assert client.post(page, data=fields).status_code == 302, page


def ticket(client: httpx.Client) -> str:
    headers = {"X-CSRFToken": client.cookies.get("csrftoken") or ""}
    answer = client.post("/api/v1/socket-ticket/", json={}, headers=headers).raise_for_status()
    return str(answer.json()["ticket"])


def visitor(house: House) -> httpx.Client:
    site = house.hotel["site"]
    opened = httpx.post(
        f"{house.here.url}/api/v1/widget/session/",
        json={"site": site["key"]},
        headers={"Origin": site["origin"]},
    ).raise_for_status()
    return by_token(house.here, opened.json()["token"], Origin=site["origin"])


# --- at the other ---------------------------------------------------------------------------------------------------


def comes_in(house: House, client: httpx.Client) -> ClientConnection:
    origin = client.headers.get("Origin")
    url = house.there.url.replace("http", "ws") + "/ws/chat/"
    wire = connect(
        url,
        origin=Origin(origin) if origin else None,
        subprotocols=[Subprotocol("parley.v1")],
        max_size=None,
        legacy=True,
    )
    wire.send(json.dumps({"type": "hello", "id": 1, "ticket": ticket(client)}))
    assert json.loads(wire.recv(timeout=10))["type"] == "welcome"
    return wire


def hears_pong(wire: ClientConnection) -> bool:
    wire.send(json.dumps({"type": "ping", "id": 2}))
    while (frame := json.loads(wire.recv(timeout=10)))["type"] != "pong":
        assert frame["type"] != "error"
    return True


def closed_with(wire: ClientConnection, *, by: float) -> int | None:
    try:
        while True:
            wire.recv(timeout=max(0.0, by - time.monotonic()))
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


# --- the story ------------------------------------------------------------------------------------------------------


def row_of(admin: httpx.Client, page: str) -> str:
    """The id of the one row that a list of the admin shows."""
    (id,) = re.findall(r'name="_selected_action" value="([^"]+)"', admin.get(page).text)
    return str(id)


def switches_off_the_site(admin: httpx.Client, site: dict[str, Any]) -> None:
    row = row_of(admin, f"/admin/accounts/site/?q={site['key']}")
    rows = {"origins-TOTAL_FORMS": "0", "origins-INITIAL_FORMS": "0"}
    submit(admin, f"/admin/accounts/site/{row}/change/", name="Lobby", appearance="{}", **rows)


def test_who_may_not_stay_is_found_within_a_minute(house: House, hold: ExitStack) -> None:
    admin, agent, manager = [
        by_session(house.here, house.member(role)) for role in ("admin", "agent", "manager")
    ]
    leaving, switched_off = visitor(house), visitor(house)
    people = (admin, agent, manager, leaving, switched_off)
    for one in people:
        hold.callback(one.close)
    wires = [comes_in(house, one) for one in people]
    for wire in wires:
        hold.callback(wire.close)

    house.redis.kill()
    submit(agent, "/logout/")
    submit(
        admin, "/admin/accounts/member/", action="deactivate", _selected_action=house.member("manager")["id"]
    )
    assert leaving.delete("/api/v1/widget/session/").status_code == 204
    switches_off_the_site(admin, house.hotel["site"])
    at_the_latest = time.monotonic() + FOUND_WITHIN + AND_A_MOMENT
    # Nobody was told: all are still there.
    assert all(hears_pong(wire) for wire in wires)

    of_admin, *of_others = wires
    assert [closed_with(wire, by=at_the_latest) for wire in of_others] == [NOT_AUTHENTICATED] * 4
    assert hears_pong(of_admin)
