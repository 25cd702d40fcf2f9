"""What must hold, one function an invariant; each gives what is wrong."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.faults import judge_changes
from tests.faults.changes import Reaction
from tests.faults.evidence import Evidence, Invariant
from tests.faults.memory import Watermark

# --- nothing lost, nothing twice, nothing out of order --------------------------------------------------------------


def nothing_is_lost(evidence: Evidence) -> Iterator[str]:
    """Every acknowledged message is in the database at its place, and on every tab of everybody it was said to."""
    stored = {
        (id, one.seq): one.client_id for id, messages in evidence.truth.messages.items() for one in messages
    }
    for one in evidence.acked:
        if stored.get((one.conversation, one.seq)) != one.client_id:
            yield f"{one.client_id} was acknowledged at {one.seq} and is not in the database"
        for tab in evidence.hearers(one.conversation):
            shown = tab.memory.known[one.conversation].messages.get(one.seq)
            if shown is None or shown.client_id != one.client_id:
                yield f"{tab.name} does not show seq {one.seq} of {one.conversation}"


def nothing_comes_twice(evidence: Evidence) -> Iterator[str]:
    stored = Counter(one.client_id for messages in evidence.truth.messages.values() for one in messages)
    yield from (f"{client_id} is stored {count} times" for client_id, count in stored.items() if count > 1)
    for tab in evidence.tabs:
        yield from (*tab.twice, *tab.memory.twice)


def nothing_is_out_of_order(evidence: Evidence) -> Iterator[str]:
    """No message was first shown above one that was already there, and a tab shows the order of the database."""
    for tab in evidence.tabs:
        yield from tab.memory.out_of_order
    for tab, id in evidence.known():
        shown = tab.memory.known[id].messages
        order = {one.client_id: one.seq for one in evidence.truth.messages[id]}
        if any(order.get(one.client_id) not in (seq, None) for seq, one in shown.items()):
            yield f"{tab.name} shows another order than the database in {id}"


# --- nothing else ---------------------------------------------------------------------------------------------------


def everything_is_acknowledged(evidence: Evidence) -> Iterator[str]:
    yield from (f"{one.client_id} was never acknowledged" for one in evidence.sent if not one.acked_at)
    waiting = (one for one in evidence.changes if not one.acked_at and not one.is_late)
    yield from (f"{one} was never acknowledged" for one in waiting)


def nothing_is_invented(evidence: Evidence) -> Iterator[str]:
    said = {one.client_id for one in evidence.sent}
    for messages in evidence.truth.messages.values():
        yield from (
            f"{one.client_id} is stored, nobody said it" for one in messages if one.client_id not in said
        )
    for tab in evidence.tabs:
        for known in tab.memory.known.values():
            unsaid = {one.client_id for one in known.messages.values()} - said
            yield from (f"{tab.name} shows {client_id}, nobody said it" for client_id in unsaid)


def counters_have_no_holes(evidence: Evidence) -> Iterator[str]:
    """max(seq) = count(*), and one version for the start, each message, each former text, each tombstone, and each time
    that a reaction came or went: nothing else happened.

    A reaction leaves no trace when it goes, but tabs put and take it in turns: so it came and went as often as was
    acknowledged, and at most once more for each time that one was said and not answered.
    """
    for id in evidence.members:
        counters, messages = evidence.truth.counters[id], evidence.truth.messages[id]
        if [one.seq for one in messages] != list(range(1, counters.last_seq + 1)):
            yield f"{id} has last_seq {counters.last_seq} and {len(messages)} messages"
        reactions = [one for one in evidence.of(Reaction) if one.conversation == id]
        certain = 1 + sum(1 + len(one.former) + one.is_deleted for one in messages)
        certain += sum(one.acked_at is not None for one in reactions)
        perhaps = sum(one.doubts for one in reactions)
        if not certain <= counters.version <= certain + perhaps:
            yield f"{id} has version {counters.version}, and {certain} (perhaps {perhaps} more) things happened"


def a_version_is_one_change(evidence: Evidence) -> Iterator[str]:
    """Whoever heard of it heard of the same, and nobody of one that the database does not know."""
    for id in evidence.members:
        news: defaultdict[int, set[tuple[str, ...]]] = defaultdict(set)
        for tab in evidence.hearers(id):
            for version, told in tab.memory.known[id].news.items():
                news[version] |= told
        for version, told in news.items():
            if len(told) > 1 or not 0 < version <= evidence.truth.counters[id].version:
                yield f"version {version} of {id} was told to be {sorted(told)}"


def tabs_are_where_the_database_is(evidence: Evidence) -> Iterator[str]:
    for tab, id in evidence.known():
        counters = evidence.truth.counters[id]
        newest = (counters.version, counters.receipt_version)
        if tab.memory.known[id].cursor != newest:
            yield f"{tab.name} is at {tab.memory.known[id].cursor} of {newest} in {id}"


def clients_were_served(evidence: Evidence) -> Iterator[str]:
    for tab in (*evidence.tabs, evidence.stranger):
        yield from (*tab.problems, *tab.memory.problems)
        if tab.is_dismissed:
            yield f"{tab.name} was sent away for good"


def nobody_else_hears(evidence: Evidence) -> Iterator[str]:
    """Not a message, not a head, not a receipt, not a presence."""
    for tab in evidence.tabs:
        others = {id for id in tab.memory.heard_of if tab.member not in evidence.members.get(id, ())}
        if others:
            yield f"{tab.name} heard of {others}"
        if evidence.stranger.member in tab.memory.presence:
            yield f"{tab.name} sees whether somebody of another organisation is there"
    stranger = evidence.stranger.memory
    if stranger.heard_of or stranger.presence:
        yield f"the stranger heard of {stranger.heard_of} and of {stranger.presence}"


# --- receipts -------------------------------------------------------------------------------------------------------


def receipts_converge(evidence: Evidence) -> Iterator[str]:
    """Everybody's view of everybody's watermarks is the database's, and everybody has everything."""
    for tab, id in evidence.known():
        seen = {member: tab.memory.known[id].watermarks[member] for member in evidence.members[id]}
        if seen != evidence.truth.watermarks[id]:
            yield f"{tab.name} sees other watermarks than the database in {id}"
    for id, watermarks in evidence.truth.watermarks.items():
        last = evidence.truth.counters[id].last_seq
        behind = [member for member, mark in watermarks.items() if mark.delivered != last]
        if behind:
            yield f"{len(behind)} have not got everything in {id}"


def what_was_said_is_kept(evidence: Evidence) -> Iterator[str]:
    """A watermark that a tab said in its last word is in the database."""
    for tab in evidence.tabs:
        last = {said.conversation: said.watermark for said in tab.said}
        for id, mark in last.items():
            if not evidence.truth.watermarks[id][tab.member].covers(mark):
                yield f"{tab.name} said {mark} in {id}, the database forgot it"


def nobody_is_said_to_have_read_what_they_have_not(evidence: Evidence) -> Iterator[str]:
    """At no moment does a tab see a read watermark that none of that person's tabs had said by then."""
    said = _reads_said(evidence)
    for tab in evidence.tabs:
        for at, conversation, member, mark in tab.memory.observed:
            history = said[conversation, member]
            before = bisect_right(history, (at, float("inf"))) - 1
            if mark.read > (history[before][1] if before >= 0 else 0):
                yield f"{tab.name} saw {member} at {mark} too early"
                break


def _reads_said(evidence: Evidence) -> defaultdict[tuple[str, str], list[tuple[float, float]]]:
    """(conversation, member) -> (when, the furthest said by then), in order of time."""
    said: defaultdict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    everything = [(one, tab.member) for tab in evidence.tabs for one in tab.said]
    for one, member in sorted(everything, key=lambda pair: pair[0].at):
        history = said[one.conversation, member]
        furthest = max(one.watermark.read, history[-1][1] if history else 0)
        history.append((one.at, furthest))
    return said


def unread_is_counted(evidence: Evidence) -> Iterator[str]:
    for member, counts in evidence.unread.items():
        for id, count in counts.items():
            if count != evidence.truth.unread(id, member):
                yield f"{member} has {count} unread in {id}, not {evidence.truth.unread(id, member)}"


def deliveries_name_everybody(evidence: Evidence) -> Iterator[str]:
    """Who has what, by REST, for the last message of each conversation: as the watermarks have it."""
    for id, listed in evidence.deliveries.items():
        last = evidence.truth.messages[id][-1]
        expected = {
            member: status_of(mark, last.seq)
            for member, mark in evidence.truth.watermarks[id].items()
            if member != last.sender
        }
        if {one["member"]["id"]: one["status"] for one in listed} != expected:
            yield f"deliveries of seq {last.seq} in {id} are not {expected}"


def status_of(mark: Watermark, seq: int) -> str:
    return "read" if mark.read >= seq else "delivered" if mark.delivered >= seq else "sent"


# --- presence -------------------------------------------------------------------------------------------------------


def presence_converges(evidence: Evidence) -> Iterator[str]:
    yield from evidence.presence


# --- times ----------------------------------------------------------------------------------------------------------


def latencies(evidence: Evidence, *, from_ack: bool = False) -> list[float]:
    """From the say, or from the acknowledgement, to the moment it is shown at each tab of each recipient."""
    speakers = {tab.name: tab.member for tab in evidence.tabs}
    return [
        max(0.0, seen - ((one.acked_at or one.at) if from_ack else one.at))
        for one in evidence.acked
        for tab in evidence.hearers(one.conversation)
        if tab.member != speakers[one.speaker]
        and (seen := tab.memory.first_seen.get(one.client_id)) is not None
    ]


# --- the verdict ----------------------------------------------------------------------------------------------------

COUNTED: tuple[Invariant, ...] = (nothing_is_lost, nothing_comes_twice, nothing_is_out_of_order)
OTHERS: tuple[Invariant, ...] = (
    everything_is_acknowledged,
    nothing_is_invented,
    counters_have_no_holes,
    a_version_is_one_change,
    tabs_are_where_the_database_is,
    clients_were_served,
    nobody_else_hears,
    receipts_converge,
    what_was_said_is_kept,
    nobody_is_said_to_have_read_what_they_have_not,
    unread_is_counted,
    deliveries_name_everybody,
    presence_converges,
    *judge_changes.INVARIANTS,
)
