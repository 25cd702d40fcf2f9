"""Fetching what strangers name: from public addresses only, in bounded time, and no more than so much of it.

`requests-hardened` refuses private addresses and connects to the very one that it looked at. What it leaves is done
here: IPv6 that is not global unicast, proxies of the environment (no session is used), who sends a byte now and then,
and bodies that never end.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Timer
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from requests_hardened.ip_filter import EXTRA_BLOCKED_NET_RANGES, InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

CONNECT_SECONDS = 5.0
USER_AGENT = "Parley"
GLOBAL_UNICAST = ip_network("2000::/3")
# Looks public; from within Azure it answers with a machine's secrets.
WIRE_SERVER = ip_address("168.63.129.16")
REDIRECTS = (301, 302, 303, 307, 308)
# A mail server may take a request for its own language; what is above belongs to no such service.
WEB_PORTS = (None, 80, 443)
UNPRIVILEGED = 1024


class FetchFailed(Exception):
    """Its text may be shown to whoever named the URL: it tells nothing of our network."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """`url`: where redirects led. `body`: as it came, its beginning."""

    url: str
    status: int
    content_type: str
    body: bytes


def fetch(
    url: str,
    *,
    seconds: float,
    limit: int,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    redirects: int = 0,
    https_only: bool = False,
) -> Fetched:
    """One answer, whatever its status, within `seconds` in all and `limit` bytes; more than that is not read.

    Raises FetchFailed. Looking up a name may take as long as the machine's resolver lets it.
    """
    sent = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", **(headers or {})}
    with _watch(seconds) as watch:
        for _ in range(redirects + 1):
            must_be_fetchable(url, https_only=https_only)
            fetched, onwards = _ask(watch, requests.Request(method, url, headers=sent, data=body), limit)
            if not onwards or not redirects:
                return fetched
            url = _joined(url, onwards)
    raise FetchFailed("It redirects too often.")


def must_be_fetchable(url: str, *, https_only: bool = False) -> None:
    """As far as the URL itself tells; what its name stands for is looked at when it is fetched. Raises FetchFailed."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise FetchFailed("This is not a URL.") from None
    if not host or any(letter.isspace() or not letter.isprintable() for letter in url):
        raise FetchFailed("This is not a URL.")
    if parts.username is not None or parts.password is not None:
        raise FetchFailed("Leave the user name and the password out of the URL.")
    if _is_named(parts):
        if parts.scheme not in ("http", "https"):
            raise FetchFailed("Begin it with https://.")
        return
    if parts.scheme != "https" and (https_only or parts.scheme != "http"):
        raise FetchFailed("Begin it with https://.")
    if port not in WEB_PORTS and (port or 0) < UNPRIVILEGED:
        raise FetchFailed("No web server has this port.")
    if _is_address(host) and not is_public(host):
        raise FetchFailed(NOT_PUBLIC)


def _joined(url: str, onwards: str) -> str:
    try:
        return urljoin(url, onwards)
    except ValueError:
        raise FetchFailed("It redirects to what is no URL.") from None


NOT_PUBLIC = "Its address is not a public one."


def is_public(address: str) -> bool:
    """Of IPv6 what is global unicast, and stands for no other address."""
    ip = ip_address(address)
    if not ip.is_global or any(ip in one for one in EXTRA_BLOCKED_NET_RANGES):
        return False
    if isinstance(ip, IPv6Address):
        return ip in GLOBAL_UNICAST and not (ip.sixtofour or ip.teredo)
    return not ip.is_multicast and not ip.is_reserved and ip != WIRE_SERVER


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_named(parts: SplitResult) -> bool:
    """In PRIVATE_HOSTS, as "host" or "host:port"."""
    named = settings.PRIVATE_HOSTS
    return parts.hostname in named or f"{parts.hostname}:{parts.port}" in named


# --- one request ----------------------------------------------------------------------------------------------------


def _ask(watch: _Watch, request: requests.Request, limit: int) -> tuple[Fetched, str]:
    """The answer, and where it sends us on to."""
    try:
        return _answer(request, limit, watch)
    except InvalidIPAddress:
        raise FetchFailed(NOT_PUBLIC) from None
    except requests.exceptions.SSLError:
        raise FetchFailed("Its certificate is not right.") from None
    except requests.Timeout:
        raise FetchFailed(TOO_LATE) from None
    except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError):
        raise FetchFailed(TOO_LATE if watch.is_over else "It cannot be reached.") from None


TOO_LATE = "It did not answer in time."


def _answer(request: requests.Request, limit: int, watch: _Watch) -> tuple[Fetched, str]:
    """By the adapter, not by a session: that one would read all of a redirect's body, and ask the environment."""
    prepared = request.prepare()
    url = str(prepared.url)
    adapter = _Named() if _is_named(urlsplit(url)) else _Public(urlsplit(url).scheme == "https")
    try:
        response = adapter.send(
            prepared, stream=True, timeout=(min(CONNECT_SECONDS, watch.seconds), watch.seconds)
        )
        with response:
            body = bytearray()
            for piece in response.raw.stream(16_384, decode_content=False):
                body += piece
                if len(body) >= limit:
                    break
            if watch.is_over:
                raise FetchFailed(TOO_LATE)
            content_type = response.headers.get("Content-Type", "")
            onwards = response.headers.get("Location", "") if response.status_code in REDIRECTS else ""
            return Fetched(url, response.status_code, content_type, bytes(body[:limit])), onwards
    finally:
        adapter.close()


# --- to where it may go ---------------------------------------------------------------------------------------------


class _Watched(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class _Named(_Watched):
    """To a host of PRIVATE_HOSTS."""


class _Public(IPFilterAdapter, _Watched):
    def build_connection_pool_key_attributes(self, *args: Any, **kwargs: Any) -> Any:
        """With the address that is connected to in place of the host."""
        where, how = super().build_connection_pool_key_attributes(*args, **kwargs)
        if not is_public(where["host"].strip("[]")):
            raise InvalidIPAddress
        return where, how


# --- for how long ---------------------------------------------------------------------------------------------------


class _Watch:
    """Hangs up when the time is over: time-outs are of each read, and a byte a second satisfies them."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.is_over = False
        self._lines: list[socket.socket] = []

    def over(self, line: socket.socket) -> socket.socket:
        """A twin of it is kept: TLS takes the socket itself away."""
        self._lines.append(line.dup())
        if self.is_over:
            self.hang_up()
        return line

    def hang_up(self) -> None:
        self.is_over = True
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        for line in self._lines:
            line.close()


_watching: ContextVar[_Watch] = ContextVar("watching")


@contextmanager
def _watch(seconds: float) -> Iterator[_Watch]:
    watch = _Watch(seconds)
    timer = Timer(seconds, watch.hang_up)
    timer.daemon = True
    before = _watching.set(watch)
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()
        timer.join()
        watch.close()
        _watching.reset(before)


class _Connection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _watching.get().over(super()._new_conn())


class _SecureConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _watching.get().over(super()._new_conn())


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection
