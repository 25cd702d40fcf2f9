"""What happens to the parts while people talk. Each ends with everything running again, unless it says otherwise."""

from __future__ import annotations

import signal
from asyncio import sleep, to_thread

import psycopg

from tests.faults.stage import Stage

TERMINATE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname <> ''"
)


async def nothing(stage: Stage) -> None:
    """All is well."""


# --- Redis ----------------------------------------------------------------------------------------------------------


async def redis_killed(stage: Stage) -> None:
    await to_thread(stage.redis.kill)
    await sleep(4)
    await to_thread(stage.redis.start)


async def redis_frozen(stage: Stage) -> None:
    stage.redis.freeze()
    await sleep(5)
    stage.redis.thaw()


async def redis_absent(stage: Stage) -> None:
    """Until the end."""
    await to_thread(stage.redis.kill)


async def redis_flushed(stage: Stage) -> None:
    await to_thread(stage.redis.ask, "FLUSHALL")


async def subscriptions_killed(stage: Stage) -> None:
    """Redis lives and takes what is published; nobody is connected to hear it."""
    await to_thread(stage.redis.ask, "CLIENT", "KILL", "TYPE", "pubsub")


# --- PostgreSQL -----------------------------------------------------------------------------------------------------


async def postgres_restarted(stage: Stage) -> None:
    """As `pg_ctl restart -m immediate` does: no goodbye, recovery at the start."""
    await to_thread(stage.postgres.kill, signal.SIGQUIT)
    await to_thread(stage.postgres.start)


async def postgres_frozen(stage: Stage) -> None:
    stage.postgres.freeze()
    await sleep(10)
    stage.postgres.thaw()


async def database_sessions_ended(stage: Stage) -> None:
    await to_thread(end_sessions, stage)


def end_sessions(stage: Stage) -> None:
    with psycopg.connect(stage.postgres.url("postgres")) as connection:
        connection.execute(TERMINATE)


# --- serving processes ----------------------------------------------------------------------------------------------


async def server_killed(stage: Stage) -> None:
    """The first, which may be the only one."""
    await to_thread(stage.servers[0].kill)
    await sleep(2)
    await to_thread(stage.servers[0].start)


async def both_servers_killed(stage: Stage) -> None:
    for server in stage.servers:
        await to_thread(server.kill)
    await sleep(2)
    for server in stage.servers:
        await to_thread(server.start)


async def deploy(stage: Stage) -> None:
    """Drain, end, start again."""
    first = stage.servers[0]
    first.send(signal.SIGUSR1)
    await sleep(3)
    await to_thread(first.kill, signal.SIGTERM)
    await to_thread(first.start)
