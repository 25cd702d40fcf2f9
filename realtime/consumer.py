"""The one socket consumer: `parley.v1`, a ticket first, then commands in and news out.

It knows frames, not conversations: what a frame does is a command from the wiring. No input closes a healthy socket;
three bad frames in a row do.
"""

from __future__ import annotations

import asyncio
import logging
from time import monotonic
from typing import Any

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer
from django.conf import settings
from django.db import InterfaceError, OperationalError

from common.clock import iso, now
from common.errors import (
    InvalidInput,
    NotAuthenticated,
    ParleyError,
    RateLimited,
    TooLarge,
    Unavailable,
    UnknownType,
)
from common.ratelimit import TokenBucket
from realtime.attention import Attention, Turn
from realtime.background import Background
from realtime.database import in_database
from realtime.fanout import fanout, group_of
from realtime.following import Following
from realtime.frames import (
    BAD_FRAMES,
    DRAINING,
    FLOOD,
    MAX_FRAME,
    NOT_AUTHENTICATED,
    SUBPROTOCOL,
    TOO_MANY_SOCKETS,
    UNSUPPORTED_VERSION,
    Frame,
    decode,
    error_frame,
    reference,
)
from realtime.inbox import WAITS, Begun, Inbox
from realtime.layer import current_layer
from realtime.line import line_of
from realtime.outgoing import Outgoing
from realtime.registry import registry
from realtime.wiring import Done, Principal, Wiring

logger = logging.getLogger(__name__)

HELLO_WITHIN = 5.0
HEARTBEAT_MS = 25_000
BAD_FRAMES_IN_A_ROW = 3
FLOOD_AFTER = 200
COME_BACK_AFTER_FLOOD_MS = 10_000
COUNTS_AS_BAD = (InvalidInput, TooLarge)

Message = dict[str, Any]


class ChatConsumer(AsyncConsumer):
    def __init__(self, wiring: Wiring, background: Background) -> None:
        self.wiring = wiring
        self.background = background
        self.origin = ""
        self.principal: Principal | None = None
        self.joined = ""
        self.attention = Attention()
        self.following = Following(join=self.join, part=self.part, may=self.may_follow)
        self.early: list[tuple[str, Message]] = []
        self.inbox = Inbox(self.begin)
        self.errands: Inbox[Message] = Inbox(self.run_errand)
        self.frames = TokenBucket(
            settings.SOCKET_FRAMES_PER_SECOND, settings.SOCKET_FRAMES_BURST, at=monotonic()
        )
        self.bad_frames = self.too_fast = 0
        self.hello_timer: asyncio.TimerHandle | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """The server's events only. Those of the groups come by `take`, and nothing hops through a thread to tidy
        database connections: Channels' own loop costs more than the rest of a message."""
        fanout.bind()
        self.scope, self.line = scope, line_of(scope)
        self.outgoing = Outgoing(send, self.line)
        self.layer = current_layer()
        self.channel_name = await self.layer.new_channel()
        self.layer.attach(self.channel_name, self.take)
        try:
            while True:
                message = await receive()
                if self.line:
                    self.line.taken()
                await self.dispatch(message)
        except StopConsumer:
            pass
        finally:
            await self.leave()

    async def dispatch(self, message: Message) -> None:
        await getattr(self, message["type"].replace(".", "_"))(message)

    # --- the connection ---------------------------------------------------------------------------------------------

    async def websocket_connect(self, message: Message) -> None:
        scope: Any = self.scope
        self.origin = str(scope.get("origin", ""))  # accounts.middleware puts these two there
        retry_after_ms = int(scope.get("retry_after_ms", 0))
        offered = list(scope.get("subprotocols", []))
        chosen = SUBPROTOCOL if SUBPROTOCOL in offered else None
        self.outgoing.accept(chosen)
        if self.background.is_draining:
            self.close(DRAINING)
        elif offered and not chosen:
            self.close(UNSUPPORTED_VERSION)
        elif retry_after_ms:
            self.bye(FLOOD, retry_after_ms=retry_after_ms)
        else:
            self.expect_hello()

    def expect_hello(self) -> None:
        self.hello_timer = asyncio.get_running_loop().call_later(HELLO_WITHIN, self.hello_is_late)

    def hello_is_late(self) -> None:
        if self.principal is None:
            self.close(BAD_FRAMES)

    async def websocket_disconnect(self, message: Message) -> None:
        """What was sent before is still done."""
        await self.inbox.worked_off()
        self.outgoing.is_closed = True
        raise StopConsumer

    async def leave(self) -> None:
        """Waits for nothing: whoever cancels this finds nothing half done."""
        self.outgoing.drop()
        self.inbox.drop()
        self.errands.drop()
        self.layer.detach(self.channel_name)
        if self.hello_timer:
            self.hello_timer.cancel()
        if self.principal:
            registry.remove(self.principal.id, self)
        groups = [group for group in (self.joined, *self.following.groups()) if group]
        for group in groups:
            await self.part(group)

    async def join(self, group: str) -> None:
        await self.layer.group_add(group, self.channel_name)

    async def part(self, group: str) -> None:
        await self.layer.group_discard(group, self.channel_name)

    def close(self, code: int) -> None:
        self.outgoing.close(code)

    def bye(self, code: int, *, retry_after_ms: int) -> None:
        """Closes with a word about when to come back."""
        self.outgoing.say({"type": "bye", "code": code, "retry_after_ms": retry_after_ms})
        self.close(code)

    # --- news out ---------------------------------------------------------------------------------------------------

    def take(self, group: str, message: Message) -> None:
        """A message to one of this socket's groups: news is written at once, unless it is not yet known whether this
        socket may still hear it. The rest is done one after another; what is too much then, heads tell."""
        if self.principal is None:
            self.early.append((group, message))
        elif message["type"] != "push":
            self.errands.put(message)
        elif group == self.joined and not self.errands.is_busy:
            self.push(message)
        elif not self.errands.is_full:
            turn = "push_in_turn" if group == self.joined else "push_followed"
            self.errands.put({**message, "type": turn})
        elif group == self.joined:
            self.outgoing.miss(message["subject"], message["mark"])

    def take_early(self) -> None:
        """What came between the joining and the welcome."""
        early, self.early = self.early, []
        for group, message in early:
            self.take(group, message)

    async def run_errand(self, message: Message) -> None:
        try:
            await self.dispatch(message)
        except Exception:
            logger.exception("a message of type %r failed", message["type"])

    def push(self, message: Message) -> None:
        self.outgoing.push(message["text"], message["subject"], message["mark"])

    async def push_in_turn(self, message: Message) -> None:
        self.push(message)

    async def push_followed(self, message: Message) -> None:
        """Of what this socket watches. Whoever is of the audience as well has been sent it."""
        subject, mark = message["subject"], message["mark"]
        if self.outgoing.has_sent(subject, mark):
            return
        if await self.following.still(subject, message.get("needs", "")):
            self.outgoing.push(message["text"], subject, mark)

    async def may_follow(self, subject: str, needs: str) -> bool:
        return await in_database(self.wiring.may_follow, self.principal, subject, needs)

    async def turn(self, turn: Turn) -> None:
        """This socket looks at something else from now on."""
        if turn.away is not None:
            self.attention.is_away = turn.away
        if turn.people is not None:
            registry.watch(self, turn.people)
        if turn.subject:
            await (self.following.begin if turn.on else self.following.end)(turn.subject)
        if self.principal:
            registry.note_change(self.principal.id)

    async def make_room(self, message: Message) -> None:
        """This member has too many sockets, over all processes; the oldest go."""
        if self.attention.opened_at < message["before"]:
            self.close(TOO_MANY_SOCKETS)

    async def recheck(self, message: Message) -> None:
        """Logout, a revoked token, a deactivated member: does what opened this socket still hold?"""
        if self.principal is None:
            return
        try:
            self.principal = await in_database(self.wiring.renew, self.principal)
        except NotAuthenticated:
            self.close(NOT_AUTHENTICATED)
        except Exception:
            logger.exception("a credential could not be checked again")

    # --- commands in ------------------------------------------------------------------------------------------------

    async def websocket_receive(self, message: Message) -> None:
        """Until hello is answered one event at a time: what is said meanwhile waits for the welcome."""
        text = message.get("text")
        if self.principal is None:
            await self.introduce(text)
        else:
            self.inbox.put(shortened(text))
            await self.inbox.has_room()

    def hear(self, text: str) -> bool:
        """The same by a plain call, while there is room."""
        if self.inbox.is_full:
            return False
        self.inbox.put(shortened(text))
        return True

    async def introduce(self, text: str | None) -> None:
        if self.outgoing.is_closed:
            return
        frame: Frame = {}
        try:
            frame = decode(text)
            self.frames.take(monotonic())
            if frame["type"] != "hello":
                raise NotAuthenticated("Say hello with a ticket first.")
            self.reply(frame, await self.hello(frame))
        except Exception as error:
            self.fail(frame, error)
        if self.principal:
            self.take_early()
            if self.line:
                self.line.listen(self.hear)

    def begin(self, text: str | None) -> Begun:
        """Begins what a frame asks for: answers at once, hands it to a gathering, or gives what is to be run."""
        if self.outgoing.is_closed:
            return None
        frame: Frame = {}
        try:
            frame = decode(text)
            self.frames.take(monotonic())
            return self.obey(self.principal, frame)
        except Exception as error:
            self.fail(frame, error)
            return None

    def obey(self, principal: Any, frame: Frame) -> Begun:
        kind = frame["type"]
        if kind == "ping":
            self.outgoing.seen(frame.get("seen"))
            self.reply(frame, {"type": "pong", "now": iso(now())})
            return None
        if kind == "hello":
            raise InvalidInput("You have said hello already.")
        gathering = self.wiring.gathered.get(kind)
        if gathering is None and kind not in self.wiring.commands:
            raise UnknownType
        if kind == "sync" and self.outgoing.credit.is_short:
            raise RateLimited("Say with a ping what you have seen first.", retry_after=1)
        if kind in self.wiring.rates:
            registry.take(principal.id, kind, *self.wiring.rates[kind])
        if gathering is None:
            return self.command(frame)
        if not gathering.holds_up:
            gathering.put(principal, frame, self.settle_aside)
            return None
        gathering.put(principal, frame, self.settle)
        return WAITS

    def settle(self, frame: Frame, outcome: Done) -> None:
        """What came of a command that was run together with others."""
        try:
            if isinstance(outcome, Exception):
                self.fail(frame, outcome)
            else:
                self.principal, answer = outcome
                self.reply(frame, answer)
        finally:
            self.inbox.go_on()

    def settle_aside(self, frame: Frame, outcome: Done) -> None:
        """The same for one that held nothing up: who the principal is, later commands know better."""
        if isinstance(outcome, Exception):
            self.fail(frame, outcome)
        else:
            self.reply(frame, outcome[1])

    async def command(self, frame: Frame) -> None:
        try:
            answer = await in_database(self.run, frame)
            if isinstance(answer, Turn):
                await self.turn(answer)
                answer = answer.answer
        except Exception as error:
            self.fail(frame, error)
        else:
            self.reply(frame, answer)

    def run(self, frame: Frame) -> Frame | Turn | None:
        """In a database thread: who is this now, and what do they want."""
        self.principal = self.wiring.renew(self.principal)
        return self.wiring.commands[frame["type"]](self.principal, frame)

    async def hello(self, frame: Frame) -> Frame:
        ticket = frame.get("ticket")
        if not isinstance(ticket, str):
            raise InvalidInput(fields={"ticket": ["This field is required."]})
        if self.hello_timer:
            # It is in time, however long the database takes in a crowd.
            self.hello_timer.cancel()
        try:
            return await self.greet(ticket, frame)
        except BaseException:
            self.expect_hello()
            raise

    async def greet(self, ticket: str, frame: Frame) -> Frame:
        holder = await self.wiring.redeem(ticket, self.origin)
        # Join before looking: what is said in between comes twice rather than never.
        self.joined = group_of(holder.id)
        await self.join(self.joined)
        try:
            principal, fields = await self.wiring.welcome(holder, frame)
        except BaseException:
            # The next hello may be somebody else's: this socket must not go on hearing this member's news.
            self.early.clear()
            await self.part(self.joined)
            raise
        self.principal = principal
        self.register(principal)
        limits = {"frame": MAX_FRAME, **fields.pop("limits", {})}
        return {
            "type": "welcome",
            "now": iso(now()),
            "heartbeat_ms": HEARTBEAT_MS,
            "limits": limits,
            **fields,
        }

    def register(self, principal: Principal) -> None:
        registry.add(principal.id, self)
        self.background.ensure()
        too_many = len(registry.of(principal.id)) - settings.SOCKETS_PER_MEMBER
        for oldest in registry.of(principal.id)[: max(0, too_many)]:
            oldest.close(TOO_MANY_SOCKETS)

    def reply(self, frame: Frame, fields: Frame | None) -> None:
        self.bad_frames = self.too_fast = 0
        if fields is not None:
            self.outgoing.say({"type": "ok", "re": reference(frame), **fields})

    def fail(self, frame: Frame, error: Exception) -> None:
        if isinstance(error, OperationalError | InterfaceError):
            logger.warning("the database did not answer: %r", error)
            error = Unavailable()
        elif not isinstance(error, ParleyError):
            logger.error("a frame of type %r failed", frame.get("type"), exc_info=error)
            error = ParleyError()
        self.refuse(error, frame)

    def refuse(self, error: ParleyError, frame: Frame) -> None:
        self.outgoing.say(error_frame(error, re=reference(frame)))
        if isinstance(error, NotAuthenticated) and (self.principal or frame.get("type") == "hello"):
            self.close(NOT_AUTHENTICATED)
        if isinstance(error, RateLimited):
            self.too_fast += 1
            if self.too_fast >= FLOOD_AFTER:
                self.bye(FLOOD, retry_after_ms=COME_BACK_AFTER_FLOOD_MS)
        is_bad = isinstance(error, COUNTS_AS_BAD) or self.principal is None
        self.bad_frames = self.bad_frames + 1 if is_bad else 0
        if self.bad_frames >= BAD_FRAMES_IN_A_ROW:
            self.close(BAD_FRAMES)


def shortened(text: str | None) -> str | None:
    """What is too large is not kept while it waits for its turn to be refused."""
    return text and text[: MAX_FRAME + 1]
