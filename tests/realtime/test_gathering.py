"""Commands go to the database together: at once when they are alone, fairly when they are many."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from queue import Queue
from threading import Semaphore
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError

from common.errors import NotFound, RateLimited, Unavailable
from realtime.frames import Frame
from realtime.gathering import MOST_AT_ONCE, Call, Gathering, in_turns
from realtime.wiring import LATER, Outcome

# A database thread tidies its connection before each batch.
pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whoever holds a socket; here it needs to be no more."""

    id: UUID


CAROL = Speaker(UUID(int=1))


class Lane:
    """What one lane sends to the database: each batch waits there until it is let go on."""

    def __init__(self) -> None:
        self._begun: Queue[list[str]] = Queue()
        self._go_on = Semaphore(0)

    def run(self, batch: list[str]) -> None:
        self._begun.put(batch)
        assert self._go_on.acquire(timeout=10)

    async def begins(self) -> list[str]:
        """The next batch, once it is there."""
        return await asyncio.to_thread(self._begun.get, timeout=10)

    def is_idle(self) -> bool:
        return self._begun.empty()

    def goes_on(self) -> None:
        self._go_on.release()


class Database:
    """Answers what it is asked with `done`, or as `outcomes` says; while something is wrong with it, nothing."""

    def __init__(self) -> None:
        self.quick, self.patient = Lane(), Lane()
        self.outcomes: dict[str, Outcome] = {}
        self.wrong: Exception | None = None

    def __call__(self, asked: list[tuple[Any, Frame]], wait: bool) -> Sequence[Outcome]:
        words = [str(frame["words"]) for _, frame in asked]
        (self.patient if wait else self.quick).run(words)
        if self.wrong:
            raise self.wrong
        known = {} if wait else self.outcomes
        return [
            known.get(word, (principal, done(word)))
            for word, (principal, _) in zip(words, asked, strict=True)
        ]


def done(words: str) -> Frame:
    return {"done": words}


@pytest.fixture
def database() -> Database:
    return Database()


Answer = asyncio.Task[tuple[Any, Frame | None]]


class Talk:
    """`say` is a command on its way; in the turn of the loop after it, it waits for the database."""

    def __init__(
        self, database: Database, *, pause: float = 0.0, rate: tuple[float, float] | None = None
    ) -> None:
        self.gathering = Gathering(
            database, share=lambda _, frame: (frame["tenant"], frame["conversation"]), pause=pause, rate=rate
        )

    def say(self, words: str, *, tenant: str = "hotel", conversation: str = "heating") -> Answer:
        frame = {"words": words, "tenant": tenant, "conversation": conversation}
        return asyncio.get_running_loop().create_task(self.gathering.obey(CAROL, frame))

    async def say_all(self, *words: str, **share: str) -> list[Answer]:
        answers = [self.say(one, **share) for one in words]
        await asyncio.sleep(0)
        return answers


@pytest.fixture
def talk(database: Database) -> Talk:
    return Talk(database)


async def test_alone_it_goes_at_once(talk: Talk, database: Database) -> None:
    for words in ("Hello?", "Hello again?"):
        answer = talk.say(words)
        assert await database.quick.begins() == [words]
        database.quick.goes_on()
        assert await answer == (CAROL, done(words))


async def test_what_comes_meanwhile_goes_together(talk: Talk, database: Database) -> None:
    first = talk.say("One")
    assert await database.quick.begins() == ["One"]
    others = await talk.say_all("Two", "Three", "Four")
    assert database.quick.is_idle()
    database.quick.goes_on()
    assert await database.quick.begins() == ["Two", "Three", "Four"]
    database.quick.goes_on()
    answers = await asyncio.gather(first, *others)
    assert answers == [(CAROL, done(words)) for words in ("One", "Two", "Three", "Four")]


async def test_where_nobody_waits_for_the_answer_a_batch_waits_for_more(database: Database) -> None:
    talk = Talk(database, pause=0.2)
    first = talk.say("One")
    for _ in range(5):
        # Without the pause the first batch would be on its way by now.
        await asyncio.sleep(0)
    second = talk.say("Two")
    assert await database.quick.begins() == ["One", "Two"]
    database.quick.goes_on()
    assert [await first, await second] == [(CAROL, done("One")), (CAROL, done("Two"))]


async def test_a_tenant_that_says_too_much_waits_and_the_others_do_not(database: Database) -> None:
    talk = Talk(database, rate=(0.1, 2))
    said = await talk.say_all("One", "Two", "Three", tenant="hotel")
    other = talk.say("Four", tenant="acme")
    assert await database.quick.begins() == ["One", "Two"]
    database.quick.goes_on()
    assert await database.quick.begins() == ["Four"]
    database.quick.goes_on()
    assert [await said[0], await said[1], await other] == [
        (CAROL, done(words)) for words in ("One", "Two", "Four")
    ]
    with pytest.raises(RateLimited) as refused:
        await said[2]
    assert refused.value.retry_after == pytest.approx(10, abs=1)


# --- when there are many --------------------------------------------------------------------------------------------


async def test_whoever_is_one_does_not_wait_for_the_hundreds_of_another(
    talk: Talk, database: Database
) -> None:
    first = talk.say("first")
    await database.quick.begins()
    hundreds = [str(number) for number in range(2 * MOST_AT_ONCE)]
    many = await talk.say_all(*hundreds, tenant="acme")
    (one,) = await talk.say_all("one", tenant="hotel")

    batches = []
    for _ in range(3):
        database.quick.goes_on()
        batches.append(await database.quick.begins())
    database.quick.goes_on()
    assert (await first, await one) == ((CAROL, done("first")), (CAROL, done("one")))
    assert await asyncio.gather(*many) == [(CAROL, done(words)) for words in hundreds]
    assert [len(batch) for batch in batches] == [MOST_AT_ONCE, MOST_AT_ONCE, 1]
    assert "one" in batches[0]
    assert [words for batch in batches for words in batch if words != "one"] == hundreds


async def test_within_a_tenant_a_conversation_does_not_wait_for_another(
    talk: Talk, database: Database
) -> None:
    first = talk.say("first")
    await database.quick.begins()
    loud = await talk.say_all(*map(str, range(MOST_AT_ONCE)), conversation="party")
    (calm,) = await talk.say_all("calm", conversation="heating")
    database.quick.goes_on()
    assert "calm" in await database.quick.begins()
    for _ in range(2):
        database.quick.goes_on()
    await asyncio.gather(first, calm, *loud)


@pytest.mark.parametrize(
    ("shares", "order"),
    [
        ("", []),
        ("a1", [0]),
        ("a1 a1 a1", [0, 1, 2]),
        ("a1 b1 c1", [0, 1, 2]),
        ("a1 a1 a1 b1", [0, 3, 1, 2]),
        ("a1 a1 a2", [0, 2, 1]),
        # Each tenant in turn, and of each another conversation: one is not served more for having many.
        ("a1 a1 a2 a3 b1 b1", [0, 4, 2, 5, 3, 1]),
    ],
)
async def test_in_turns(shares: str, order: list[int]) -> None:
    calls = [call(CAROL, (share[0], share[1])) for share in shares.split()]
    assert [calls.index(one) for one in in_turns(calls)] == order


def call(principal: Speaker, share: tuple[Hashable, Hashable]) -> Call:
    return Call(principal, {}, share, lambda *_: None)


# --- when something is wrong ----------------------------------------------------------------------------------------


async def test_what_is_wrong_with_one_is_told_to_that_one(talk: Talk, database: Database) -> None:
    database.outcomes["Let me in"] = NotFound()
    first = talk.say("first")
    await database.quick.begins()
    one, bad, two = await talk.say_all("One", "Let me in", "Two")
    for _ in range(2):
        database.quick.goes_on()
    answers = [await one_of_them for one_of_them in (first, one, two)]
    assert answers == [(CAROL, done(words)) for words in ("first", "One", "Two")]
    with pytest.raises(NotFound):
        await bad


async def test_what_is_wrong_with_the_database_is_told_to_all_of_them(talk: Talk, database: Database) -> None:
    database.wrong = OperationalError("the database system is shutting down")
    answers = await talk.say_all("One", "Two")
    assert await database.quick.begins() == ["One", "Two"]
    database.quick.goes_on()
    told = await asyncio.gather(*answers, return_exceptions=True)
    assert [type(one) for one in told] == [Unavailable, Unavailable]

    database.wrong = None
    again = talk.say("Again")
    database.quick.goes_on()
    assert await again == (CAROL, done("Again"))


async def test_whoever_has_gone_takes_nobody_along(talk: Talk, database: Database) -> None:
    """What they said is said: it was on its way."""
    gone_early = talk.say("One")
    await database.quick.begins()
    gone_later, staying = await talk.say_all("Two", "Three")
    gone_early.cancel()
    gone_later.cancel()
    database.quick.goes_on()
    assert await database.quick.begins() == ["Two", "Three"]
    database.quick.goes_on()
    assert await staying == (CAROL, done("Three"))
    assert gone_early.cancelled()
    assert gone_later.cancelled()


# --- what somebody else holds ---------------------------------------------------------------------------------------


async def test_what_is_locked_waits_in_a_lane_of_its_own(talk: Talk, database: Database) -> None:
    database.outcomes["Locked"] = LATER
    locked, free = await talk.say_all("Locked", "Free")
    assert await database.quick.begins() == ["Locked", "Free"]
    database.quick.goes_on()
    assert await free == (CAROL, done("Free"))
    assert await database.patient.begins() == ["Locked"]

    meanwhile = talk.say("Meanwhile")
    assert await database.quick.begins() == ["Meanwhile"]
    database.quick.goes_on()
    assert await meanwhile == (CAROL, done("Meanwhile"))
    assert not locked.done()

    database.patient.goes_on()
    assert await locked == (CAROL, done("Locked"))


async def test_whoever_goes_while_it_is_locked_takes_nobody_along(talk: Talk, database: Database) -> None:
    database.outcomes |= {"Locked": LATER, "Locked too": LATER}
    gone, staying = await talk.say_all("Locked", "Locked too")
    await database.quick.begins()
    gone.cancel()
    database.quick.goes_on()
    assert await database.patient.begins() == ["Locked", "Locked too"]
    database.patient.goes_on()
    assert await staying == (CAROL, done("Locked too"))
