"""For each action that publishes, what people do with it: the stories of the snapshot law."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from accounts.actions import change_settings
from common.clock import now
from delivery import actions as delivery
from delivery.pending import Move
from messaging.actions import send_message, send_messages, start_conversation, tell_typing
from messaging.models import Kind
from messaging.saying import Saying
from tests.cast import Person
from tests.protocol.stories import Act, Stage, Story, together


def nothing(on: Stage) -> None:
    """Nobody has spoken yet."""


@dataclass(frozen=True, slots=True)
class Deed:
    """`newcomers` hear of a conversation that they did not know, and ask for it."""

    name: str
    act: Act
    before: Act = nothing
    newcomers: frozenset[str] = frozenset()
    is_news: bool = True

    def __str__(self) -> str:
        return self.name


# --- what came before -----------------------------------------------------------------------------------------------


def a_group(on: Stage) -> None:
    on.start(on.cast.bob, Kind.GROUP, others=(on.cast.carol, on.cast.alice), title="Painters")
    on.say(on.cast.bob, "Who paints?")
    on.say(on.cast.carol, "I do")


def support(on: Stage) -> None:
    on.start(on.cast.carol, Kind.SUPPORT)
    on.say(on.cast.carol, "Is breakfast included?")


def a_channel(on: Stage) -> None:
    in_room(on, "Works", on.cast.carol, on.cast.vera)
    on.say(on.cast.alice, "The lift is being painted")


def in_room(on: Stage, title: str, *others: Person) -> None:
    members = [one.member.id for one in others]
    on.conversation = start_conversation(
        on.cast.alice.actor, kind=Kind.CHANNEL, title=title, members=members, space=on.cast.room.id
    ).conversation


def bob_was_there(on: Stage) -> None:
    a_channel(on)
    on.say(on.cast.bob, "Until when?")
    on.conversation.participants.filter(member=on.cast.bob.member).update(left_at=now())


# --- what is done ---------------------------------------------------------------------------------------------------


def reply(on: Stage) -> None:
    original = on.conversation.messages.order_by("seq")[0]
    send_message(
        on.cast.carol.actor,
        conversation_id=on.conversation.id,
        client_id=uuid4(),
        body="You do",
        reply_to=original.id,
        link_url="https://www.hotel.example/painters",
    )


def everybody_notes(on: Stage) -> None:
    """Three move at once, and are written together."""
    for person, delivered, read in ((on.cast.alice, 2, 0), (on.cast.carol, 2, 1), (on.cast.bob, 0, 2)):
        delivery.note_receipts([delivery.Moving(person.actor, on.conversation.id, delivered, read)])
    delivery.write_due_receipts(all_of_them=True)


def moves_written(on: Stage) -> None:
    moves = [Move(one.member.id, 2, 2, now()) for one in (on.cast.alice, on.cast.carol, on.cast.dana)]
    delivery.write_receipts({on.conversation.id: moves})


def repeats(who: str, read: int) -> Act:
    def act(on: Stage) -> None:
        person: Person = getattr(on.cast, who)
        delivery.repeat_receipts(person.actor, watermarks={on.conversation.id: (read, read)})

    return act


def in_private(who: str) -> Act:
    def act(on: Stage) -> None:
        person: Person = getattr(on.cast, who)
        change_settings(person.actor, read_private=True)

    return act


def types(who: str) -> Act:
    def act(on: Stage) -> None:
        person: Person = getattr(on.cast, who)
        tell_typing(person.actor, conversation_id=on.conversation.id, on=True)

    return act


def at_once(*who: str) -> Act:
    """Each says something, and one transaction takes it all."""

    def act(on: Stage) -> None:
        people: list[Person] = [getattr(on.cast, one) for one in who]
        send_messages(
            [Saying(one.actor, on.conversation.id, uuid4(), f"I am {one.member.name}") for one in people]
        )

    return act


def says(who: str, body: str) -> Act:
    return lambda on: on.say(getattr(on.cast, who), body)


def starts(who: str, kind: Kind, *others: str, title: str = "") -> Act:
    def act(on: Stage) -> None:
        on.start(
            getattr(on.cast, who), kind, others=tuple(getattr(on.cast, one) for one in others), title=title
        )

    return act


def reads(who: str, **watermarks: int) -> Act:
    return lambda on: on.receipt(getattr(on.cast, who), **watermarks)


def renames(who: str, title: str) -> Act:
    return lambda on: on.rename(getattr(on.cast, who), title)


# --- the deeds of each action ---------------------------------------------------------------------------------------

PRIVATELY = together(reads("alice", delivered=2), reads("alice", read=1), reads("bob", read=2))
BOB = frozenset({"bob"})

DEEDS: dict[str, list[Deed]] = {
    "messaging.actions.send_message": [
        Deed("in a group", says("carol", "And I"), a_group),
        Deed("a reply", reply, a_group),
        Deed("twice the same", says("carol", "I do"), a_group, is_news=False),
        Deed("joining support by speaking", says("bob", "Yes"), support),
        Deed("two join support", together(says("bob", "Yes"), says("marta", "From 7")), support),
        Deed("joining a channel by speaking", says("bob", "When?"), a_channel, newcomers=BOB),
        Deed("by whoever comes back", says("bob", "Thanks"), bob_was_there, newcomers=BOB),
    ],
    "messaging.actions.send_messages": [
        Deed("three in a group", at_once("carol", "bob", "carol"), a_group),
        Deed("one joins support while another speaks", at_once("carol", "bob", "carol"), support),
        Deed("one joins a channel while another speaks", at_once("alice", "bob"), a_channel, newcomers=BOB),
    ],
    "messaging.actions.tell_typing": [
        Deed("in a group", types("carol"), a_group),
        Deed("to the queue", types("carol"), support),
    ],
    "messaging.actions.start_conversation": [
        Deed("a pair", starts("alice", Kind.DIRECT, "bob")),
        Deed(
            "the pair that there is",
            starts("bob", Kind.DIRECT, "alice"),
            starts("alice", Kind.DIRECT, "bob"),
            is_news=False,
        ),
        Deed("a group", starts("carol", Kind.GROUP, "bob", "alice", title="Keys")),
        Deed("a channel of everybody", starts("bob", Kind.CHANNEL, "carol", title="News")),
        Deed("a channel of a space", lambda on: in_room(on, "Works", on.cast.carol, on.cast.vera)),
        Deed("support by a client", starts("carol", Kind.SUPPORT)),
        Deed("support by a visitor", starts("dana", Kind.SUPPORT)),
        Deed("support for a client", starts("bob", Kind.SUPPORT, "carol")),
        Deed("the support that is open", starts("carol", Kind.SUPPORT), support, is_news=False),
    ],
    "messaging.actions.rename_conversation": [
        Deed("a group", renames("carol", "Whitewash"), a_group),
        Deed("support", renames("bob", "Breakfast"), support),
        Deed("a channel", renames("alice", "Lift"), a_channel),
        Deed("to the same", renames("carol", "Painters"), a_group, is_news=False),
        Deed(
            "with talk around it",
            together(says("bob", "So"), renames("bob", "Red"), says("carol", "Red?")),
            a_group,
        ),
    ],
    "delivery.actions.move_receipt": [
        Deed("delivered", reads("alice", delivered=2), a_group),
        Deed("read", reads("alice", read=2), a_group),
        Deed(
            "in two steps",
            together(reads("alice", delivered=1), reads("alice", delivered=2, read=1)),
            a_group,
        ),
        Deed("backwards", reads("bob", delivered=1), a_group, is_news=False),
        Deed("of support", together(says("bob", "Yes"), reads("carol", read=2)), support),
        Deed("in a channel", reads("vera", read=1), a_channel),
        Deed("in private", reads("alice", read=2), together(a_group, in_private("alice"))),
        Deed("in private, delivered before", PRIVATELY, together(a_group, in_private("alice"))),
        Deed("without taking part", reads("marta", read=1), support, is_news=False),
    ],
    "delivery.actions.write_receipts": [Deed("of several", moves_written, a_group)],
    "delivery.actions.write_due_receipts": [Deed("of several", everybody_notes, a_group)],
    "delivery.actions.repeat_receipts": [
        Deed("ahead of ours", repeats("carol", 2), a_group),
        Deed("behind ours", repeats("bob", 0), a_group, is_news=False),
    ],
}

READING_IN_PRIVATE = Story(
    ["alice", "bob"],
    [
        ("Alice has it", reads("alice", delivered=2)),
        ("and reads it, which nobody sees", reads("alice", read=2)),
        ("Bob answers", says("bob", "Good")),
        ("Carol reads as ever", reads("carol", read=3)),
        ("Alice does in private", reads("alice", read=3)),
    ],
    before=[("a group", a_group), ("in which one reads in private", in_private("alice"))],
)
