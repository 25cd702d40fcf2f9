"""What happens in the golden files: who does what, and who is listening."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid5

from delivery.actions import move_receipt
from messaging.actions import rename_conversation, send_message, start_conversation
from messaging.models import Conversation, Kind
from tests.cast import Cast, Person

PAGE = 50


class Stage:
    """Where a story is played: the people, and what they do to one conversation at a time."""

    conversation: Conversation

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def start(self, who: Person, kind: Kind, *, others: tuple[Person, ...] = (), title: str = "") -> None:
        invited = [other.member.id for other in others]
        self.conversation = start_conversation(
            who.actor, kind=kind, members=invited, title=title
        ).conversation

    def say(self, who: Person, body: str) -> None:
        """The same words in the same conversation are a retry."""
        send_message(
            who.actor,
            conversation_id=self.conversation.id,
            client_id=uuid5(self.conversation.id, body),
            body=body,
        )

    def receipt(self, who: Person, *, delivered: int = 0, read: int = 0) -> None:
        move_receipt(who.actor, conversation_id=self.conversation.id, delivered=delivered, read=read)

    def rename(self, who: Person, title: str) -> None:
        rename_conversation(who.actor, conversation_id=self.conversation.id, title=title)


Act = Callable[[Stage], None]
Step = tuple[str, Act]


def together(*acts: Act) -> Act:
    def act(on: Stage) -> None:
        for one in acts:
            one(on)

    return act


def says_bob(body: str) -> Act:
    return lambda on: on.say(on.cast.bob, body)


@dataclass(frozen=True, slots=True)
class Story:
    """`away`: the viewer hears nothing but how far things are, and syncs have at most `page` messages."""

    viewers: list[str]
    steps: list[Step]
    before: list[Step] = field(default_factory=list)
    away: bool = False
    page: int = PAGE


STORIES = {
    "support": Story(
        ["carol", "bob", "alice"],
        [
            ("Carol starts support", lambda on: on.start(on.cast.carol, Kind.SUPPORT)),
            ("and speaks", lambda on: on.say(on.cast.carol, "Is breakfast included?")),
            ("starting again finds the same", lambda on: on.start(on.cast.carol, Kind.SUPPORT)),
            ("Bob joins by speaking", lambda on: on.say(on.cast.bob, "Yes, from 7 to 10")),
            ("Carol has it", lambda on: on.receipt(on.cast.carol, delivered=2)),
            ("and reads it", lambda on: on.receipt(on.cast.carol, read=2)),
            ("an older receipt moves nothing", lambda on: on.receipt(on.cast.carol, delivered=1, read=1)),
            ("Carol says it twice", together(*2 * [lambda on: on.say(on.cast.carol, "Thank you")])),
            ("Alice joins, too", lambda on: on.say(on.cast.alice, "Enjoy your stay")),
            ("Bob reads", lambda on: on.receipt(on.cast.bob, read=4)),
        ],
    ),
    "group": Story(
        ["bob", "carol", "marta"],
        [
            (
                "Bob starts a group",
                lambda on: on.start(on.cast.bob, Kind.GROUP, others=(on.cast.carol, on.cast.alice)),
            ),
            ("Bob speaks", lambda on: on.say(on.cast.bob, "Who paints?")),
            ("Carol renames it", lambda on: on.rename(on.cast.carol, "Painters")),
            ("the same name again", lambda on: on.rename(on.cast.carol, "Painters")),
            ("one reads", lambda on: on.receipt(on.cast.carol, read=1)),
            ("all have read", lambda on: on.receipt(on.cast.alice, read=1)),
            (
                "many things at once",
                together(
                    lambda on: on.say(on.cast.carol, "I do"),
                    lambda on: on.rename(on.cast.bob, "Painting"),
                    lambda on: on.say(on.cast.alice, "So do I"),
                    lambda on: on.receipt(on.cast.bob, read=3),
                    lambda on: on.say(on.cast.bob, "Good"),
                ),
            ),
        ],
    ),
    "direct": Story(
        ["alice", "bob"],
        [
            ("Alice writes", lambda on: on.say(on.cast.alice, "Lunch?")),
            ("Bob has read it", lambda on: on.receipt(on.cast.bob, delivered=1, read=1)),
            ("Bob answers", lambda on: on.say(on.cast.bob, "At one")),
        ],
        before=[("a pair", lambda on: on.start(on.cast.alice, Kind.DIRECT, others=(on.cast.bob,)))],
    ),
    "limited": Story(
        ["carol"],
        [
            (
                "more than one answer holds",
                together(*(says_bob(f"News {number}") for number in range(6))),
            )
        ],
        before=[
            ("support", lambda on: on.start(on.cast.carol, Kind.SUPPORT)),
            ("known", lambda on: on.say(on.cast.carol, "Hello")),
        ],
        away=True,
        page=3,
    ),
}
