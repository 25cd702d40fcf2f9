"""Nothing lost, nothing twice, nothing out of order: a fleet talks while parts die, and its history is judged.

`make faults` runs every fault; each prints a line of the table. In the control run the heal loop is off while Redis is
away: it must fail, or the judge proves nothing.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psycopg
import pytest

from tests.faults.fleet import Sending, Tab
from tests.faults.services import Parley, Postgres, Redis

SECONDS = float(os.environ.get("FAULT_SECONDS", "30"))
PER_SECOND = float(os.environ.get("FAULT_RATE", "20"))
QUIET_WITHIN = 40.0


@dataclass
class Stage:
    postgres: Postgres
    redis: Redis
    servers: list[Parley]


@pytest.fixture
def settings_of_servers() -> dict[str, str]:
    return {}


@pytest.fixture
def stage(settings_of_servers: dict[str, str]) -> Iterator[Stage]:
    """PostgreSQL, Redis, and two serving processes, in a directory that PostgreSQL's own user may enter."""
    with TemporaryDirectory(prefix="parley-faults-") as name:
        directory = Path(name)
        postgres, redis = Postgres(directory), Redis(directory)
        redis.start()
        services = {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url, **settings_of_servers}
        servers = [Parley(directory, **services) for _ in range(2)]
        for server in servers:
            server.start()
        yield Stage(postgres, redis, servers)
        for part in (*servers, redis):
            part.kill()
        postgres.kill(signal.SIGINT)


# --- the faults -----------------------------------------------------------------------------------------------------


async def pause(seconds: float) -> None:
    await asyncio.sleep(seconds)


async def nothing(stage: Stage) -> None:
    """Two processes, all well."""


async def redis_killed(stage: Stage) -> None:
    stage.redis.kill()
    await pause(4)
    stage.redis.start()


async def redis_frozen(stage: Stage) -> None:
    stage.redis.send(signal.SIGSTOP)
    await pause(5)
    stage.redis.send(signal.SIGCONT)


async def redis_absent(stage: Stage) -> None:
    """Until the end."""
    stage.redis.kill()


async def server_killed(stage: Stage) -> None:
    stage.servers[0].kill()
    await pause(3)
    await asyncio.to_thread(stage.servers[0].start)


async def postgres_restarted(stage: Stage) -> None:
    """As `pg_ctl restart -m immediate` does: no goodbye, recovery at the start."""
    stage.postgres.kill(signal.SIGQUIT)
    await asyncio.to_thread(stage.postgres.start)


async def deploy(stage: Stage) -> None:
    """Drain, end, start again."""
    stage.servers[0].send(signal.SIGUSR1)
    await pause(3)
    stage.servers[0].kill(signal.SIGTERM)
    await asyncio.to_thread(stage.servers[0].start)


FAULTS: list[Any] = [
    nothing,
    redis_killed,
    redis_frozen,
    redis_absent,
    server_killed,
    postgres_restarted,
    deploy,
]


# --- the story ------------------------------------------------------------------------------------------------------


@pytest.mark.timeout(300)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
async def test_no_message_is_lost_doubled_or_out_of_order(stage: Stage, fault: Any, capsys: Any) -> None:
    verdict = await story(stage, fault)
    with capsys.disabled():
        print(f"\n{fault.__name__:20} {verdict}", flush=True)  # noqa: T201  the table is what this is for
    assert verdict.problems == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize("settings_of_servers", [{"HEAL_EVERY_SECONDS": "3600"}], ids=["healing is off"])
async def test_the_judge_sees_what_is_lost(stage: Stage) -> None:
    verdict = await story(stage, redis_absent)
    assert verdict.problems != []


async def story(stage: Stage, fault: Any) -> Verdict:
    demo = await asyncio.to_thread(stage.servers[0].demo)
    tabs = fleet(demo, [server.url for server in stage.servers])
    conversations = await start_conversations(demo, stage.servers[0].url)
    for tab in tabs:
        tab.start()
    sent = await talk(tabs, conversations, fault(stage))
    await quiet(tabs, stage.postgres)
    for tab in tabs:
        await tab.stop()
        await tab.page_back()
    return judge(tabs, conversations, sent, stage.postgres)


def fleet(demo: dict[str, Any], urls: list[str]) -> list[Tab]:
    """The hotel's staff and clients, each with two tabs."""
    people = [
        one for one in demo["organisations"][0]["members"] if one["role"] not in ("viewer", "guest", "bot")
    ]
    return [
        Tab(urls, one["token"], one["id"], f"{one['name']}/{number}") for one in people for number in range(2)
    ]


async def start_conversations(demo: dict[str, Any], url: str) -> dict[str, set[str]]:
    """Groups of everybody and of three, and pairs: conversation -> its members."""
    people = {one["role"]: one for one in demo["organisations"][0]["members"]}
    staff = [people[role]["id"] for role in ("manager", "agent")]
    everybody = [*staff, people["client"]["id"], people["external_pm"]["id"]]
    wanted = [
        *({"kind": "group", "title": f"All {n}", "members": everybody} for n in range(2)),
        *({"kind": "group", "title": f"Staff {n}", "members": staff} for n in range(2)),
        *({"kind": "direct", "member": member} for member in everybody),
    ]
    started = {}
    headers = {"Authorization": f"Bearer {people['admin']['token']}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=10) as http:
        for body in wanted:
            answer = (
                (await http.post("/api/v1/chat/conversations/start/", json=body)).raise_for_status().json()
            )
            started[answer["id"]] = {one["member"]["id"] for one in answer["participants"]}
    return started


async def talk(tabs: list[Tab], conversations: dict[str, set[str]], fault: Any) -> list[Sending]:
    """Talks for a while; the fault comes after a third of it."""
    sent: list[Sending] = []
    happening: asyncio.Task[None] | None = None
    began = time.monotonic()
    while (gone := time.monotonic() - began) < SECONDS:
        if happening is None and gone > SECONDS / 3:
            happening = asyncio.create_task(fault)
        conversation = random.choice(list(conversations))
        speaker = random.choice([tab for tab in tabs if tab.member in conversations[conversation]])
        sent.append(speaker.say(conversation))
        await asyncio.sleep(random.expovariate(PER_SECOND))
    assert happening
    await happening
    return sent


async def quiet(tabs: list[Tab], postgres: Postgres) -> None:
    """Until every outbox is empty and every tab is where the database is, or too long."""
    deadline = time.monotonic() + QUIET_WITHIN
    while time.monotonic() < deadline:
        tops = await asyncio.to_thread(versions, postgres)
        if all(not tab.outbox for tab in tabs) and all(
            known.version >= tops.get(one, 0) for tab in tabs for one, known in tab.known.items()
        ):
            await asyncio.sleep(1)
            return
        await asyncio.sleep(0.2)


def rows(postgres: Postgres, query: str) -> list[Any]:
    with psycopg.connect(postgres.url) as connection:
        return connection.execute(query).fetchall()


def versions(postgres: Postgres) -> dict[str, int]:
    return {
        str(id): version for id, version in rows(postgres, "SELECT id, version FROM messaging_conversation")
    }


# --- the judge ------------------------------------------------------------------------------------------------------


@dataclass
class Verdict:
    sent: int
    acked: int
    delivered: int
    problems: list[str]
    latencies: list[float]

    def __str__(self) -> str:
        cuts = statistics.quantiles(self.latencies, n=100) if len(self.latencies) > 1 else [0.0] * 99
        counts = (
            f"sent {self.sent}  acked {self.acked}  delivered {self.delivered}  problems {len(self.problems)}"
        )
        times = f"p50 {cuts[49]:.3f} s  p95 {cuts[94]:.3f} s  p99 {cuts[98]:.3f} s"
        return f"{counts}  {times}  worst {max(self.latencies, default=0):.2f} s"


def judge(
    tabs: list[Tab], conversations: dict[str, set[str]], sent: list[Sending], postgres: Postgres
) -> Verdict:
    stored: dict[str, dict[int, str]] = {one: {} for one in conversations}
    for conversation, seq, client_id in rows(
        postgres, "SELECT conversation_id, seq, client_id FROM messaging_message ORDER BY seq"
    ):
        if str(conversation) in stored:
            stored[str(conversation)][seq] = str(client_id)
    problems = [problem for tab in tabs for problem in tab.problems]
    problems += list(of_database(stored, sent, tabs)) + list(of_tabs(stored, conversations, tabs))
    latencies = [
        tab.first_seen[one.client_id] - one.at
        for one in sent
        for tab in tabs
        if one.client_id in tab.first_seen
    ]
    acked = sum(len(tab.acked) for tab in tabs)
    return Verdict(len(sent), acked, len(latencies), problems, latencies)


def of_database(stored: dict[str, dict[int, str]], sent: list[Sending], tabs: list[Tab]) -> Iterator[str]:
    """Every acknowledged message is there, at its place, once; nothing is there that nobody sent; no holes."""
    ids = [client_id for messages in stored.values() for client_id in messages.values()]
    if len(ids) != len(set(ids)):
        yield "a message is stored twice"
    for unsent in set(ids) - {one.client_id for one in sent}:
        yield f"{unsent} is stored and was never sent"
    for conversation, messages in stored.items():
        if sorted(messages) != list(range(1, len(messages) + 1)):
            yield f"{conversation} has holes in its seq"
    for tab in tabs:
        for client_id, (conversation, seq) in tab.acked.items():
            if stored[conversation].get(seq) != client_id:
                yield f"{client_id} was acknowledged at {seq} and is not there"
        for client_id in tab.outbox:
            yield f"{client_id} was never acknowledged"


def of_tabs(
    stored: dict[str, dict[int, str]], conversations: dict[str, set[str]], tabs: list[Tab]
) -> Iterator[str]:
    """Every tab of every participant shows what the database has, and nobody else shows any of it."""
    for tab in tabs:
        for conversation, members in conversations.items():
            shown = tab.known[conversation].messages if conversation in tab.known else {}
            expected = stored[conversation] if tab.member in members else {}
            missing = {seq for seq in expected if seq not in shown}
            if missing:
                yield f"{tab.name} misses {len(missing)} of {len(expected)} in {conversation}"
            if set(shown) - set(expected):
                yield f"{tab.name} shows what is not there, or not for them, in {conversation}"
