"""By socket: whoever may see a request hears of it, and nobody else."""

from __future__ import annotations

from typing import Any

from channels.db import database_sync_to_async

from tests.cast import Cast
from tests.conftest import Api, SocketFactory
from tests.portal.asked import ask
from tests.sockets import Socket


async def test_vera_and_marta_hear_of_it(committed_cast: Cast, socket: SocketFactory) -> None:
    cast = committed_cast
    vera, marta, paula = await socket(cast.vera), await socket(cast.marta), await socket(cast.paula)
    made = await database_sync_to_async(ask)(cast.carol, cast.room)
    frame = {"type": "request", "event": "created", "request": made.json()}
    assert [await next_request(vera), await next_request(marta)] == [frame, frame]
    path = f"client-requests/{made.json()['id']}/approve/"
    decided = await database_sync_to_async(Api(cast.marta).post)(path)
    assert await next_request(vera) == {"type": "request", "event": "approved", "request": decided.json()}
    assert await paula.hears_nothing()


async def next_request(one: Socket) -> Any:
    while (frame := await one.hear())["type"] != "request":
        pass
    return frame
