"""The WebSocket half of the ASGI application."""

from __future__ import annotations

from typing import Any

from channels.routing import URLRouter
from django.urls import path, re_path

from realtime.background import Background
from realtime.consumer import ChatConsumer
from realtime.wiring import Wiring


def socket_application(wiring: Wiring, background: Background) -> Any:
    chat: Any = ChatConsumer.as_asgi(wiring=wiring, background=background)
    routes: list[Any] = [path("ws/chat/", chat), re_path("", nothing_here)]  # type: ignore[arg-type]  # ASGI, not a view
    return URLRouter(routes)


async def nothing_here(scope: Any, receive: Any, send: Any) -> None:
    """Closing before accepting is a 403 to the handshake."""
    await receive()
    await send({"type": "websocket.close"})
