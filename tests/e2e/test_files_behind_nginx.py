"""Bytes of shared files come from nginx, with the file that we ship, once Parley has said who may have them."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.e2e.nginx import Nginx
from tests.e2e.test_behind_nginx import Production
from tests.faults.services import Parley, until

pytestmark = [
    pytest.mark.timeout(120),
    pytest.mark.skipif(not shutil.which("nginx", path="/usr/sbin:/usr/bin"), reason="nginx is not here"),
]

CONTENT = b"0123456789" * 100
ACCEL = {"FILES_ACCEL": "/kept/"}
# Of the connection, not of the file; and what REST says of itself.
OF_THE_WIRE = ("date", "server", "connection", "etag", "transfer-encoding", "allow")


@dataclass
class House:
    nginx: Nginx
    hotel: dict[str, Any]
    acme: dict[str, Any]
    opened: ExitStack

    def of(self, role: str, *, organisation: str = "hotel") -> httpx.Client:
        """A member's REST, through nginx."""
        members = getattr(self, organisation)["members"]
        member = next(one for one in members if one["role"] == role)
        headers = {"Authorization": f"Bearer {member['token']}", "Accept-Encoding": "identity"}
        client = httpx.Client(base_url=self.nginx.url, verify=self.nginx.trust, timeout=10, headers=headers)
        return self.opened.enter_context(client)

    def kept(self) -> list[Path]:
        return sorted(one for one in self.nginx.files.rglob("*") if one.is_file())


@pytest.fixture(scope="module", params=["nginx", "Parley"])
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    """`Parley`: the same without FILES_ACCEL, whose answers are to be the same."""
    with TemporaryDirectory(prefix="parley-nginx-") as name, ExitStack() as opened:
        directory = Path(name)
        demo = Parley(directory)
        demo.manage("migrate", "--verbosity", "0")
        hotel, acme = demo.demo()
        settings = {"BEHIND_PROXY": "1", "DEMO": "0", "SERVER": os.environ.get("SERVER", "daphne")}
        server = Production(directory, **settings, **(ACCEL if request.param == "nginx" else {}))
        nginx = Nginx(directory, [server.port, server.port])
        server.settings["PUBLIC_URL"] = nginx.url
        opened.callback(server.kill)
        server.launch()
        until(server.is_up, within=60)
        nginx.start()
        opened.callback(nginx.kill, signal.SIGTERM)
        yield House(nginx, hotel, acme, opened)


def shared(house: House, name: str, content: bytes) -> str:
    """Where the file is that Carol has shown to the staff."""
    carol = house.of("client")
    started = carol.post("/api/v1/chat/conversations/start/", json={"kind": "support"})
    conversation = started.raise_for_status().json()["id"]
    uploaded = carol.post(f"/api/v1/chat/upload/{conversation}/", files={"files": (name, content)})
    [file] = uploaded.raise_for_status().json()["results"]
    message = {"client_id": str(uuid4()), "body": "", "attachments": [file["id"]]}
    carol.post(f"/api/v1/chat/conversations/{conversation}/messages/", json=message).raise_for_status()
    return f"/api/v1/chat/download/{file['id']}/"


@pytest.fixture(scope="module")
def path(house: House) -> str:
    return shared(house, "list.txt", CONTENT)


@pytest.fixture
def bob(house: House) -> httpx.Client:
    return house.of("agent")


def test_all_of_it(bob: httpx.Client, path: str) -> None:
    response = bob.get(path)
    assert (response.status_code, response.content) == (200, CONTENT)
    assert {name: value for name, value in response.headers.multi_items() if name not in OF_THE_WIRE} == {
        "accept-ranges": "bytes",
        "cache-control": "private, no-cache",
        "content-disposition": 'attachment; filename="list.txt"',
        "content-length": "1000",
        "content-security-policy": (
            "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; img-src 'self'; sandbox"
        ),
        "content-type": "text/plain",
        "cross-origin-opener-policy": "same-origin",
        "referrer-policy": "same-origin",
        "strict-transport-security": "max-age=31536000",
        "vary": "origin",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    }
    names = [name for name, _ in response.headers.multi_items()]
    assert len(names) == len(set(names))


def test_its_head(bob: httpx.Client, path: str) -> None:
    whole, head = bob.get(path), bob.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert without_date(head) == without_date(whole)


def without_date(response: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name != "date"}


@pytest.mark.parametrize(
    ("asked_for", "content", "where"),
    [
        ("bytes=10-14", b"01234", "bytes 10-14/1000"),
        ("bytes=-3", b"789", "bytes 997-999/1000"),
        ("bytes=998-5000", b"89", "bytes 998-999/1000"),
    ],
)
def test_a_range_of_it(bob: httpx.Client, path: str, asked_for: str, content: bytes, where: str) -> None:
    response = bob.get(path, headers={"Range": asked_for})
    assert (response.status_code, response.content) == (206, content)
    assert (response.headers["content-range"], response.headers["content-type"]) == (where, "text/plain")


def test_a_range_outside_of_it(bob: httpx.Client, path: str) -> None:
    response = bob.get(path, headers={"Range": "bytes=1000-"})
    assert (response.status_code, response.headers["content-range"]) == (416, "bytes */1000")


def test_several_ranges_are_all_of_it(bob: httpx.Client, path: str) -> None:
    response = bob.get(path, headers={"Range": "bytes=0-1,5-6,0-999,0-999"})
    assert (response.status_code, response.content) == (200, CONTENT)


def test_a_range_of_what_it_was(bob: httpx.Client, path: str) -> None:
    etag = bob.get(path).headers["etag"]
    for known, status in ((etag, 206), ('"another"', 200), ("Sat, 29 Oct 1994 19:43:31 GMT", 200)):
        response = bob.get(path, headers={"Range": "bytes=0-0", "If-Range": known})
        assert response.status_code == status


def test_what_the_browser_has_is_not_sent_again(house: House, bob: httpx.Client, path: str) -> None:
    etag = bob.get(path).headers["etag"]
    response = bob.get(path, headers={"If-None-Match": etag})
    assert (response.status_code, response.content, response.headers["etag"]) == (304, b"", etag)
    assert bob.get(path, headers={"If-None-Match": "*"}).status_code == 304
    assert bob.get(path, headers={"If-None-Match": '"another"'}).content == CONTENT
    # Days are no proof: two files may be of one second.
    old = {"If-Modified-Since": "Sat, 29 Oct 2033 19:43:31 GMT"}
    assert bob.get(path, headers=old).content == CONTENT


def test_a_widget_reads_it_on_its_own_page(house: House, path: str) -> None:
    origin = house.hotel["site"]["origin"]
    response = house.of("client").get(path, headers={"Origin": origin})
    assert (response.headers["access-control-allow-origin"], response.content) == (origin, CONTENT)
    ranges = house.of("client").get(path, headers={"Origin": origin, "Range": "bytes=0-0"})
    assert (ranges.headers["access-control-allow-origin"], ranges.content) == (origin, b"0")


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("a'b'; filename=c 100%.txt", """attachment; filename="a'b'; filename=c 100%.txt\""""),
        (
            "Überblick – 日本.txt",
            "attachment; filename*=utf-8''%C3%9Cberblick%20%E2%80%93%20%E6%97%A5%E6%9C%AC.txt",
        ),
        ("..%2fpasswd%0d%0aX-Evil: 1.txt", 'attachment; filename="..%2fpasswd%0d%0aX-Evil: 1.txt"'),
    ],
)
def test_a_name_is_only_a_name(house: House, name: str, disposition: str, bob: httpx.Client) -> None:
    response = bob.get(shared(house, name, CONTENT))
    assert (response.status_code, response.content) == (200, CONTENT)
    assert response.headers["content-disposition"] == disposition
    assert "x-evil" not in response.headers


# --- what does not come through -------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-3"}, {"If-None-Match": "*"}])
def test_an_outsider_gets_nothing(house: House, path: str, headers: dict[str, str]) -> None:
    nobody = {"Authorization": "Bearer nobody's"}
    for outsider in (house.of("guest"), house.of("agent", organisation="acme")):
        assert outsider.get(path, headers=headers).status_code == 404
    assert house.of("agent").get(path, headers={**headers, **nobody}).status_code == 401


def test_nobody_asks_nginx_itself(house: House, bob: httpx.Client, path: str) -> None:
    assert bob.get(path).status_code == 200
    [key, *_] = [one.relative_to(house.nginx.files) for one in house.kept()]
    for place in (f"/kept/{key}", "/kept/", f"/kept/{key.parent}/", "/kept/../kept/", f"//kept//{key}"):
        response = bob.get(place)
        assert response.status_code == 404, place
        assert b"0123456789" not in response.content
    # Nor does a client's header lead there.
    response = bob.get("/healthz", headers={"X-Accel-Redirect": f"/kept/{key}"})
    assert response.content == b"ok\n"


def test_what_is_gone_from_the_disk_is_not_there(house: House, bob: httpx.Client) -> None:
    path = shared(house, "soon gone.txt", b"Soon gone")
    [one] = [one for one in house.kept() if one.read_bytes() == b"Soon gone"]
    one.unlink()
    response = bob.get(path)
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("house", ["nginx"], indirect=True)
def test_a_link_on_the_disk_leads_nowhere(house: House, bob: httpx.Client, tmp_path: Path) -> None:
    path = shared(house, "linked.txt", b"Linked")
    [one] = [one for one in house.kept() if one.read_bytes() == b"Linked"]
    (tmp_path / "secret").write_bytes(b"Secret")
    one.unlink()
    one.symlink_to(tmp_path / "secret")
    response = bob.get(path)
    assert response.status_code == 403
    assert b"Secret" not in response.content
