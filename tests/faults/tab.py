"""A tab of a stranger's client: nothing of ours but the contract.

It sends numbered messages, changes some, remembers every acknowledgement, moves its watermarks, watches who is there,
and after any close comes back with its cursors and its outbox. Its tickets and its sockets may be different processes',
as behind a balancer.
"""

from __future__ import annotations

import asyncio
import json
import random
import ssl
import time
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from tests.faults.changes import Change
from tests.faults.memory import Frame, Memory, Shown, Watermark
from tests.faults.whims import Whims

HOLD = 0.25
ANSWER_WITHIN = 6.0
PING_EVERY = 2.0
RECEIPTS_EVERY = (0.5, 1.5)
READS_ONE_IN = 3
REPLIES_ONE_IN = 5
CHANGES_BY_REST_ONE_IN = 4
EMOJIS = ("👍", "🎉", "👀", "❤️")
STAY_AWAY = 4501
# httpx would read all those of the machine for each client, though no address here is https.
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class LifeEnds(Exception):
    """This connection is of no more use; the next may be."""


NO_ANSWER: Frame = {"type": "error", "code": "unavailable", "message": "", "temporary": True}
END_A_LIFE = (LifeEnds, OSError, WebSocketException, httpx.HTTPError, TimeoutError)


@dataclass
class Sending:
    conversation: str
    speaker: str
    client_id: str = field(default_factory=lambda: str(uuid4()))
    padding: int = 0
    reply_to: str | None = None
    at: float = field(default_factory=time.monotonic)
    acked_at: float | None = None
    seq: int = 0

    @property
    def key(self) -> str:
        return self.client_id

    @property
    def body(self) -> str:
        return f"{self.speaker} {self.client_id}".ljust(self.padding, ".")


class Said(NamedTuple):
    """A watermark as the tab said it, and when."""

    at: float
    conversation: str
    watermark: Watermark


class Closing(NamedTuple):
    at: float
    code: int | None


class Tab:
    def __init__(
        self,
        servers: list[str],
        *,
        token: str,
        member: str,
        name: str,
        watches: Iterable[str] = (),
        emojis: Iterable[str] = EMOJIS,
    ) -> None:
        self.servers, self.member, self.name, self.watches = servers, member, name, list(watches)
        self.headers = {"Authorization": f"Bearer {token}"}
        self.memory = Memory(name)
        self.whims = Whims(member, self.memory, emojis)
        self.outbox: dict[str, Sending | Change] = {}
        self.said: list[Said] = []
        self.closings: list[Closing] = []
        self.problems: list[str] = []
        self.twice: list[str] = []
        self.is_reading = True
        self.has_left = False
        self.knows_presence = True
        self.task: asyncio.Task[None] | None = None
        self._read_up_to: dict[str, int] = {}
        self._noted: dict[str, Watermark] = {}
        self._answers: dict[int, asyncio.Future[Frame]] = {}
        self._number = self._seen = 0
        self._come_back_in: float | None = None

    # --- what a story asks for --------------------------------------------------------------------------------------

    def say(self, conversation: str, *, padding: int = 0) -> Sending:
        sending = Sending(conversation, self.name, padding=padding, reply_to=self._an_original(conversation))
        self.outbox[sending.key] = sending
        return sending

    def _an_original(self, conversation: str) -> str | None:
        known = self.memory.known.get(conversation)
        if known is None or not known.messages or random.randrange(REPLIES_ONE_IN):
            return None
        return random.choice(list(known.messages.values())).id

    def change_something(self) -> Change | None:
        """None where there is nothing to change."""
        change = self.whims.change({one.message for one in self.outbox.values() if isinstance(one, Change)})
        if change:
            self.outbox[change.key] = change
        return change

    def start(self) -> None:
        self.task = asyncio.create_task(self._live(), name=self.name)

    async def stop(self) -> None:
        if self.task:
            self.has_left = True
            self.task.cancel()
            (end,) = await asyncio.gather(self.task, return_exceptions=True)
            if end and not isinstance(end, asyncio.CancelledError):
                raise end

    async def get(self, path: str) -> Any:
        async with self._http(self.servers[-1]) as http:
            return (await http.get(path)).raise_for_status().json()

    async def page_back(self, limit: int = 200) -> None:
        """A sync that was `limited` brought the newest page only: what lies before that page is paged by REST."""
        for conversation, oldest in self.memory.oldest_of_page.items():
            before = oldest
            while before > 1:
                path = f"chat/conversations/{conversation}/messages/?before={before}&limit={limit}"
                older = (await self.get(path))["results"]
                self.memory.keep_older(conversation, older)
                before = older[0]["seq"]

    @property
    def is_dismissed(self) -> bool:
        return any(closing.code == STAY_AWAY for closing in self.closings)

    # --- one life after another -------------------------------------------------------------------------------------

    async def _live(self) -> None:
        attempt = 0
        # A life that ends by itself just as it is cancelled says nothing of that.
        while not (self.is_dismissed or self.has_left):
            began, self._come_back_in = time.monotonic(), None
            try:
                await self._one_life()
            except* END_A_LIFE:
                pass
            attempt = 0 if time.monotonic() - began > 5 else attempt + 1
            await asyncio.sleep(self._pause(attempt))

    def _pause(self, attempt: int) -> float:
        if self._come_back_in is not None:
            return self._come_back_in
        return random.uniform(0.05, min(2.0, 0.2 * 2**attempt))

    async def _one_life(self) -> None:
        async with self._http(random.choice(self.servers)) as http:
            ticket = (await http.post("socket-ticket/", json={})).raise_for_status().json()["ticket"]
        url = random.choice(self.servers).replace("http", "ws") + "/ws/chat/"
        protocol = [Subprotocol("parley.v1")]
        async with connect(
            url, subprotocols=protocol, open_timeout=5, close_timeout=1, max_size=None
        ) as wire:
            self._seen = 0
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._hear(wire))
                    await self._hello(wire, ticket)
                    for habit in self._habits(wire):
                        group.create_task(habit)
            finally:
                self.closings.append(Closing(time.monotonic(), wire.close_code))

    def _habits(self, wire: ClientConnection) -> list[Coroutine[Any, Any, None]]:
        return [
            self._send_what_waits(wire),
            self._catch_up(wire),
            self._move_receipts(wire),
            self._ping(wire),
            self._watch(wire),
        ]

    async def _hello(self, wire: ClientConnection, ticket: str) -> None:
        read = {id: self._own_watermark(id) for id in self.memory.known}
        answer = await self._ask(wire, "hello", ticket=ticket, cursors=self.memory.cursors(), read=read)
        if answer["type"] != "welcome":
            # A refusal that is for good comes with a close; for the others it is simplest to begin anew.
            await asyncio.wait_for(wire.wait_closed(), 0.01 if answer["temporary"] else ANSWER_WITHIN)
            raise LifeEnds
        self._note_said(read)

    async def _hear(self, wire: ClientConnection) -> None:
        async for text in wire:
            frame = json.loads(text)
            self._seen += 1
            self.memory.apply(frame)
            if frame["type"] == "bye":
                self._come_back_in = frame["retry_after_ms"] / 1000
            answered = self._answers.pop(frame.get("re") or 0, None)
            if answered and not answered.done():
                answered.set_result(frame)
        raise LifeEnds

    async def _send_what_waits(self, wire: ClientConnection) -> None:
        """One at a time; what is not answered in time goes again, as it is, in a new life."""
        while True:
            waiting = next(iter(self.outbox.values()), None)
            if waiting is None:
                await asyncio.sleep(0.02)
            else:
                await self._deliver(wire, waiting)

    async def _deliver(self, wire: ClientConnection, waiting: Sending | Change) -> None:
        if isinstance(waiting, Change):
            await self._change(wire, waiting)
            return
        answer = await self._say_in(wire, waiting)
        if answer["type"] == "ok":
            self._ack(waiting, answer["message"]["seq"])
        else:
            await self._refused(answer)

    async def _say_in(self, wire: ClientConnection, sending: Sending) -> Frame:
        where = {"conversation": sending.conversation, "client_id": sending.client_id}
        return await self._ask(wire, "message.send", **where, body=sending.body, reply_to=sending.reply_to)

    async def _refused(self, answer: Frame) -> None:
        if not answer["temporary"]:
            self.problems.append(f"{self.name} was refused: {answer}")
            raise LifeEnds
        await asyncio.sleep(answer.get("retry_after_ms", 500) / 1000)

    def _ack(self, sending: Sending, seq: int) -> None:
        if sending.seq not in (0, seq):
            self.twice.append(f"{sending.client_id} was acknowledged at {sending.seq} and {seq}")
        sending.seq, sending.acked_at = seq, sending.acked_at or time.monotonic()
        self.outbox.pop(sending.client_id, None)

    # --- changes ----------------------------------------------------------------------------------------------------

    async def _change(self, wire: ClientConnection, change: Change) -> None:
        answers = await self._change_in(wire, change)
        done = [Shown.of(answer["message"]) for answer in answers if answer["type"] == "ok"]
        if done:
            self._changed(change, done)
        elif all(answer["code"] == "conflict" for answer in answers):
            change.is_late = True
            self.outbox.pop(change.key)
        else:
            await self._refused(next(answer for answer in answers if answer["code"] != "conflict"))

    def _changed(self, change: Change, told: list[Shown]) -> None:
        self.problems += [
            f"{self.name}: {change} was answered with {one}" for one in told if not change.is_so(one)
        ]
        change.acked_at, change.version = time.monotonic(), max(one.version for one in told)
        self.outbox.pop(change.key)

    async def _change_in(self, wire: ClientConnection, change: Change) -> list[Frame]:
        way = self._request if random.randrange(CHANGES_BY_REST_ONE_IN) == 0 else self._command
        return [await way(wire, change)]

    async def _command(self, wire: ClientConnection, change: Change) -> Frame:
        asked = self._ask(wire, change.command, message=change.message, **change.fields)
        return await change.doubted_until(asked)

    async def _request(self, _: ClientConnection, change: Change) -> Frame:
        """Answered as the socket would."""
        return await change.doubted_until(self._ask_by_rest(change))

    async def _ask_by_rest(self, change: Change) -> Frame:
        method, rest_of_path, body = change.request
        try:
            async with self._http(random.choice(self.servers)) as http:
                answer = await http.request(
                    method, f"chat/messages/{change.message}/{rest_of_path}", json=body
                )
        except httpx.HTTPError:
            return NO_ANSWER
        if answer.is_success:
            return {"type": "ok", "message": answer.json()}
        if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            return NO_ANSWER
        is_temporary = answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
        return {"type": "error", "temporary": is_temporary, **answer.json()["error"]}

    # --- what keeps it up to date -----------------------------------------------------------------------------------

    async def _catch_up(self, wire: ClientConnection) -> None:
        while True:
            await asyncio.sleep(HOLD)
            if self.memory.is_behind:
                await asyncio.sleep(HOLD)
                answer = await self._ask(wire, "sync", cursors=self.memory.cursors())
                if answer["type"] == "error":
                    await self._refused(answer)

    async def _ping(self, wire: ClientConnection) -> None:
        while True:
            await asyncio.sleep(PING_EVERY)
            await self._ask(wire, "ping", seen=self._seen)

    async def _watch(self, wire: ClientConnection) -> None:
        while (answer := await self._ask(wire, "presence.watch", members=self.watches))["type"] != "ok":
            if answer["code"] == "unknown_type":
                self.knows_presence = False
                return
            await self._refused(answer)

    # --- receipts ---------------------------------------------------------------------------------------------------

    async def _move_receipts(self, wire: ClientConnection) -> None:
        """Delivered is what is shown; read follows when somebody happens to look."""
        while True:
            await asyncio.sleep(random.uniform(*RECEIPTS_EVERY))
            for id, known in list(self.memory.known.items()):
                if self.is_reading and random.randrange(READS_ONE_IN) == 0:
                    self._read_up_to[id] = known.top
                if self._own_watermark(id) != self._noted.get(id):
                    await self._move_receipt(wire, id, self._own_watermark(id))

    async def _move_receipt(self, wire: ClientConnection, id: str, mark: Watermark) -> None:
        self._note_said({id: mark})
        answer = await self._ask(wire, "receipt.move", conversation=id, **mark._asdict())
        if answer["type"] == "ok":
            self._noted[id] = mark
        else:
            await self._refused(answer)

    def _own_watermark(self, conversation: str) -> Watermark:
        return Watermark(self.memory.known[conversation].top, self._read_up_to.get(conversation, 0))

    def _note_said(self, marks: dict[str, Watermark]) -> None:
        self.said += [Said(time.monotonic(), id, mark) for id, mark in marks.items()]

    # --- the wire ---------------------------------------------------------------------------------------------------

    async def _ask(self, wire: ClientConnection, type: str, **fields: Any) -> Frame:
        self._number += 1
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._answers[self._number] = answer
        await wire.send(json.dumps({"type": type, "id": self._number, **fields}))
        # Not `wait_for`: in Python 3.11 it forgets that it was cancelled when the answer comes at that moment.
        async with asyncio.timeout(ANSWER_WITHIN):
            return await answer

    def _http(self, server: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=f"{server}/api/v1/", headers=self.headers, timeout=5, verify=NO_CERTIFICATES
        )


class Stutterer(Tab):
    """Says everything three times at once: twice on the socket, once by REST."""

    async def _say_in(self, wire: ClientConnection, sending: Sending) -> Frame:
        say = super()._say_in
        answer, again, message = await asyncio.gather(
            say(wire, sending), say(wire, sending), self._post(sending)
        )
        for other in (again["message"], message):
            if other["seq"] != answer["message"]["seq"]:
                self.twice.append(f"{sending.client_id} got {answer} and {other}")
        return answer

    async def _change_in(self, wire: ClientConnection, change: Change) -> list[Frame]:
        ways = (self._command, self._command, self._request)
        return await asyncio.gather(*(way(wire, change) for way in ways))

    async def _post(self, sending: Sending) -> Frame:
        path = f"chat/conversations/{sending.conversation}/messages/"
        body = {"client_id": sending.client_id, "body": sending.body, "reply_to": sending.reply_to}
        async with self._http(random.choice(self.servers)) as http:
            answer = await http.post(path, json=body)
        message: Frame = answer.raise_for_status().json()
        return message


class WithoutReceipts(Tab):
    """No receipt of it tells anybody that there was something to receive."""

    def _habits(self, wire: ClientConnection) -> list[Coroutine[Any, Any, None]]:
        return [self._send_what_waits(wire), self._catch_up(wire), self._ping(wire)]
