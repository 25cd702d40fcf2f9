"""The people of the hotel, each with two tabs, and one of another organisation who must hear nothing of it."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Coroutine
from typing import Any

import httpx

from tests.faults.changes import Change
from tests.faults.memory import Watermark
from tests.faults.newcomer import Newcomer
from tests.faults.stage import Stage
from tests.faults.tab import EMOJIS, Sending, Tab
from tests.faults.truth import Truth

TALKERS = ("admin", "manager", "agent", "client", "external_pm")
TABS_EACH = 2
STILL_FOR = 2.0
# A fifth of all that is done.
A_CHANGE_EVERY = 4
NEWCOMERS_READ_WITHIN = 30.0
PRESENCE_WITHIN = 95.0
ONLINE = "online"


class Fleet:
    def __init__(self, stage: Stage, *, kind: type[Tab] = Tab) -> None:
        self.stage = stage
        hotel, other = ({one["role"]: one for one in each["members"]} for each in stage.demo)
        self.people = {role: hotel[role] for role in TALKERS}
        ids = [one["id"] for one in (*self.people.values(), other["admin"])]
        self.tabs = [
            self._tab(kind, person, number, ids)
            for person in self.people.values()
            for number in range(TABS_EACH)
        ]
        self.stranger = self._tab(Tab, other["admin"], 0, ids)
        self.conversations: dict[str, set[str]] = {}
        self.sent: list[Sending] = []
        self.changes: list[Change] = []

    def _tab(self, kind: type[Tab], person: Any, number: int, ids: list[str]) -> Tab:
        others = [id for id in ids if id != person["id"]]
        name = f"{person['name']}/{number}"
        return kind(
            self.stage.urls,
            token=person["token"],
            member=person["id"],
            name=name,
            watches=others,
            emojis=EMOJIS[number::TABS_EACH],
        )

    @property
    def everybody(self) -> list[Tab]:
        return [*self.tabs, self.stranger]

    def hearers(self, conversation: str) -> list[Tab]:
        return [tab for tab in self.tabs if tab.member in self.conversations[conversation]]

    @property
    def knows_presence(self) -> bool:
        return all(tab.knows_presence for tab in self.tabs)

    # --- what they do -----------------------------------------------------------------------------------------------

    async def start_conversations(self) -> None:
        """Groups of everybody and of the staff, and the admin's pairs: conversation -> its members."""
        ids = {role: person["id"] for role, person in self.people.items()}
        others = [id for role, id in ids.items() if role != "admin"]
        wanted = [
            *({"kind": "group", "title": f"All {n}", "members": others} for n in range(2)),
            *({"kind": "group", "title": f"Staff {n}", "members": others[:2]} for n in range(2)),
            *({"kind": "direct", "member": member} for member in others),
        ]
        headers = {"Authorization": f"Bearer {self.people['admin']['token']}"}
        async with httpx.AsyncClient(base_url=self.stage.urls[0], headers=headers, timeout=10) as http:
            for body in wanted:
                answer = await http.post("/api/v1/chat/conversations/start/", json=body)
                started = answer.raise_for_status().json()
                self.conversations[started["id"]] = {one["member"]["id"] for one in started["participants"]}

    def start(self) -> None:
        for tab in self.everybody:
            tab.start()

    async def stop(self) -> None:
        for tab in self.everybody:
            await tab.stop()

    async def talk(
        self,
        *,
        seconds: float,
        per_second: float,
        fault: Coroutine[Any, Any, None],
        after: float,
        padding: int,
    ) -> list[str]:
        """`seconds` times `per_second` messages anywhere, by whoever has least to send, and after every few of them a
        change of some message; `after` so many seconds the fault comes. Gives what it says went wrong.
        """
        happening = asyncio.create_task(later(after, fault))
        began = time.monotonic()
        for number in range(round(seconds * per_second)):
            conversation = random.choice(list(self.conversations))
            speaker = least_busy_first(self.hearers(conversation))[0]
            self.sent.append(speaker.say(conversation, padding=padding))
            if number % A_CHANGE_EVERY == 0:
                self._change_something()
            due = began + (number + random.random()) / per_second
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        for tab in self.tabs:
            tab.is_reading = False
        return await happening

    def _change_something(self) -> None:
        """Whoever finds something to change, unless nobody has heard of anything yet."""
        for tab in least_busy_first(self.tabs):
            if change := tab.change_something():
                self.changes.append(change)
                return

    async def settle(self, *, within: float) -> None:
        """Until nothing waits and every tab is where the database is, and that for a moment; or too long."""
        deadline, still_since, last = time.monotonic() + within, time.monotonic(), None
        while time.monotonic() < deadline:
            truth = await asyncio.to_thread(Truth.of, self.stage.ask)
            if truth != last or not self._is_settled(truth):
                last, still_since = truth, time.monotonic()
            elif time.monotonic() - still_since > STILL_FOR:
                return
            await asyncio.sleep(0.3)

    def _is_settled(self, truth: Truth) -> bool:
        return not any(tab.outbox for tab in self.tabs) and all(
            tab.memory.known[id].cursor == (truth.counters[id].version, truth.counters[id].receipt_version)
            and truth.watermarks[id][tab.member].covers(Watermark(truth.counters[id].last_seq))
            for id in self.conversations
            for tab in self.hearers(id)
        )

    # --- what they are told by REST ---------------------------------------------------------------------------------

    async def unread(self) -> dict[str, dict[str, int]]:
        """member -> conversation -> count."""
        counts = {}
        for tab in self.tabs[::TABS_EACH]:
            listed = (await tab.get("chat/conversations/?limit=100"))["results"]
            counts[tab.member] = {one["id"]: one["unread_count"] for one in listed}
        return counts

    async def deliveries(self, truth: Truth) -> dict[str, list[Any]]:
        """Of the last message of each conversation, as its sender is told."""
        told = {}
        for id in self.conversations:
            if truth.messages[id]:
                last = truth.messages[id][-1]
                sender = next(tab for tab in self.tabs if tab.member == last.sender)
                told[id] = (await sender.get(f"chat/messages/{last.id}/deliveries/"))["results"]
        return told

    async def newcomers(self, truth: Truth) -> list[Newcomer]:
        """One for each person, who has read all that there is to read."""
        newcomers = [
            Newcomer(
                self.stage.urls, token=person["token"], member=person["id"], name=f"{person['name']}, anew"
            )
            for person in self.people.values()
        ]
        await asyncio.gather(
            *(
                one.read_everything(
                    {id for id, members in self.conversations.items() if one.member in members},
                    truth,
                    within=NEWCOMERS_READ_WITHIN,
                )
                for one in newcomers
            )
        )
        return newcomers

    # --- who is there -----------------------------------------------------------------------------------------------

    async def some_leave(self) -> list[str]:
        """A third of them; then what is wrong with what the others see of who is there."""
        leaving = {
            person["id"] for person in random.sample(list(self.people.values()), len(self.people) // 3)
        }
        for tab in self.tabs:
            if tab.member in leaving:
                await tab.stop()
        deadline = time.monotonic() + PRESENCE_WITHIN
        while (wrong := self._wrong_presence(leaving)) and time.monotonic() < deadline:
            await asyncio.sleep(0.5)
        return wrong

    def _wrong_presence(self, gone: set[str]) -> list[str]:
        here = {person["id"] for person in self.people.values()} - gone
        wrong = []
        for tab in self.tabs:
            seen = {member for member, state in tab.memory.presence.items() if state == ONLINE}
            if tab.member in here and seen != here - {tab.member}:
                wrong.append(f"{tab.name} sees {len(seen)} online, there are {len(here) - 1}")
        return wrong


def least_busy_first(tabs: list[Tab]) -> list[Tab]:
    return sorted(tabs, key=lambda tab: (len(tab.outbox), random.random()))


async def later(seconds: float, fault: Coroutine[Any, Any, None]) -> list[str]:
    await asyncio.sleep(seconds)
    try:
        await fault
    except AssertionError as error:
        return [str(error)]
    return []
