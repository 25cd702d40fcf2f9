"""One story: a fleet talks, something happens, all comes to rest, and what everybody saw is judged."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from tests.faults.evidence import Evidence
from tests.faults.fleet import Fleet
from tests.faults.judge import COUNTED, OTHERS, latencies
from tests.faults.stage import TWO_PROCESSES, Setup, Stage
from tests.faults.tab import Tab
from tests.faults.table import Row
from tests.faults.truth import Truth

SECONDS = float(os.environ.get("FAULT_SECONDS", "20"))
PER_SECOND = float(os.environ.get("FAULT_RATE", "28"))
A_SHORT_PASS = 10.0
SETTLES_WITHIN = 40.0
AT_MOST = 5.0

Fault = Callable[[Stage], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Story:
    """`fault` happens after a third of the talk, or `from_the_start`; `settings` are the environment of each process.

    `shuts`: nothing can be said for seconds, so times count from the acknowledgement. `pace`: below 1, as many messages
    in more time, where each costs more. `must_fail`: a control. `some_leave`: at the end, also in a short pass, for it
    takes a while until the others see it.
    """

    name: str
    fault: Fault
    setup: Setup = TWO_PROCESSES
    settings: tuple[dict[str, str], ...] = ({},)
    tabs: type[Tab] = Tab
    from_the_start: bool = False
    shuts: bool = False
    padding: int = 0
    pace: float = 1.0
    p95_at_most: float = AT_MOST
    p99_at_most: float = AT_MOST
    settles_within: float = SETTLES_WITHIN
    must_fail: bool = False
    some_leave: bool = SECONDS >= A_SHORT_PASS


async def tell(story: Story, stage: Stage) -> Row:
    fleet = Fleet(stage, kind=story.tabs)
    await fleet.start_conversations()
    problems = await live_through(story, fleet)
    evidence = await gather(fleet, with_presence=story.some_leave)
    return judged(story, evidence, problems)


async def live_through(story: Story, fleet: Fleet) -> list[str]:
    """What the fault itself found wrong."""
    fault = story.fault(fleet.stage)
    if story.from_the_start:
        await fault
        fault = nothing_more()
    fleet.start()
    seconds = SECONDS / story.pace
    problems = await fleet.talk(
        seconds=seconds,
        per_second=PER_SECOND * story.pace,
        fault=fault,
        after=seconds / 3,
        padding=story.padding,
    )
    await fleet.settle(within=story.settles_within)
    return problems


async def nothing_more() -> None:
    """It has happened already."""


async def gather(fleet: Fleet, *, with_presence: bool) -> Evidence:
    truth = await asyncio.to_thread(Truth.of, fleet.stage.ask)
    evidence = Evidence(fleet.tabs, fleet.stranger, fleet.conversations, fleet.sent, truth, fleet.changes)
    evidence.unread = await fleet.unread()
    evidence.deliveries = await fleet.deliveries(truth)
    evidence.newcomers = await fleet.newcomers(truth)
    if with_presence and fleet.knows_presence:
        evidence.presence = await fleet.some_leave()
    await fleet.stop()
    for tab in fleet.tabs:
        await tab.page_back()
    return evidence


def judged(story: Story, evidence: Evidence, problems: list[str]) -> Row:
    lost, twice, out_of_order = counted = [list(invariant(evidence)) for invariant in COUNTED]
    others = [problem for invariant in OTHERS for problem in invariant(evidence)]
    times = latencies(evidence, from_ack=story.shuts)
    row = Row(
        fault=story.name + " *" * story.shuts,
        setup=story.setup.name,
        acked=len(evidence.acked),
        changed=len(evidence.changed),
        delivered=len(times),
        lost=len(lost),
        twice=len(twice),
        out_of_order=len(out_of_order),
        latencies=times,
        problems=[*problems, *(problem for found in counted for problem in found), *others],
        must_fail=story.must_fail,
    )
    # A short pass runs on whatever machine there is, where a time proves nothing: it is printed, not judged.
    if SECONDS >= A_SHORT_PASS:
        row.problems.extend(too_slow(row, {95: story.p95_at_most, 99: story.p99_at_most}))
    return row


def too_slow(row: Row, limits: dict[int, float]) -> list[str]:
    return [
        f"p{percent} is {row.quantile(percent):.2f} s, more than {limit} s"
        for percent, limit in limits.items()
        if row.quantile(percent) > limit
    ]
