"""The judge, judged: a small true history, and for each invariant something that spoils it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.faults import judge, judge_changes
from tests.faults.changes import Change, Deletion, Edit, Reaction
from tests.faults.evidence import Evidence, Invariant
from tests.faults.judge import COUNTED, OTHERS, latencies
from tests.faults.memory import Frame, Observed, Shown, Watermark
from tests.faults.newcomer import Newcomer
from tests.faults.tab import Closing, Said, Sending, Tab
from tests.faults.truth import Counters, Stored, Truth

TALK = "talk"
FIRST, SECOND, THIRD = "first", "second", "third"
SAID, SAID_BETTER = "alice/0 second", "alice/0 says otherwise"
THUMB, TADA = "👍", "🎉"


def message(
    seq: int, client_id: str, version: int | None = None, event: str = "created", **state: object
) -> Frame:
    """News of a message; as it was said, if nothing else is named."""
    version = version or 1 + seq
    said = {
        "id": client_id.upper(),
        "conversation": TALK,
        "seq": seq,
        "version": version,
        "client_id": client_id,
        "sender": {"id": "alice"},
        "body": f"alice/0 {client_id}",
        "edited_at": None,
        "deleted_at": None,
        "reactions": [],
        **state,
    }
    news = {"conversation": TALK, "version": version, "event": event}
    return {"type": "message", **news, "message": said}


def receipt(version: int, *watermarks: tuple[str, int, int]) -> Frame:
    return {"type": "receipt", "conversation": TALK, "receipt_version": version, "watermarks": watermarks}


def reactions(*emojis: str) -> list[Frame]:
    return [{"emoji": one, "members": ["bob"]} for one in emojis]


EDITED = {"body": SAID_BETTER, "edited_at": "later"}
HISTORY = [
    {"type": "conversation", "conversation": TALK, "version": 1, "event": "started"},
    message(1, FIRST),
    message(2, SECOND),
    message(3, THIRD),
    message(2, SECOND, 5, "edited", **EDITED),
    message(2, SECOND, 6, "reacted", **EDITED, reactions=reactions(THUMB)),
    message(2, SECOND, 7, "reacted", **EDITED, reactions=reactions(THUMB, TADA)),
    message(2, SECOND, 8, "reacted", **EDITED, reactions=reactions(TADA)),
    message(3, THIRD, 9, "deleted", body="", deleted_at="later"),
    receipt(1, ("bob", 3, 1)),
]
PAGE = [HISTORY[1]["message"], HISTORY[7]["message"], HISTORY[8]["message"]]


def tab(member: str, number: int, *, hears: bool = True) -> Tab:
    one = Tab([], token="", member=member, name=f"{member}/{number}")
    for frame in HISTORY if hears else []:
        one.memory.apply(frame)
    return one


def newcomer(member: str) -> Newcomer:
    one = Newcomer([], token="", member=member, name=f"{member}, anew")
    one.memory.apply(snapshot(*PAGE[1:]))
    one.memory.keep_older(TALK, PAGE[:1])
    return one


def snapshot(*messages: Frame) -> Frame:
    head = {"id": TALK, "version": 9, "receipt_version": 1}
    page = {"conversation": head, "messages": list(messages), "watermarks": [["bob", 3, 1]], "limited": False}
    return {"type": "sync", "conversations": [page], "more": False}


def stored(seq: int, client_id: str, version: int, body: str = "", **more: Any) -> Stored:
    return Stored(client_id.upper(), seq, client_id, "alice", version, body or f"alice/0 {client_id}", **more)


def changes() -> list[Change]:
    """Alice edits the second and deletes the third; Bob reacts to the second twice and takes one back."""
    second: Any = {"conversation": TALK, "message": SECOND.upper(), "acked_at": 2.0}
    third: Any = {"conversation": TALK, "message": THIRD.upper(), "acked_at": 2.0}
    return [
        Edit(**second, member="alice", version=5, body=SAID_BETTER, base=3),
        Reaction(**second, member="bob", version=6, emoji=THUMB),
        Reaction(**second, member="bob", version=7, emoji=TADA),
        Reaction(**second, member="bob", version=8, emoji=THUMB, on=False),
        Deletion(**third, member="alice", version=9),
    ]


def true_history() -> Evidence:
    """Alice says three things to Bob, who gets all, reads one, and says so; then some of it changes."""
    alice, bob = ([tab(member, number) for number in range(2)] for member in ("alice", "bob"))
    bob[0].said.append(Said(0.0, TALK, Watermark(3, 1)))
    sent = [Sending(TALK, "alice/0", client_id, at=0.0, acked_at=1.0) for client_id in (FIRST, SECOND, THIRD)]
    for seq, one in enumerate(sent, start=1):
        one.seq = seq
    edited: Any = {"is_edited": True, "former": (SAID,), "reactions": ((TADA, "bob"),)}
    truth = Truth(
        {TALK: Counters(last_seq=3, version=9, receipt_version=1)},
        {
            TALK: [
                stored(1, FIRST, 2),
                stored(2, SECOND, 8, SAID_BETTER, **edited),
                stored(3, THIRD, 9, is_deleted=True),
            ]
        },
        {TALK: {"alice": Watermark(3, 0), "bob": Watermark(3, 1)}},
    )
    evidence = Evidence(
        [*alice, *bob],
        tab("mallory", 0, hears=False),
        {TALK: {"alice", "bob"}},
        sent,
        truth,
        changes(),
        [newcomer("alice"), newcomer("bob")],
    )
    evidence.unread = {"alice": {TALK: 0}, "bob": {TALK: 1}}
    evidence.deliveries = {TALK: [{"member": {"id": "bob"}, "status": "delivered"}]}
    return evidence


def complaints(evidence: Evidence) -> set[Invariant]:
    return {invariant for invariant in (*COUNTED, *OTHERS) if list(invariant(evidence))}


def test_a_true_history_holds() -> None:
    evidence = true_history()
    assert complaints(evidence) == set()
    assert len(latencies(evidence)) == 6  # three messages at two tabs of Bob


def test_an_answer_that_is_older_than_the_news_takes_nothing_back() -> None:
    late = tab("bob", 2)
    late.memory.apply(snapshot(HISTORY[2]["message"]))
    assert late.memory.known[TALK].messages[2].body == SAID_BETTER


def test_a_doubt_excuses_a_reaction_and_no_more() -> None:
    """It was said, not answered, said again and answered; the first came after it had been taken back."""
    evidence = true_history()
    doctor(evidence, 2, reactions=((TADA, "bob"), (THUMB, "bob")))
    evidence.changes[1].doubts = 1
    assert not list(judge_changes.no_change_is_lost(evidence))
    evidence.changes[1].doubts, evidence.changes[2].doubts = 0, 1
    assert list(judge_changes.no_change_is_lost(evidence))


def test_what_is_late_may_conflict_with_what_came_first() -> None:
    """Of two texts for one message the other was there first; a reaction found a tombstone."""
    evidence = true_history()
    late: Any = {"conversation": TALK, "is_late": True}
    evidence.changes += [
        Edit(**late, message=SECOND.upper(), member="alice", body="a third text", base=3),
        Reaction(**late, message=THIRD.upper(), member="bob", emoji=THUMB),
    ]
    assert complaints(evidence) == set()


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
    it.tabs[2].memory.apply(message(4, SECOND, 10))


@spoils(judge.nothing_comes_twice)
def a_message_is_stored_twice(it: Evidence) -> None:
    it.truth.messages[TALK].append(stored(4, SECOND, 10))


@spoils(judge.nothing_is_out_of_order)
def the_older_one_is_shown_second(it: Evidence) -> None:
    late = tab("bob", 2, hears=False)
    for one in PAGE[::-1]:
        late.memory.apply(snapshot(one))
    it.tabs.append(late)


@spoils(judge.nothing_is_out_of_order)
def a_tab_has_another_order(it: Evidence) -> None:
    shown = it.tabs[2].memory.known[TALK].messages
    shown[1], shown[2] = shown[2], shown[1]


@spoils(judge.everything_is_acknowledged)
def a_message_waits_for_ever(it: Evidence) -> None:
    it.sent.append(Sending(TALK, "alice/0"))


@spoils(judge.everything_is_acknowledged)
def an_edit_waits_for_ever(it: Evidence) -> None:
    it.changes[0].acked_at = None


@spoils(judge.nothing_is_invented)
def a_tab_shows_what_nobody_said(it: Evidence) -> None:
    it.tabs[2].memory.apply(message(4, "fourth", 10))


@spoils(judge.nothing_is_invented)
def what_nobody_said_is_stored(it: Evidence) -> None:
    it.truth.messages[TALK].append(stored(4, "fourth", 10))


@spoils(judge.counters_have_no_holes)
def a_counter_is_ahead(it: Evidence) -> None:
    it.truth.counters[TALK] = replace(it.truth.counters[TALK], last_seq=4)


@spoils(judge.counters_have_no_holes)
def a_version_was_left_out(it: Evidence) -> None:
    it.truth.counters[TALK] = replace(it.truth.counters[TALK], version=10)


@spoils(judge.counters_have_no_holes)
def a_version_was_given_twice(it: Evidence) -> None:
    it.truth.counters[TALK] = replace(it.truth.counters[TALK], version=8)


@spoils(judge.counters_have_no_holes)
def a_reaction_that_was_doubted_once_came_twice(it: Evidence) -> None:
    it.changes[1].doubts = 1
    it.truth.counters[TALK] = replace(it.truth.counters[TALK], version=11)


@spoils(judge.a_version_is_one_change)
def two_tabs_hear_different_things_of_one_version(it: Evidence) -> None:
    it.tabs[2].memory.apply(message(1, FIRST, 6, "edited"))


@spoils(judge.a_version_is_one_change)
def a_tab_hears_of_what_was_rolled_back(it: Evidence) -> None:
    it.tabs[2].memory.apply(message(1, FIRST, 10, "edited"))


@spoils(judge.tabs_are_where_the_database_is)
def a_tab_is_behind(it: Evidence) -> None:
    it.truth.counters[TALK] = replace(it.truth.counters[TALK], receipt_version=2)


@spoils(judge.clients_were_served)
def somebody_is_sent_away_for_good(it: Evidence) -> None:
    it.tabs[2].closings.append(Closing(2.0, 4501))


@spoils(judge.clients_were_served)
def a_watermark_goes_back(it: Evidence) -> None:
    it.tabs[2].memory.apply(receipt(2, ("bob", 1, 1)))


@spoils(judge.clients_were_served)
def a_tab_is_told_two_states_of_one_version(it: Evidence) -> None:
    it.tabs[2].memory.keep_older(TALK, [message(2, SECOND, 8)["message"]])


@spoils(judge.nobody_else_hears)
def a_stranger_is_told_of_a_head(it: Evidence) -> None:
    it.stranger.memory.apply({"type": "heads", "cursors": {TALK: [1, 0]}})


@spoils(judge.nobody_else_hears)
def a_stranger_is_seen(it: Evidence) -> None:
    it.tabs[0].memory.presence["mallory"] = "online"


@spoils(judge.nobody_else_hears)
def somebody_hears_who_takes_no_part(it: Evidence) -> None:
    it.members[TALK].discard("bob")


def doctor(it: Evidence, seq: int, **state: Any) -> None:
    """The database has it otherwise."""
    messages = it.truth.messages[TALK]
    messages[seq - 1] = replace(messages[seq - 1], **state)


@spoils(judge_changes.no_change_is_lost)
def the_database_lost_an_edit(it: Evidence) -> None:
    doctor(it, 2, body=SAID, former=())


@spoils(judge_changes.no_change_is_lost)
def an_older_text_won_over_a_newer(it: Evidence) -> None:
    doctor(it, 2, body=SAID, former=(SAID, SAID_BETTER))


@spoils(judge_changes.no_change_is_lost)
def the_database_lost_a_deletion(it: Evidence) -> None:
    doctor(it, 3, is_deleted=False)


@spoils(judge_changes.no_change_is_lost)
def the_database_lost_a_reaction(it: Evidence) -> None:
    doctor(it, 2, reactions=())


@spoils(judge_changes.no_change_is_lost)
def a_reaction_that_was_taken_back_is_there_again(it: Evidence) -> None:
    doctor(it, 2, reactions=((TADA, "bob"), (THUMB, "bob")))


@spoils(judge_changes.no_change_is_lost)
def the_message_of_a_change_is_not_there(it: Evidence) -> None:
    it.truth.messages[TALK].pop(1)


@spoils(judge_changes.no_change_is_invented)
def a_message_was_something_else_at_first(it: Evidence) -> None:
    doctor(it, 1, body="something else")


@spoils(judge_changes.no_change_is_invented)
def a_message_has_a_text_that_nobody_gave_it(it: Evidence) -> None:
    doctor(it, 2, body="something else", former=(SAID, SAID_BETTER))


@spoils(judge_changes.no_change_is_invented)
def nobody_deleted_what_is_deleted(it: Evidence) -> None:
    doctor(it, 1, is_deleted=True)


@spoils(judge_changes.no_change_is_invented)
def a_reaction_is_nobodys(it: Evidence) -> None:
    doctor(it, 2, reactions=((TADA, "bob"), (TADA, "alice")))


@spoils(judge_changes.what_came_too_late_did)
def an_edit_conflicts_with_itself(it: Evidence) -> None:
    it.changes[0].is_late = True


@spoils(judge_changes.what_came_too_late_did)
def a_deletion_conflicts_with_itself(it: Evidence) -> None:
    it.changes[-1].is_late = True


@spoils(judge_changes.what_came_too_late_did)
def a_reaction_conflicts_with_what_is_there(it: Evidence) -> None:
    it.changes[1].is_late = True


@spoils(judge_changes.all_show_what_is_stored)
def a_tab_missed_an_edit(it: Evidence) -> None:
    doctor(it, 1, body="something else", version=10)


@spoils(judge_changes.all_show_what_is_stored)
def a_tab_shows_what_is_deleted(it: Evidence) -> None:
    it.tabs[2].memory.known[TALK].messages[3] = Shown.of(message(3, THIRD)["message"])


@spoils(judge_changes.all_show_what_is_stored)
def a_newcomer_is_told_of_a_reaction_that_went(it: Evidence) -> None:
    shown = it.newcomers[0].memory.known[TALK].messages
    shown[2] = shown[2]._replace(reactions=((THUMB, ("bob",)), *shown[2].reactions))


@spoils(judge_changes.newcomers_see_everything)
def a_page_leaves_something_out(it: Evidence) -> None:
    del it.newcomers[1].memory.known[TALK].messages[1]


@spoils(judge_changes.what_is_gone_is_told_to_nobody)
def a_newcomer_is_told_what_was_deleted(it: Evidence) -> None:
    it.newcomers[0].memory.apply(snapshot(message(3, THIRD)["message"]))


@spoils(judge_changes.what_is_gone_is_told_to_nobody)
def a_quote_says_what_was_edited_away(it: Evidence) -> None:
    quote = {"id": SECOND.upper(), "sender": {"id": "alice"}, "excerpt": SAID}
    it.newcomers[0].memory.keep_older(TALK, [{**PAGE[0], "reply_to": quote}])


@spoils(judge.receipts_converge)
def a_tab_does_not_know_what_was_read(it: Evidence) -> None:
    it.truth.watermarks[TALK]["bob"] = Watermark(3, 2)


@spoils(judge.what_was_said_is_kept)
def a_receipt_is_forgotten(it: Evidence) -> None:
    it.tabs[3].said.append(Said(0.0, TALK, Watermark(3, 2)))


@spoils(judge.nobody_is_said_to_have_read_what_they_have_not)
def a_tab_sees_a_read_too_early(it: Evidence) -> None:
    it.tabs[0].memory.observed.append(Observed(0.5, TALK, "bob", Watermark(3, 2)))


@spoils(judge.unread_is_counted)
def the_unread_count_is_wrong(it: Evidence) -> None:
    it.unread["bob"][TALK] = 2


@spoils(judge.unread_is_counted)
def what_the_system_says_is_counted_as_unread(it: Evidence) -> None:
    doctor(it, 2, kind="system")


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
