"""The ASGI application: HTTP to Django, WebSocket to the one consumer."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
http = get_asgi_application()

# Below here apps are loaded.
from accounts.middleware import OriginGate  # noqa: E402
from config.processes import claim_only_process  # noqa: E402
from config.realtime import WIRING  # noqa: E402
from realtime.fanout import fanout  # noqa: E402
from realtime.routing import socket_application  # noqa: E402

claim_only_process()
websocket = OriginGate(socket_application(WIRING))


async def application(scope, receive, send):  # type: ignore[no-untyped-def]
    """Told apart by hand: two types do not need a router, and news published by HTTP needs the loop it runs in."""
    fanout.bind()
    await (websocket if scope["type"] == "websocket" else http)(scope, receive, send)
