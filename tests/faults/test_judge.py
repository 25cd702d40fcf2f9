"""The judge, judged: a small true history, and for each invariant something that spoils it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.faults import judge
from tests.faults.judge import COUNTED, OTHERS, Evidence, Invariant, latencies
from tests.faults.memory import Frame, Observed, Watermark
from tests.faults.tab import Closing, Said, Sending, Tab
from tests.faults.truth import Counters, Stored, Truth

TALK = "talk"
FIRST, SECOND = "first", "second"


def message(seq: int, client_id: str) -> Frame:
    said = {"conversation": TALK, "seq": seq, "client_id": client_id, "sender": {"id": "alice"}}
    return {"type": "message", "conversation": TALK, "version": 1 + seq, "message": said}


def receipt(version: int, *watermarks: tuple[str, int, int]) -> Frame:
    return {"type": "receipt", "conversation": TALK, "receipt_version": version, "watermarks": watermarks}


HISTORY = [
    {"type": "conversation", "conversation": TALK, "version": 1},
    message(1, FIRST),
    message(2, SECOND),
    receipt(1, ("bob", 2, 1)),
]


def tab(member: str, number: int, *, hears: bool = True) -> Tab:
    one = Tab([], token="", member=member, name=f"{member}/{number}")
    for frame in HISTORY if hears else []:
        one.memory.apply(frame)
    return one


def true_history() -> Evidence:
    """Alice says two things to Bob, who gets both, reads one, and says so."""
    alice, bob = ([tab(member, number) for number in range(2)] for member in ("alice", "bob"))
    bob[0].said.append(Said(0.0, TALK, Watermark(2, 1)))
    sent = [Sending(TALK, "alice/0", client_id, at=0.0, acked_at=1.0) for client_id in (FIRST, SECOND)]
    for seq, one in enumerate(sent, start=1):
        one.seq = seq
    truth = Truth(
        {TALK: Counters(last_seq=2, version=3, receipt_version=1)},
        {TALK: [Stored("1", 1, FIRST, "alice"), Stored("2", 2, SECOND, "alice")]},
        {TALK: {"alice": Watermark(2, 0), "bob": Watermark(2, 1)}},
    )
    evidence = Evidence([*alice, *bob], tab("mallory", 0, hears=False), {TALK: {"alice", "bob"}}, sent, truth)
    evidence.unread = {"alice": {TALK: 0}, "bob": {TALK: 1}}
    evidence.deliveries = {TALK: [{"member": {"id": "bob"}, "status": "delivered"}]}
    return evidence


def complaints(evidence: Evidence) -> set[Invariant]:
    return {invariant for invariant in (*COUNTED, *OTHERS) if list(invariant(evidence))}


def test_a_true_history_holds() -> None:
    evidence = true_history()
    assert complaints(evidence) == set()
    assert len(latencies(evidence)) == 4  # two messages at two tabs of Bob


# --- what spoils it -------------------------------------------------------------------------------------------------

Spoiler = Callable[[Evidence], None]
SPOILERS: list[tuple[Invariant, Spoiler]] = []


def spoils(invariant: Invariant) -> Callable[[Spoiler], Spoiler]:
    def keep(spoiler: Spoiler) -> Spoiler:
        SPOILERS.append((invariant, spoiler))
        return spoiler

    return keep


@spoils(judge.nothing_is_lost)
def a_tab_misses_a_message(it: Evidence) -> None:
    del it.tabs[3].memory.known[TALK].messages[2]


@spoils(judge.nothing_is_lost)
def the_database_lost_a_message(it: Evidence) -> None:
    it.truth.messages[TALK].pop()


@spoils(judge.nothing_comes_twice)
def a_tab_shows_a_message_twice(it: Evidence) -> None:
    it.tabs[2].memory.apply(message(3, SECOND))


@spoils(judge.nothing_comes_twice)
def a_message_is_stored_twice(it: Evidence) -> None:
    it.truth.messages[TALK].append(Stored("3", 3, SECOND, "alice"))


@spoils(judge.nothing_is_out_of_order)
def the_older_one_is_shown_second(it: Evidence) -> None:
    late = tab("bob", 2, hears=False)
    for one in (message(2, SECOND), message(1, FIRST)):
        head = {"id": TALK, "version": 3, "receipt_version": 0}
        page = {"conversation": head, "messages": [one["message"]], "watermarks": [], "limited": False}
        late.memory.apply({"type": "sync", "conversations": [page], "more": False})
    it.tabs.append(late)


@spoils(judge.nothing_is_out_of_order)
def a_tab_has_another_order(it: Evidence) -> None:
    it.tabs[2].memory.known[TALK].messages.update({1: SECOND, 2: FIRST})


@spoils(judge.everything_is_acknowledged)
def a_message_waits_for_ever(it: Evidence) -> None:
    it.sent.append(Sending(TALK, "alice/0"))


@spoils(judge.nothing_is_invented)
def a_tab_shows_what_nobody_said(it: Evidence) -> None:
    it.tabs[2].memory.apply(message(3, "third"))


@spoils(judge.nothing_is_invented)
def what_nobody_said_is_stored(it: Evidence) -> None:
    it.truth.messages[TALK].append(Stored("3", 3, "third", "alice"))


@spoils(judge.counters_have_no_holes)
def a_counter_is_ahead(it: Evidence) -> None:
    it.truth.counters[TALK] = replace(it.truth.counters[TALK], last_seq=3)


@spoils(judge.tabs_are_where_the_database_is)
def a_tab_is_behind(it: Evidence) -> None:
    it.truth.counters[TALK] = replace(it.truth.counters[TALK], receipt_version=2)


@spoils(judge.clients_were_served)
def somebody_is_sent_away_for_good(it: Evidence) -> None:
    it.tabs[2].closings.append(Closing(2.0, 4501))


@spoils(judge.clients_were_served)
def a_watermark_goes_back(it: Evidence) -> None:
    it.tabs[2].memory.apply(receipt(2, ("bob", 1, 1)))


@spoils(judge.nobody_else_hears)
def a_stranger_is_told_of_a_head(it: Evidence) -> None:
    it.stranger.memory.apply({"type": "heads", "cursors": {TALK: [1, 0]}})


@spoils(judge.nobody_else_hears)
def a_stranger_is_seen(it: Evidence) -> None:
    it.tabs[0].memory.presence["mallory"] = "online"


@spoils(judge.nobody_else_hears)
def somebody_hears_who_takes_no_part(it: Evidence) -> None:
    it.members[TALK].discard("bob")


@spoils(judge.receipts_converge)
def a_tab_does_not_know_what_was_read(it: Evidence) -> None:
    it.truth.watermarks[TALK]["bob"] = Watermark(2, 2)


@spoils(judge.what_was_said_is_kept)
def a_receipt_is_forgotten(it: Evidence) -> None:
    it.tabs[3].said.append(Said(0.0, TALK, Watermark(2, 2)))


@spoils(judge.nobody_is_said_to_have_read_what_they_have_not)
def a_tab_sees_a_read_too_early(it: Evidence) -> None:
    it.tabs[0].memory.observed.append(Observed(0.5, TALK, "bob", Watermark(2, 2)))


@spoils(judge.unread_is_counted)
def the_unread_count_is_wrong(it: Evidence) -> None:
    it.unread["bob"][TALK] = 2


@spoils(judge.deliveries_name_everybody)
def a_recipient_is_not_listed(it: Evidence) -> None:
    it.deliveries[TALK].clear()


@spoils(judge.presence_converges)
def somebody_who_left_is_seen(it: Evidence) -> None:
    it.presence.append("bob/0 sees 3 online, there are 2")


@pytest.mark.parametrize(("invariant", "spoil"), SPOILERS, ids=[spoil.__name__ for _, spoil in SPOILERS])
def test_each_invariant_sees_what_spoils_it(invariant: Invariant, spoil: Spoiler) -> None:
    evidence = true_history()
    spoil(evidence)
    assert invariant in complaints(evidence)


def test_every_invariant_has_something_that_spoils_it() -> None:
    assert {invariant for invariant, _ in SPOILERS} == {*COUNTED, *OTHERS}
