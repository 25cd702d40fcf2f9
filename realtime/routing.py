"""The WebSocket half of the ASGI application."""

from __future__ import annotations

from typing import Any

from channels.routing import URLRouter
from django.urls import path, re_path

from realtime.consumer import ChatConsumer
from realtime.wiring import Wiring


def socket_application(wiring: Wiring) -> Any:
    return URLRouter([path("ws/chat/", ChatConsumer.as_asgi(wiring=wiring)), re_path("", nothing_here)])


async def nothing_here(scope: Any, receive: Any, send: Any) -> None:
    """Closing before accepting is a 403 to the handshake."""
    await receive()
    await send({"type": "websocket.close"})
