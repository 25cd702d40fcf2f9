"""The canary's socket half: what was deleted is in no frame of any socket, whatever it asks for."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from channels.db import database_sync_to_async as in_thread

from messaging.actions import delete_message, edit_message
from tests.architecture import matrix
from tests.architecture.matrix import HELLO, Entry
from tests.architecture.test_canary import CANARIES, SECOND, everybody, in_the_world, say_canary
from tests.architecture.test_isolation_of_the_socket import connected, ticket_by_rest
from tests.architecture.worlds import World, set_stage
from tests.cast import Cast
from tests.sockets import Frame


@pytest.mark.usefixtures("only_when_told")
async def test_no_socket_receives_what_is_gone(committed_cast: Cast) -> None:
    stage = await in_thread(set_stage)(committed_cast)
    message_id = await in_thread(say_canary)(stage)
    await in_thread(edit_message)(committed_cast.bob.actor, message_id=message_id, body=SECOND)
    await in_thread(delete_message)(committed_cast.bob.actor, message_id=message_id)
    stage = await in_thread(in_the_world)(stage, message_id)

    found: list[str] = []
    callers = await in_thread(lambda: list(everybody(stage)))()
    for caller in callers:
        ticket = await in_thread(ticket_by_rest)(caller)
        if not ticket:
            continue
        async with connected() as socket:
            said: list[Frame] = [await socket.push(HELLO, ticket=ticket)]
            for type, some in matrix.COMMANDS.items():
                for entry in some:
                    with suppress(TimeoutError):
                        said.append(await socket.push(type, **_body(entry, stage.hotel)))
            said += socket.early
        text = "".join(map(str, said))
        found += [f"{canary} by {caller.name}" for canary in CANARIES if canary in text]
    assert found == []


def _body(entry: Entry, world: World) -> dict[str, Any]:
    return entry.body(world) if entry.body else {}
