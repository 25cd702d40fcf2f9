"""A receipt that was taken is written, also when the database is away just then: its client does not repeat it."""

from __future__ import annotations

import asyncio
import json
import time

import pytest
from websockets.asyncio.client import ClientConnection

from tests.faults.fleet import Fleet
from tests.faults.memory import Frame, Watermark
from tests.faults.stage import TWO_PROCESSES, World
from tests.faults.truth import Truth
from tests.faults.visitors import say_hello

WRITTEN_WITHIN = 15.0


@pytest.mark.timeout(120)
async def test_a_receipt_outlives_a_restart_of_postgres(world: World) -> None:
    with world.stage(TWO_PROCESSES, [{}]) as stage:
        fleet = Fleet(stage)
        await fleet.start_conversations()
        alice, bob = fleet.people["admin"], fleet.people["agent"]
        everybody = max(fleet.conversations, key=lambda id: len(fleet.conversations[id]))
        hers = await say_hello(stage.servers[0], alice["token"])
        his = await say_hello(stage.servers[0], bob["token"])
        said = {"conversation": everybody, "client_id": alice["id"], "body": "Good morning"}
        assert (await ask(hers, "message.send", **said))["type"] == "ok"

        assert (await ask(his, "receipt.move", conversation=everybody, delivered=1, read=1))["type"] == "ok"
        await asyncio.to_thread(stage.postgres.kill)
        await asyncio.sleep(3)
        await asyncio.to_thread(stage.postgres.start)

        deadline, mark = time.monotonic() + WRITTEN_WITHIN, Watermark()
        while mark != Watermark(1, 1) and time.monotonic() < deadline:
            await asyncio.sleep(0.5)
            mark = (await asyncio.to_thread(Truth.of, stage.ask)).watermarks[everybody][bob["id"]]
        assert mark == Watermark(delivered=1, read=1)
        await asyncio.gather(hers.close(), his.close())


async def ask(wire: ClientConnection, type: str, **fields: object) -> Frame:
    await wire.send(json.dumps({"type": type, "id": 2, **fields}))
    while True:
        frame: Frame = json.loads(await wire.recv())
        if frame.get("re") == 2:
            return frame
