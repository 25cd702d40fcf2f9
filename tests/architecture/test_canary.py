"""A text that was edited away or deleted is in no byte that anybody receives, nor in a log.

A unique text is said, quoted, edited away and deleted. Then every route, every page and every socket command that there
is, is asked by everybody; what is published and logged from then on is read as well. Whoever holds the right to audit
finds it in two places, and nowhere else.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

import pytest
from django.urls import get_resolver

from accounts.models import AuditEntry
from attachments.models import Attachment
from messaging.actions import delete_message, edit_message, erase_message, pin_message, react, send_message
from messaging.models import Message
from realtime.frames import encode
from tests.architecture import matrix
from tests.architecture.isolation import ask, entries, rolled_back, route_named
from tests.architecture.matrix import Entry
from tests.architecture.worlds import STRANGERS, Caller, Stage
from tests.attachments.kept import uploaded
from tests.conftest import Published

FIRST = "zanahoria-1a2b first said"
SECOND = "zanahoria-3c4d said instead"
LINK = "https://zanahoria.example/5e6f"
CANARIES = ("zanahoria", FIRST, SECOND, LINK)
PEOPLE = ("alice", "marta", "bob", "carol", "vera", "dana", "robo", "mallory", "oscar", "paula")
SEARCH = Entry(query=lambda world: {"q": "zanahoria"})
# Where the audit's right shows it.
FOR_THE_AUDIT = {
    "revisions": ("alice", "marta"),
    "admin:messaging_message_change": ("alice",),
}


@dataclass
class Heard:
    """What a canary was found in."""

    in_answers: list[str] = field(default_factory=list)
    for_the_audit: set[tuple[str, str]] = field(default_factory=set)

    def note(self, where: str, who: str, content: str) -> None:
        if not any(canary in content for canary in CANARIES):
            return
        if who in FOR_THE_AUDIT.get(where, ()):
            self.for_the_audit.add((where, who))
        else:
            self.in_answers.append(f"{where} as {who}")


class Said(logging.Handler):
    """Everything that is logged, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.exc_text or ''} {record.exc_info or ''}")


@pytest.fixture
def logged() -> Iterator[Said]:
    """But for statements with their parameters, which only a developer's log has."""
    said, root = Said(), logging.getLogger()
    level = root.level
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    root.addHandler(said)
    root.setLevel(logging.DEBUG)
    yield said
    root.removeHandler(said)
    root.setLevel(level)


def say_canary(stage: Stage) -> UUID:
    """Bob's, in the hotel's group: quoted, reacted to and pinned before it goes."""
    conversation_id = UUID(stage.hotel["conversation"])
    message = send_message(
        stage.cast.bob.actor,
        conversation_id=conversation_id,
        client_id=uuid4(),
        body=f"{FIRST} @Carol",
        link_url=LINK,
        attachments=[UUID(uploaded(stage.cast.bob, conversation_id, SECOND, name="zanahoria.txt"))],
    ).message
    send_message(
        stage.cast.carol.actor,
        conversation_id=conversation_id,
        client_id=uuid4(),
        body="Noted.",
        reply_to=message.id,
    )
    react(stage.cast.carol.actor, message_id=message.id, emoji="👍", on=True)
    pin_message(stage.cast.bob.actor, message_id=message.id, on=True)
    return message.id


def in_the_world(stage: Stage, message_id: UUID) -> Stage:
    """Whoever asks for a message asks for this one."""
    names: dict[str, str] = dict.fromkeys(("reply_to", "message", Message._meta.label), str(message_id))
    names["attachment"] = str(Attachment.objects.get(holder=message_id).pk)
    return replace(stage, hotel=stage.hotel.naming(names))


def told(published: Published) -> str:
    return "\n".join(encode(event.frame()) for event, _ in published())


def everybody(stage: Stage) -> Iterator[Caller]:
    for name in PEOPLE:
        yield Caller(name, stage.hotel, getattr(stage.cast, name))
    for name in (*STRANGERS, "anonymous"):
        caller = stage.caller(name)
        yield Caller(name, stage.hotel, caller.person, caller.user)


EVERYTHING = entries(matrix.ROUTES, Entry)
READS = [one for one in EVERYTHING if one[1] == "GET"]


def ask_everything(stage: Stage, calls: list[tuple[str, str, Entry]] = EVERYTHING) -> Heard:
    heard, resolver = Heard(), get_resolver()
    routes = {name: route_named(resolver, name) for name, _, _ in EVERYTHING}
    for caller in everybody(stage):
        for name, method, entry in calls:
            if not may_open(caller, name, method, entry):
                continue
            caller.client_for(page=entry.is_page)
            with rolled_back():
                answer = ask(routes[name], method, entry, caller, stage.hotel)
            heard.note(name, caller.name, answer.content.decode(errors="replace"))
        found = ask(routes["messages"], "GET", SEARCH, caller, stage.hotel)
        heard.note("search", caller.name, found.content.decode())
    return heard


def may_open(caller: Caller, name: str, method: str, entry: Entry) -> bool:
    """The admin is for admins only, as the isolation matrix shows: nobody else is asked to look there again."""
    if name.startswith("admin:"):
        return method == "GET" and caller.name in ("alice", "mallory")
    return not entry.is_page or bool(caller.person and caller.person.member.user)


def test_what_is_said_is_found_before(furnished_stage: Stage, published: Published) -> None:
    """Or all the rest would prove nothing."""
    message_id = say_canary(furnished_stage)
    assert FIRST in told(published)
    heard = ask_everything(in_the_world(furnished_stage, message_id), READS)
    found_by = {one.rpartition(" as ")[2] for one in heard.in_answers}
    assert found_by == {"alice", "marta", "bob", "carol"}


@pytest.mark.parametrize("erased", [False, True], ids=["deleted", "erased"])
def test_nobody_receives_what_is_gone(
    furnished_stage: Stage, published: Published, logged: Said, erased: bool
) -> None:
    stage, cast = furnished_stage, furnished_stage.cast
    message_id = say_canary(stage)
    published()

    edit_message(cast.bob.actor, message_id=message_id, body=SECOND)
    edited = told(published)
    assert SECOND in edited
    assert FIRST not in edited

    if erased:
        erase_message(cast.marta.actor, message_id=message_id)
    else:
        delete_message(cast.bob.actor, message_id=message_id)
    gone = told(published)
    assert str(message_id) in gone
    assert not any(canary in gone for canary in CANARIES)

    heard = ask_everything(in_the_world(stage, message_id))
    assert heard.in_answers == []
    assert not any(canary in told(published) for canary in CANARIES)
    assert not any(canary in line for line in logged.lines for canary in CANARIES)
    shown = {(where, who) for where, those in FOR_THE_AUDIT.items() for who in those}
    assert heard.for_the_audit == (set() if erased else shown)
    assert not AuditEntry.objects.filter(data__icontains="zanahoria").exists()
