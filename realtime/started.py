"""A coroutine begun by a plain call: it becomes a task only if it has to wait."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from types import coroutine
from typing import Any

Work = Coroutine[Any, Any, None]


def start(work: Work) -> asyncio.Task[None] | None:
    """Runs `work` at once until it first waits; the task that goes on with it, or None when it is done.

    What `asyncio.Task(eager_start=True)` is from Python 3.12 on, and no task where none is needed: most writes to a
    socket never wait. Until it waits, `asyncio.current_task()` is the caller's.
    """
    try:
        awaited = work.send(None)
    except StopIteration:
        return None
    task = asyncio.get_running_loop().create_task(_finish(work, awaited))
    # One that is cancelled before it goes on has not told `work`.
    task.add_done_callback(lambda _: work.close())
    return task


async def _finish(work: Work, awaited: Any) -> None:
    await _go_on(work, awaited)


@coroutine
def _go_on(work: Work, awaited: Any) -> Generator[Any, Any, None]:
    """Hands what `work` waits for to the task, and what comes of it back to `work`."""
    try:
        while True:
            try:
                yield awaited
            except BaseException as error:
                awaited = work.throw(error)
            else:
                awaited = work.send(None)
    except StopIteration:
        return
