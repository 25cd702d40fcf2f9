"""The ASGI application itself: HTTP to Django, WebSocket to the one consumer. Servers take it from config.asgi."""

from __future__ import annotations

import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

# Below here apps are loaded.
from accounts.middleware import OriginGate  # noqa: E402
from config.bodies import BodyLimit  # noqa: E402
from config.realtime import BACKGROUND, WIRING  # noqa: E402
from config.requests import Requests, tidy_where_it_was_used  # noqa: E402
from realtime.fanout import fanout  # noqa: E402
from realtime.routing import socket_application  # noqa: E402

tidy_where_it_was_used()
http = BodyLimit(Requests())
websocket = OriginGate(socket_application(WIRING, BACKGROUND))


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Told apart by hand: two types need no router, and what HTTP publishes needs the loop it runs in."""
    fanout.bind()
    await (websocket if scope["type"] == "websocket" else http)(scope, receive, send)
