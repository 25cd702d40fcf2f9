"""The isolation matrix's socket half: every command, with another organisation's ids, through the whole application."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from channels.db import database_sync_to_async as in_thread

from accounts.actor import Actor
from accounts.models import Member, SocketTicket
from common import ratelimit
from common.clock import now
from common.errors import Forbidden, NotFound
from config.realtime import COMMANDS, GATHERED
from messaging.models import Conversation
from realtime.frames import NOT_AUTHENTICATED
from realtime.handshakes import handshakes
from realtime.wiring import Command
from tests.architecture import matrix
from tests.architecture.isolation import changed, seen, snapshot, swaps, traces_for, traces_of
from tests.architecture.matrix import HELLO, Entry
from tests.architecture.worlds import CALLERS, STRANGERS, Caller, Stage, World, say, set_stage
from tests.cast import ACME_ORIGIN, HOTEL_ORIGIN, Cast
from tests.conftest import SocketFactory
from tests.sockets import Frame, Socket, ticket_of

# A ticket is a row until it is used.
BY_HELLO = {SocketTicket._meta.label}
CALLS = [(type, entry) for type, entries in matrix.FRAMES.items() for entry in entries]


@pytest.fixture
def committed_stage(committed_cast: Cast) -> Stage:
    return set_stage(committed_cast)


def test_every_command_has_an_entry() -> None:
    assert matrix.command_complaints([*COMMANDS, *GATHERED]) == []


# --- asking ---------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def connected(*, origin: str | None = None) -> AsyncIterator[Socket]:
    socket = Socket(origin=origin)
    await socket.connect()
    try:
        yield socket
    finally:
        await socket.disconnect()


@dataclass
class Line:
    """To ask by: one socket that has said hello; a new one each time for whoever gets no ticket."""

    caller: Caller
    socket: Socket | None = None

    async def ask(self, type: str, entry: Entry, world: World) -> Frame:
        """The answer to one frame."""
        ratelimit.forget()
        frame = entry.body(world) if entry.body else {}
        if type == HELLO:
            async with connected() as socket:
                ticket = await in_thread(ticket_by_rest)(self.caller)
                answer = await socket.push(HELLO, **frame, ticket=ticket)
        else:
            answer = await (self.socket or await self._open()).push(type, **frame)
        return {name: value for name, value in answer.items() if name not in ("re", "now")}

    async def _open(self) -> Socket:
        socket = Socket()
        await socket.connect()
        if ticket := await in_thread(ticket_by_rest)(self.caller):
            await socket.push(HELLO, ticket=ticket)
            self.socket = socket
        return socket

    async def hang_up(self) -> None:
        if self.socket:
            await self.socket.disconnect()


@asynccontextmanager
async def line_of(caller: Caller) -> AsyncIterator[Line]:
    line = Line(caller)
    try:
        yield line
    finally:
        await line.hang_up()


def ticket_by_rest(caller: Caller) -> str | None:
    """However many it has had: all calls of a test together are more than anybody may make in a minute."""
    ratelimit.forget()
    handshakes.forget()
    response: Any = caller.client_for(page=False).post("/api/v1/socket-ticket/")
    return response.json().get("ticket")  # type: ignore[no-any-return]


def is_given(frame: Frame) -> bool:
    return bool(frame["type"] != "error")


def without(frame: Frame, world: World, names: tuple[str, ...]) -> str:
    text = json.dumps(frame)
    for name in names:
        text = text.replace(world[name], "<id>")
    return text


# --- the matrix -----------------------------------------------------------------------------------------------------


async def test_the_insider_can(committed_stage: Stage) -> None:
    stage = committed_stage
    for type, entry in CALLS:
        async with line_of(stage.insider(entry.insider)) as line:
            answer = await line.ask(type, entry, stage.hotel)
        assert is_given(answer), f"{type}: {answer}"
        assert entry.shows
        assert entry.shows(stage.hotel) in json.dumps(answer)


@pytest.mark.usefixtures("only_when_told")
@pytest.mark.parametrize("name", CALLERS)
async def test_out_of_reach(committed_stage: Stage, socket: SocketFactory, name: str) -> None:
    stage, caller = committed_stage, await in_thread(committed_stage.caller)(name)
    found: list[str] = []
    async with line_of(caller) as line:
        at_home = [await line.ask(type, entry, caller.home) for type, entry in CALLS]
        alice = await socket(stage.cast.alice)
        traces = traces_for(caller, stage.hotel, await in_thread(traces_of)(stage.hotel))
        for (type, entry), home in zip(CALLS, at_home, strict=True):
            for foreign in swaps(entry):
                if foreign or name not in STRANGERS:
                    complaints = await complaints_of(type, entry, line, stage.hotel, foreign, home, traces)
                    found += [f"{type} foreign {'+'.join(foreign)} as {name}: {one}" for one in complaints]
    assert found == []
    assert await alice.hears_nothing()
    await in_thread(say)(stage.cast.bob, UUID(stage.hotel["conversation"]), "Anybody there?")
    assert (await alice.hear())["message"]["body"] == "Anybody there?"


async def complaints_of(
    type: str,
    entry: Entry,
    line: Line,
    hotel: World,
    foreign: tuple[str, ...],
    at_home: Frame,
    traces: set[str],
) -> list[str]:
    caller = line.caller
    before = await in_thread(snapshot)()
    answer = await line.ask(type, entry, caller.home.with_foreign(foreign, hotel))
    after = await in_thread(snapshot)()
    found = [f"rows of {label} changed" for label in changed(before, after) if label not in BY_HELLO]
    if caller.is_nobody:
        return found + ([] if answer.get("code") in NOBODY[type == HELLO] else [f"got {answer}"])
    if foreign:
        nowhere = caller.home.with_unheard_of(foreign)
        to_unheard_of = await line.ask(type, entry, nowhere)
        if without(answer, hotel, foreign) != without(to_unheard_of, nowhere, foreign):
            found.append(f"what never was is answered otherwise: {to_unheard_of}, not {answer}")
    return found + refusal_complaints(entry, answer, hotel, foreign, at_home) + telling(entry, answer, traces)


# Without a ticket hello is not even well-formed.
NOBODY = ({"not_authenticated"}, {"not_authenticated", "invalid_input"})


def refusal_complaints(
    entry: Entry, answer: Frame, hotel: World, foreign: tuple[str, ...], at_home: Frame
) -> list[str]:
    if not foreign:
        return [] if is_given(answer) else [f"got {answer}"]
    if entry.tells_gone:
        expected = [hotel["cursors"]] if "cursors" in foreign else []
        gone = answer.get("sync", answer).get("gone")
        return [] if gone == expected else [f"`gone` is {gone}"]
    if entry.leaves_out:
        return [] if is_given(answer) else [f"got {answer}"]
    code = "not_found" if is_given(at_home) else at_home["code"]
    return [] if answer.get("code") in ("not_found", code) else [f"got {answer}, not {code}"]


def telling(entry: Entry, answer: Frame, traces: set[str]) -> list[str]:
    told = {**answer, **answer.get("sync", {})}
    for wrapped in ("sync", "gone"):
        told.pop(wrapped, None)
    return [f"the answer tells {one!r}" for one in seen(traces, json.dumps(told, ensure_ascii=False))]


# --- coming in ------------------------------------------------------------------------------------------------------


async def no_ticket(cast: Cast) -> object:
    return None


async def made_up_ticket(cast: Cast) -> object:
    return "made up"


async def token_for_a_ticket(cast: Cast) -> object:
    return cast.alice.token


async def used_ticket(cast: Cast) -> object:
    ticket = await ticket_of(cast.alice)
    async with connected() as socket:
        await socket.push(HELLO, ticket=ticket)
    return ticket


async def late_ticket(cast: Cast) -> object:
    ticket = await ticket_of(cast.alice)
    await in_thread(SocketTicket.objects.update)(expires_at=now())
    return ticket


async def ticket_of_the_removed(cast: Cast) -> object:
    return await ticket_of(cast.greta)


@pytest.mark.parametrize(
    "ticket",
    [no_ticket, made_up_ticket, token_for_a_ticket, used_ticket, late_ticket, ticket_of_the_removed],
    ids=lambda make: make.__name__.replace("_", " "),
)
async def test_nobody_comes_in_without_a_ticket_that_holds(
    committed_stage: Stage, ticket: Callable[[Cast], Awaitable[object]]
) -> None:
    shown = await ticket(committed_stage.cast)
    async with connected() as socket:
        answer = await socket.push(HELLO, ticket=shown)
        code = "invalid_input" if shown is None else "not_authenticated"
        assert (answer["type"], answer["code"]) == ("error", code)
        if shown is not None:
            assert await socket.closed_with() == NOT_AUTHENTICATED


async def test_a_foreign_ticket_opens_ones_own_organisation_only(committed_stage: Stage) -> None:
    stage = committed_stage
    mallory = await in_thread(stage.caller)("admin")
    welcome = await Line(mallory).ask(HELLO, Entry(), stage.hotel)
    assert welcome["member"]["id"] == stage.cast.mallory.id
    assert seen(await in_thread(traces_of)(stage.hotel), json.dumps(welcome)) == []


async def test_a_visitors_ticket_does_not_open_on_another_sites_page(committed_stage: Stage) -> None:
    dana = committed_stage.cast.dana
    for origin, type in ((HOTEL_ORIGIN, "welcome"), (ACME_ORIGIN, "error")):
        async with connected(origin=origin) as socket:
            assert (await socket.push(HELLO, ticket=await ticket_of(dana)))["type"] == type


@pytest.mark.parametrize(("type", "entry"), [one for one in CALLS if one[0] != HELLO])
async def test_whoever_is_removed_while_connected_is_out(
    committed_stage: Stage, type: str, entry: Entry
) -> None:
    """Even where the news of it was lost: the next command asks again."""
    stage = committed_stage
    async with connected() as socket:
        await socket.hello(stage.cast.bob)
        await in_thread(Member.objects.filter(pk=stage.cast.bob.member.pk).update)(deactivated_at=now())
        before = await in_thread(snapshot)()
        answer = await socket.push(type, **(entry.body(stage.hotel) if entry.body else {}))
        assert (answer["type"], answer["code"]) == ("error", "not_authenticated")
        assert await socket.closed_with() == NOT_AUTHENTICATED
    assert set(changed(before, await in_thread(snapshot)())) <= BY_HELLO


async def test_a_hello_that_failed_leaves_nothing_to_hear(committed_stage: Stage) -> None:
    """Bob's first hello was not right; the socket is Mallory's now, and would outlive Bob's removal."""
    stage = committed_stage
    async with connected() as socket:
        failed = await socket.hello(stage.cast.bob, cursors="nonsense")
        assert failed["code"] == "invalid_input"
        assert (await socket.hello(stage.cast.mallory))["type"] == "welcome"
        await in_thread(say)(stage.cast.alice, UUID(stage.hotel["conversation"]), "Among us")
        assert await socket.hears_nothing()


# --- it bites -------------------------------------------------------------------------------------------------------


def unguarded(actor: Actor, frame: Frame) -> Frame:
    return {"title": the(frame).title}


def hasty(actor: Actor, frame: Frame) -> Frame:
    Conversation.objects.filter(pk=frame["conversation"]).update(title="Mine now")
    raise NotFound


def admitting(actor: Actor, frame: Frame) -> Frame:
    conversation = the(frame)
    if conversation.organisation_id != actor.organisation_id:
        raise Forbidden
    return {"title": conversation.title}


def the(frame: Frame) -> Conversation:
    conversation = Conversation.objects.filter(pk=frame["conversation"]).first()
    if conversation is None:
        raise NotFound
    return conversation


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        (unguarded, "the answer tells 'Night shift'"),
        (hasty, "rows of messaging.Conversation changed"),
        (admitting, "what never was is answered otherwise"),
    ],
)
async def test_each_kind_of_leak_is_seen(
    committed_stage: Stage, monkeypatch: pytest.MonkeyPatch, command: Command, complaint: str
) -> None:
    stage = committed_stage
    monkeypatch.setitem(COMMANDS, "conversation.peek", command)
    peek = Entry(body=lambda world: {"conversation": world["conversation"]})
    mallory = await in_thread(stage.caller)("admin")
    traces = await in_thread(traces_of)(stage.hotel)
    async with line_of(mallory) as line:
        found = await complaints_of(
            "conversation.peek", peek, line, stage.hotel, ("conversation",), {"type": "ok"}, traces
        )
    assert any(complaint in one for one in found), found
