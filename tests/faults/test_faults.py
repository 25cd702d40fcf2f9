"""Nothing lost, nothing twice, nothing out of order: a fleet talks while parts die, and its history is judged.

`make faults` tells every story; `make faults FAULTS="redis_killed deploy"` some. In the controls healing is off while
news get lost: they must fail, or the judge proves nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults import faults, visitors
from tests.faults.faults import nothing
from tests.faults.stage import SQLITE, Stage, World
from tests.faults.story import Story, tell
from tests.faults.tab import Stutterer, WithoutReceipts
from tests.faults.table import Row


def lossy(**fate: float) -> dict[str, str]:
    return {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "FAULT_LAYER": json.dumps(fate)}


FIVE_MINUTES = 5 * 60
FAKETIME = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


def clock(seconds: int) -> dict[str, str]:
    """A process whose clock is that far ahead, while what it measures stays right."""
    library = str(FAKETIME[0]) if FAKETIME else ""
    # Its correction of waits ("monotonic fix") would make every change of threads take seconds.
    only_the_clock = {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_FORCE_MONOTONIC_FIX": "0"}
    return {"LD_PRELOAD": library, "FAKETIME": f"{seconds:+}", **only_the_clock}


HEALING_IS_OFF = {"HEAL_EVERY_SECONDS": "3600"}

STORIES = [
    Story("nothing", nothing, some_leave=True),
    Story("redis_killed", faults.redis_killed),
    Story("redis_frozen", faults.redis_frozen),
    Story("redis_absent", faults.redis_absent, from_the_start=True, p95_at_most=3.0),
    Story("redis_flushed", faults.redis_flushed),
    Story("subscriptions_killed", faults.subscriptions_killed),
    Story("postgres_restarted", faults.postgres_restarted, shuts=True),
    Story("postgres_frozen", faults.postgres_frozen, shuts=True),
    Story("database_sessions_ended", faults.database_sessions_ended),
    Story("server_killed", faults.server_killed),
    Story("both_servers_killed", faults.both_servers_killed, shuts=True),
    Story("deploy", faults.deploy),
    Story("dropped_5_percent", nothing, settings=(lossy(drop=0.05),)),
    Story("dropped_30_percent", nothing, settings=(lossy(drop=0.3),)),
    Story("doubled_10_percent", nothing, settings=(lossy(double=0.1),)),
    Story("late_and_reordered", nothing, settings=(lossy(delay=2.0),)),
    Story("client_that_never_reads", visitors.client_that_never_reads, padding=2000),
    Story("client_that_says_nothing", visitors.client_that_never_says_what_it_saw, padding=2000),
    Story("said_three_times", nothing, tabs=Stutterer, pace=0.25),
    Story("clock_5_minutes_ahead", nothing, settings=(clock(FIVE_MINUTES), {})),
    Story("clock_5_minutes_behind", nothing, settings=(clock(-FIVE_MINUTES), {})),
    Story("token_revoked", visitors.token_revoked),
    Story("token_revoked_without_redis", visitors.token_revoked_without_redis),
    Story("nothing_on_sqlite", nothing, setup=SQLITE),
    Story("server_killed_on_sqlite", faults.server_killed, setup=SQLITE, shuts=True),
]
CONTROLS = [
    Story(
        "control_redis_absent",
        faults.redis_absent,
        settings=(HEALING_IS_OFF,),
        tabs=WithoutReceipts,
        from_the_start=True,
        settles_within=10,
        some_leave=False,
        must_fail=True,
    ),
    Story(
        "control_dropped_30_percent",
        nothing,
        settings=({**HEALING_IS_OFF, **lossy(drop=0.3)},),
        tabs=WithoutReceipts,
        settles_within=10,
        some_leave=False,
        must_fail=True,
    ),
]


@pytest.fixture
def stage(world: World, story: Story) -> Iterator[Stage]:
    if any("FAKETIME" in settings for settings in story.settings) and not FAKETIME:
        pytest.skip("libfaketime is not here:  sudo apt-get install -y faketime")
    with world.stage(story.setup, list(story.settings)) as stage:
        yield stage


@pytest.mark.timeout(400)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
async def test_nothing_is_lost_doubled_or_out_of_order(
    stage: Stage, story: Story, keep: Callable[[Row], None]
) -> None:
    row = await tell(story, stage)
    keep(row)
    assert not row.problems, "\n".join(row.problems)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("story", CONTROLS, ids=lambda story: story.name)
async def test_the_judge_sees_who_is_left_behind(
    stage: Stage, story: Story, keep: Callable[[Row], None]
) -> None:
    row = await tell(story, stage)
    keep(row)
    # Of a conversation's last event nobody hears on the other process. It may be a change: then no message is lost.
    assert any(" is at " in problem for problem in row.problems), row.in_a_line
