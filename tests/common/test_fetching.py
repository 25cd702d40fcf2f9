"""What strangers name is fetched from public addresses only, in bounded time, up to a bounded size."""

from __future__ import annotations

import socket
import time
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from common.fetching import Fetched, FetchFailed, fetch, is_public, must_be_fetchable
from tests.hosts import Answer, Host


def look(url: str, **options: Any) -> Fetched:
    return fetch(url, **{"seconds": 10, "limit": 1000, **options})


def test_a_page_is_fetched(host: Host) -> None:
    host.answer = Answer(200, b"Hello", {"Content-Type": "text/plain"})
    assert look(host.url("/a?b=c")) == Fetched(host.url("/a?b=c"), 200, "text/plain", b"Hello")
    (heard,) = host.heard
    assert (heard.method, heard.path, heard.headers["User-Agent"]) == ("GET", "/a?b=c", "Parley")


def test_something_is_posted(host: Host) -> None:
    host.answer = Answer(418)
    answer = look(host.url(), method="POST", body=b"{}", headers={"Content-Type": "application/json"})
    (heard,) = host.heard
    assert (answer.status, heard.method, heard.body) == (418, "POST", b"{}")
    assert heard.headers["Content-Type"] == "application/json"


# --- where to -------------------------------------------------------------------------------------------------------

HERE = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "0.0.0.0",  # noqa: S104
    "0",
    "localhost",
    "LOCALHOST",
    "localhost.",
    socket.gethostname(),
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[0:0:0:0:0:ffff:0:0]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
]


@pytest.mark.parametrize("name", HERE)
def test_this_machine_is_not_reached(listener: Host, name: str) -> None:
    with pytest.raises(FetchFailed):
        look(f"http://{name}:{listener.port}/")
    assert listener.heard == []


@pytest.mark.parametrize("name", ["127.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"])
def test_it_would_be_were_it_named(listener: Host, settings: Any, name: str) -> None:
    settings.PRIVATE_HOSTS = [name.strip("[]")]
    assert look(f"http://{name}:{listener.port}/").status == 200


def test_a_redirect_leads_nowhere_else_either(host: Host) -> None:
    for name in ("localhost", "127.1", "[::1]"):
        host.by_path["/away"] = Answer(302, headers={"Location": f"http://{name}:{host.port}/secret"})
        with pytest.raises(FetchFailed, match="not a public"):
            look(host.url("/away"), redirects=3)
    assert {one.path for one in host.heard} == {"/away"}


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:70/_x", "//[", "http://"]
)
def test_a_redirect_to_what_is_no_page(host: Host, to: str) -> None:
    host.answer = Answer(302, headers={"Location": to})
    with pytest.raises(FetchFailed):
        look(host.url(), redirects=3)


@pytest.mark.parametrize("proxy", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
def test_no_proxy_of_the_environment_is_asked(
    listener: Host, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    """It would look up the name by itself."""
    monkeypatch.setenv(proxy, listener.url())
    with pytest.raises(FetchFailed):
        look("http://localhost:9/")
    with pytest.raises(FetchFailed):
        look("http://localhost:8000/")
    assert listener.heard == []


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.192", "0.1.2.3"),
        *("198.18.0.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
        *("fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::", "::8.8.8.8", "100::1"),
        *("64:ff9b::808:808", "2001:db8::1", "2001::1", "2002:808:808::1", "4000::1"),
    ],
)
def test_what_is_not_public(address: str) -> None:
    assert not is_public(address)
    shown = f"[{address}]" if ":" in address else address
    with pytest.raises(FetchFailed, match="not a public"):
        must_be_fetchable(f"https://{shown}/")


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "2a00:1450:4009:81f::200e"])
def test_what_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "hello",
            "https://",
            "https:///x",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "ftp://a.example/",
        ),
        *("https://bob:pw@a.example/", "https://a.example:25/", "https://a.example:99999/", "https://[/"),
        *(
            "https://a.example/\r\nHost: b",
            "https://a b.example/",
            "https://a.example/\x00",
            "http://a.example:22/",
        ),
    ],
)
def test_what_is_no_url(url: str) -> None:
    with pytest.raises(FetchFailed):
        must_be_fetchable(url)


def test_https_only() -> None:
    must_be_fetchable("https://a.example/hook", https_only=True)
    must_be_fetchable("http://a.example/hook")
    with pytest.raises(FetchFailed, match="https"):
        must_be_fetchable("http://a.example/hook", https_only=True)


# --- redirects ------------------------------------------------------------------------------------------------------


def test_redirects_are_followed_so_many_times(host: Host) -> None:
    for number in range(4):
        host.by_path[f"/{number}"] = Answer(302, headers={"Location": f"/{number + 1}"})
    assert look(host.url("/1"), redirects=3).url == host.url("/4")
    with pytest.raises(FetchFailed, match="too often"):
        look(host.url("/0"), redirects=3)


def test_or_not_at_all(host: Host) -> None:
    host.answer = Answer(302, headers={"Location": "/elsewhere"})
    assert look(host.url("/there"), method="POST").status == 302
    assert [one.path for one in host.heard] == ["/there"]


# --- how much, and for how long -------------------------------------------------------------------------------------


def endless(handler: BaseHTTPRequestHandler, *, status: int = 200) -> None:
    handler.send_response(status)
    handler.send_header("Location", "/there")
    handler.end_headers()
    for _ in range(10_000):
        handler.wfile.write(b"x" * 10_000)


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """A byte of an answer now and then: each read has something to read."""
    for _ in range(1000):
        handler.wfile.write(b"H")
        handler.wfile.flush()
        time.sleep(0.05)


def garbage(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"\x00\xff garbage\r\n\r\n")


def test_no_more_is_read_than_asked_for(host: Host) -> None:
    host.by_path["/"] = endless
    assert look(host.url(), limit=70_000).body == b"x" * 70_000


def test_nor_of_a_redirect(host: Host) -> None:
    host.by_path["/"] = lambda handler: endless(handler, status=302)
    host.by_path["/there"] = Answer(200, b"There")
    assert look(host.url(), redirects=1).body == b"There"


def test_what_is_packed_is_not_asked_for_and_not_unpacked(host: Host) -> None:
    host.answer = Answer(200, b"\x1f\x8b not gzip", {"Content-Encoding": "gzip"})
    assert look(host.url()).body == b"\x1f\x8b not gzip"
    assert host.heard[0].headers["Accept-Encoding"] == "identity"


def test_who_dawdles_is_hung_up_on(host: Host) -> None:
    host.by_path["/"] = dripping
    with pytest.raises(FetchFailed, match="in time"):
        look(host.url(), seconds=0.3)


def test_who_says_nothing_too(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{port}"]
        with pytest.raises(FetchFailed, match="in time"):
            look(f"http://127.0.0.1:{port}/", seconds=0.3)


def test_what_is_not_there(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    settings.PRIVATE_HOSTS = [f"127.0.0.1:{port}"]
    with pytest.raises(FetchFailed, match="cannot be reached"):
        look(f"http://127.0.0.1:{port}/")
    with pytest.raises(FetchFailed, match="cannot be reached"):
        look(f"https://{'a' * 64}.example/")


def test_what_is_no_http(host: Host) -> None:
    host.by_path["/"] = garbage
    with pytest.raises(FetchFailed):
        look(host.url())


def test_a_certificate_of_nobody_is_refused(host: Host) -> None:
    with pytest.raises(FetchFailed):
        look(f"https://{host.place}/")
