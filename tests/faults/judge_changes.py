"""What must hold of what became of messages: edits, deletions, reactions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tests.faults.changes import Change, Deletion, Edit, Reaction
from tests.faults.evidence import C, Evidence, Invariant
from tests.faults.truth import Stored


def no_change_is_lost(evidence: Evidence) -> Iterator[str]:
    """What was acknowledged is in the database, as far as nothing that was acknowledged later undid it.

    Each text was the message's once, and the last one is (an edit says which text it replaces: one that arrives late
    replaces no newer one). What is deleted stays so. A reaction is there or not as its member said last; if one went
    unanswered and was said again, the first may have arrived after all that followed.
    """
    stored = evidence.truth.by_id()
    for one in evidence.changed:
        found = stored.get(one.message)
        if found is None:
            yield f"{one} was acknowledged, the message is not there"
        elif isinstance(one, Edit) and one.body not in found.texts:
            yield f"{one} was acknowledged, the text is not in the database"
        elif isinstance(one, Deletion) and not found.is_deleted:
            yield f"{one} was acknowledged, the message is not deleted"
    for id, edits in grouped(evidence.of(Edit), lambda one: one.message).items():
        may_be = {one.body for one in (last_acked(edits), *in_doubt(edits)) if one}
        if last_acked(edits) and id in stored and stored[id].body not in may_be:
            yield f"{id} says {stored[id].body}, and should say {may_be}"
    for place, reactions in grouped(evidence.of(Reaction), lambda one: one.place).items():
        last, found = last_acked(reactions), stored.get(place[0])
        doubted = [one for one in reactions if one.doubts]
        if last and found and (place[1:] in found.reactions) not in {one.on for one in (last, *doubted)}:
            yield f"{last} was acknowledged, it is not so in the database"


def grouped(changes: Iterable[C], key: Callable[[C], Any]) -> defaultdict[Any, list[C]]:
    groups: defaultdict[Any, list[C]] = defaultdict(list)
    for one in changes:
        groups[key(one)].append(one)
    return groups


def last_acked(changes: Iterable[C]) -> C | None:
    """By the message's version, which a later one has raised."""
    return max((one for one in changes if one.acked_at), key=lambda one: one.version, default=None)


def in_doubt(changes: Iterable[C]) -> list[C]:
    """Never acknowledged, and perhaps done."""
    return [one for one in changes if one.doubts and not one.acked_at]


def no_change_is_invented(evidence: Evidence) -> Iterator[str]:
    """Nothing is edited, deleted, or reacted to, but by who said so."""
    edited = {(one.message, one.member, one.body) for one in evidence.of(Edit)}
    deleted = {(one.message, one.member) for one in evidence.of(Deletion)}
    reacted = {one.place for one in evidence.of(Reaction) if one.on}
    bodies = {one.client_id: one.body for one in evidence.sent}
    for one in evidence.truth.by_id().values():
        if one.texts[0] != bodies.get(one.client_id, one.texts[0]):
            yield f"{one.id} was {one.texts[0]} at first, that is not what was said"
        if any((one.id, one.sender, body) not in edited for body in one.texts[1:]):
            yield f"{one.id} has a text that nobody gave it"
        if one.is_deleted and (one.id, one.sender) not in deleted:
            yield f"{one.id} is deleted, nobody did that"
        if any((one.id, *reaction) not in reacted for reaction in one.reactions):
            yield f"{one.id} has a reaction that is nobody's"


def what_came_too_late_did(evidence: Evidence) -> Iterator[str]:
    """An edit is refused only where the message is gone or has another text since; a reaction only where it is gone;
    a deletion never."""
    stored = evidence.truth.by_id()
    edits = grouped(evidence.of(Edit), lambda one: one.message)
    for one in evidence.changes:
        found = stored.get(one.message)
        if one.is_late and not (found and has_gone_on(one, found, edits[one.message])):
            yield f"{one} was refused for no reason"


def has_gone_on(late: Change, found: Stored, edits: list[Edit]) -> bool:
    if found.is_deleted:
        return not isinstance(late, Deletion)
    return isinstance(late, Edit) and any(
        one.body in found.texts and (one.version > late.base or one.doubts)
        for one in edits
        if one is not late
    )


def all_show_what_is_stored(evidence: Evidence) -> Iterator[str]:
    """The same text, or tombstone, and the same reactions, of every message that somebody shows."""
    for tab, id in (*evidence.known(), *((one, id) for one in evidence.newcomers for id in one.memory.known)):
        stored = {one.seq: one for one in evidence.truth.messages.get(id, ())}
        for seq, shown in tab.memory.known[id].messages.items():
            if seq in stored and shown != stored[seq].shown:
                yield f"{tab.name} shows {shown}, the database has {stored[seq].shown}"


def newcomers_see_everything(evidence: Evidence) -> Iterator[str]:
    for one in evidence.newcomers:
        for id, members in evidence.members.items():
            there = {message.seq for message in evidence.truth.messages[id]}
            missing = there - set(one.memory.known[id].messages)
            if one.member in members and missing:
                yield f"{one.name} does not see {len(missing)} messages of {id}"


def what_is_gone_is_told_to_nobody(evidence: Evidence) -> Iterator[str]:
    """No text that was edited away or deleted is in what a newcomer is told: messages, quotes, last messages."""
    gone = {it.rstrip(".") for one in evidence.truth.by_id().values() for it in one.gone}
    for newcomer in evidence.newcomers:
        for told in words_in(newcomer.memory.told):
            if any(it in told for it in gone):
                yield f"{newcomer.name} was told what is gone: {told}"


def words_in(told: Any) -> Iterator[str]:
    """All text in an answer, at whatever depth."""
    match told:
        case str():
            yield told
        case dict():
            yield from (word for one in told.values() for word in words_in(one))
        case list():
            yield from (word for one in told for word in words_in(one))


INVARIANTS: tuple[Invariant, ...] = (
    no_change_is_lost,
    no_change_is_invented,
    what_came_too_late_did,
    all_show_what_is_stored,
    newcomers_see_everything,
    what_is_gone_is_told_to_nobody,
)
