"""The ASGI application itself: HTTP to Django, WebSocket to the one consumer. Servers take it from config.asgi."""

from __future__ import annotations

import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_asgi_application()

# Below here apps are loaded.
from accounts.middleware import OriginGate  # noqa: E402
from config.bodies import BodyLimit  # noqa: E402
from config.realtime import BACKGROUND, WIRING  # noqa: E402
from realtime.fanout import fanout  # noqa: E402
from realtime.routing import socket_application  # noqa: E402

http = BodyLimit(django)
websocket = OriginGate(socket_application(WIRING, BACKGROUND))


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Told apart by hand: two types need no router, and what HTTP publishes needs the loop it runs in."""
    fanout.bind()
    await (websocket if scope["type"] == "websocket" else http)(scope, receive, send)
