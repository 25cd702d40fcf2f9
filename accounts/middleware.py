"""Which pages may talk to us: CORS by site; for sockets our own pages, those of an active site, native clients."""

from __future__ import annotations

from typing import Any

from corsheaders.middleware import CorsMiddleware
from django.conf import settings
from django.http.request import split_domain_port, validate_host

from accounts.http import client_address
from accounts.origins import foreign_origin
from accounts.queries import is_origin_of_a_site
from realtime.database import in_database
from realtime.handshakes import handshakes


class SiteCors(CorsMiddleware):
    """Asks the database for a site's origins (accounts.receivers), so it must not run in the event loop."""

    async_capable = False


class OriginGate:
    """ASGI: refuses the handshake (403) of a foreign page, and counts those of each address.

    Leaves the Origin in `scope["origin"]` ("" when absent, or ours), and how long to stay away in
    `scope["retry_after_ms"]`.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        origin = foreign_origin(headers.get(b"origin", b"").decode("latin-1"), host)
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
        peer = str((scope.get("client") or ("",))[0])
        retry_after_ms = handshakes.wait_ms(client_address(forwarded, peer))
        # Before the database is asked about a page: whoever only knocks must not keep it busy.
        if retry_after_ms or await self.allows(origin, host):
            known = {"origin": origin, "retry_after_ms": retry_after_ms}
            await self.application({**scope, **known}, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close"})

    async def allows(self, origin: str, host: str) -> bool:
        if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
            return False
        return not origin or await in_database(is_origin_of_a_site, origin)
