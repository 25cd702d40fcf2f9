"""Who is here: what each process says about its own sockets, and what another learns of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from redis import RedisError

from accounts.models import Member
from common.clock import now
from presence import roll
from presence.actions import set_availability
from presence.leases import FallingBack, RowLeases
from presence.models import Availability, LeaseRow, Presence
from presence.roll import GRACE, RENEW_EVERY, SEEN_EVERY, RollCall, roll_call
from realtime.attention import Attention
from tests.cast import Cast, Person
from tests.conftest import Api, ApiFactory
from tests.presence.conftest import Clock, Process

Make = Callable[[], Process]


def run_out(*people: Person) -> None:
    """Their leases have not been renewed for long enough."""
    ids = [one.member.id for one in people]
    LeaseRow.objects.filter(member_id__in=ids).update(expires_at=now() - timedelta(seconds=1))


def state_of(person: Person) -> str:
    return roll_call().look([person.member.id])[person.member.id]["state"]


def test_carols_process_learns_that_bob_came(cast: Cast, process: Make) -> None:
    here, there = process(), process()
    assert here.tells_of(cast.bob) == {"Bob": "offline"}
    there.connect(cast.bob)
    there.tells_of()
    assert here.tells_of(cast.bob) == {"Bob": "online"}
    assert here.tells_of(cast.bob) == {}


def test_bob_is_away_when_all_his_sockets_are(cast: Cast, process: Make) -> None:
    here, laptop, phone = process(), process(), process()
    laptop.connect(cast.bob, Attention(is_away=True), Attention())
    laptop.tells_of()
    assert here.tells_of(cast.bob) == {"Bob": "online"}
    laptop.connect(cast.bob, Attention(is_away=True), Attention(is_away=True))
    laptop.tells_of()
    assert here.tells_of(cast.bob) == {"Bob": "away"}
    phone.connect(cast.bob)
    phone.tells_of()
    assert here.tells_of(cast.bob) == {"Bob": "online"}


def test_a_page_that_loads_anew_is_no_departure(cast: Cast, process: Make, clock: Clock) -> None:
    here, there = process(), process()
    there.connect(cast.bob)
    there.tells_of()
    here.tells_of(cast.bob)

    there.leave(cast.bob)
    there.tells_of()
    assert here.tells_of(cast.bob) == {}
    there.connect(cast.bob)
    there.tells_of()
    assert here.tells_of(cast.bob) == {}


def test_bob_is_offline_when_the_grace_is_over(cast: Cast, process: Make, clock: Clock) -> None:
    here, there = process(), process()
    there.connect(cast.bob)
    there.tells_of()
    here.tells_of(cast.bob)
    there.leave(cast.bob)
    there.tells_of()
    left = LeaseRow.objects.get()
    assert (left.expires_at - now()).total_seconds() == pytest.approx(GRACE, abs=2)

    run_out(cast.bob)
    clock.time += GRACE
    assert here.tells_of(cast.bob) == {"Bob": "offline"}
    seen = Presence.objects.get(member=cast.bob.member).last_seen_at
    assert seen
    assert (now() - seen).total_seconds() < 60


def test_a_process_that_died_says_nothing_more(cast: Cast, process: Make, clock: Clock) -> None:
    """Nobody tells of it; the lease runs out, and with it what was known by it."""
    here, killed = process(), process()
    killed.connect(cast.bob)
    killed.tells_of()
    assert here.tells_of(cast.bob) == {"Bob": "online"}
    run_out(cast.bob)
    clock.time += 75
    assert here.tells_of(cast.bob) == {"Bob": "offline"}


def test_leases_are_renewed_together(cast: Cast, process: Make, clock: Clock) -> None:
    there = process()
    for person in (cast.bob, cast.carol, cast.alice):
        there.connect(person)
    there.tells_of()
    run_out(cast.bob, cast.carol, cast.alice)
    clock.time += RENEW_EVERY + 1
    with CaptureQueriesContext(connection) as queries:
        there.tells_of()
    assert [state_of(one) for one in (cast.bob, cast.carol, cast.alice)] == ["online"] * 3
    assert len(queries) == 3


def test_last_seen_is_written_seldom(cast: Cast, process: Make, clock: Clock) -> None:
    there = process()
    there.connect(cast.bob)
    there.tells_of()
    assert not Presence.objects.exists()
    clock.time += SEEN_EVERY + 1
    there.tells_of()
    assert Presence.objects.get().member == cast.bob.member


def test_busy_and_invisible(cast: Cast, process: Make) -> None:
    here, there = process(), process()
    there.connect(cast.bob)
    there.tells_of()
    here.tells_of(cast.bob)
    for availability, told in (("busy", "busy"), ("invisible", "offline"), ("auto", "online")):
        set_availability(cast.bob.actor, availability=Availability(availability))
        assert here.tells_of(cast.bob) == {"Bob": told}


def test_whoever_is_invisible_was_last_seen_before(cast: Cast, process: Make) -> None:
    before = now() - timedelta(days=1)
    Presence.objects.create(member=cast.bob.member, availability=Availability.INVISIBLE, last_seen_at=before)
    there = process()
    there.connect(cast.bob)
    there.tells_of()
    there.leave(cast.bob)
    there.tells_of()
    assert Presence.objects.get().last_seen_at == before


def test_a_look_costs_the_same_however_many_are_watched(cast: Cast, process: Make) -> None:
    here, there = process(), process()
    everybody = [cast.alice, cast.marta, cast.bob, cast.carol, cast.vera]
    for person in everybody:
        there.connect(person)
    there.tells_of()
    with CaptureQueriesContext(connection) as one:
        here.tells_of(cast.alice)
    with CaptureQueriesContext(connection) as many:
        here.tells_of(*everybody)
    assert len(many) == len(one) == 3


def test_the_oldest_sockets_go_over_all_processes(cast: Cast, process: Make, settings: Any) -> None:
    settings.SOCKETS_PER_MEMBER = 3
    first, second = process(), process()
    first.connect(cast.bob, Attention(opened_at=1), Attention(opened_at=2))
    assert first.attend(set()).crowded == {}
    second.connect(cast.bob, Attention(opened_at=3), Attention(opened_at=4))
    assert second.attend(set()).crowded == {cast.bob.member.id: 2}


def test_who_asks_while_leases_are_moving_is_answered_what_was_known(
    cast: Cast, process: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = process()
    one.connect(cast.bob)
    one.tells_of(cast.bob)
    run_out(cast.bob)
    monkeypatch.setattr(FallingBack, "is_settling", True)
    found = one.roll.look([cast.bob.member.id])
    assert found[cast.bob.member.id]["state"] == "online"


def test_a_member_who_was_deleted_stops_nothing(cast: Cast, process: Make) -> None:
    there = process()
    for person in (cast.robo, cast.bob):
        there.connect(person)
    there.tells_of()
    Member.objects.filter(pk=cast.robo.member.pk).delete()
    for person in (cast.robo, cast.bob):
        there.leave(person)
    there.tells_of()
    assert Presence.objects.get().member == cast.bob.member


class Flaky(RowLeases):
    """Stands where Redis does, and is sometimes away."""

    is_away = False

    def __getattribute__(self, name: str) -> Any:
        if name in ("write", "renew", "touch", "running", "changed") and self.is_away:
            raise RedisError
        return super().__getattribute__(name)


def test_when_redis_goes_everything_is_said_again_where_it_is_found(
    cast: Cast, process: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is told until it has been: for a moment nobody would seem to be here."""
    there, elsewhere = Flaky(uuid4()), RowLeases(uuid4())
    one = process()
    one.roll = RollCall(FallingBack(there, elsewhere))
    one.connect(cast.bob)
    assert one.tells_of(cast.bob) == {"Bob": "online"}

    LeaseRow.objects.all().delete()
    there.is_away = True
    one.connect(cast.carol)
    assert one.tells_of(cast.bob, cast.carol) == {}
    assert {row.member_id for row in LeaseRow.objects.all()} == {cast.carol.member.id}
    assert one.tells_of(cast.bob, cast.carol) == {}
    assert {row.member_id for row in LeaseRow.objects.all()} == {cast.carol.member.id, cast.bob.member.id}
    monkeypatch.setattr(FallingBack, "is_settling", False)
    assert one.tells_of(cast.bob, cast.carol) == {"Carol": "online"}


def test_whoever_polls_is_here(cast: Cast, api: ApiFactory, process: Make, clock: Clock) -> None:
    here = process()
    api(cast.bob).post("chat/sync/")
    assert here.tells_of(cast.bob) == {"Bob": "online"}

    before = LeaseRow.objects.get().changed_at
    api(cast.bob).post("chat/sync/")
    assert LeaseRow.objects.get().changed_at == before, "it is written seldom"
    clock.time += RENEW_EVERY
    api(cast.bob).post("chat/sync/")
    assert LeaseRow.objects.get().changed_at > before


def test_whoever_polls_was_seen(cast: Cast, api: ApiFactory, process: Make) -> None:
    api(cast.bob).post("chat/sync/")
    assert Presence.objects.get(member=cast.bob.member).last_seen_at


def test_leases_do_not_wait_for_last_seen(
    cast: Cast, process: Make, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis is there, PostgreSQL is not: nobody may look gone for that."""
    there = process()
    for person in (cast.bob, cast.carol):
        there.connect(person)
    there.tells_of()
    run_out(cast.bob)
    clock.time += RENEW_EVERY + 1
    there.leave(cast.carol)
    with monkeypatch.context() as outage:
        outage.setattr(roll, "_note_last_seen", away)
        there.tells_of()
    assert state_of(cast.bob) == "online"
    assert not Presence.objects.exists()
    there.tells_of()
    assert Presence.objects.get().member == cast.carol.member


def away(members: object) -> None:
    raise OperationalError("the database system is starting up")


def test_whoever_slept_comes_back(cast: Cast, process: Make, clock: Clock) -> None:
    """A process that was stopped for minutes: its leases were cleaned away, its sockets are there."""
    here, there = process(), process()
    there.connect(cast.bob)
    there.tells_of()
    LeaseRow.objects.all().delete()
    assert here.tells_of(cast.bob) == {"Bob": "offline"}
    clock.time += RENEW_EVERY + 1
    there.tells_of()
    assert here.tells_of(cast.bob) == {"Bob": "online"}


def test_a_visitor_is_told_how_many_may_answer(cast: Cast, process: Make) -> None:
    """Staff who are here, and of this house; not who only looks as if they had left."""

    def told() -> int:
        online: int = Api().get(f"widget/config/?site={cast.site.key}").json()["online"]
        return online

    process().tells_of()
    for one in (cast.bob, cast.carol, cast.dana, cast.oscar):
        here = process()
        here.connect(one)
        here.tells_of()
    assert told() == 1
    there = process()
    there.connect(cast.marta)
    there.tells_of()
    assert told() == 2
    set_availability(cast.marta.actor, availability=Availability.INVISIBLE)
    set_availability(cast.bob.actor, availability=Availability.BUSY)
    assert told() == 0
