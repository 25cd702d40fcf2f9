"""What happens in the golden files: who does what, and who is listening."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4, uuid5

from django.conf import settings

from attachments.actions import Decision, review_file
from attachments.models import Approval, FileState, UploadPolicy
from delivery.actions import move_receipt
from desk import actions as desk
from desk.models import Assignment, State
from messaging import actions
from messaging.actions import rename_conversation, send_message, start_conversation
from messaging.models import Conversation, Kind, MessageKind
from portal import actions as portal
from portal.models import ClientRequest, RequestKind
from tests.attachments.kept import shared
from tests.cast import Cast, Person

PAGE = 50


class Stage:
    """Where a story is played: the people, and what they do to one conversation at a time."""

    conversation: Conversation
    request: ClientRequest

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def start(self, who: Person, kind: Kind, *, others: tuple[Person, ...] = (), title: str = "") -> None:
        invited = [other.member.id for other in others]
        self.conversation = start_conversation(
            who.actor, kind=kind, members=invited, title=title
        ).conversation

    def say(self, who: Person, body: str, *, to: str = "") -> None:
        """The same words in the same conversation are a retry. `to`: as a reply to what was said with these words."""
        send_message(
            who.actor,
            conversation_id=self.conversation.id,
            client_id=uuid5(self.conversation.id, body),
            body=body,
            reply_to=self.said(to) if to else None,
        )

    def note(self, who: Person, body: str, *, to: str = "") -> None:
        """For the staff."""
        send_message(
            who.actor,
            conversation_id=self.conversation.id,
            client_id=uuid5(self.conversation.id, body),
            body=body,
            reply_to=self.said(to) if to else None,
            kind=MessageKind.NOTE,
        )

    def said(self, body: str) -> UUID:
        """What was said with these words at first."""
        return self.conversation.messages.get(client_id=uuid5(self.conversation.id, body)).id

    def receipt(self, who: Person, *, delivered: int = 0, read: int = 0) -> None:
        move_receipt(who.actor, conversation_id=self.conversation.id, delivered=delivered, read=read)

    def rename(self, who: Person, title: str) -> None:
        rename_conversation(who.actor, conversation_id=self.conversation.id, title=title)

    # --- what becomes of a message ----------------------------------------------------------------------------------

    def edit(self, who: Person, said: str, body: str) -> None:
        actions.edit_message(who.actor, message_id=self.said(said), body=body)

    def delete(self, who: Person, said: str) -> None:
        actions.delete_message(who.actor, message_id=self.said(said))

    def erase(self, who: Person, said: str) -> None:
        actions.erase_message(who.actor, message_id=self.said(said))

    def react(self, who: Person, said: str, emoji: str, *, on: bool = True) -> None:
        actions.react(who.actor, message_id=self.said(said), emoji=emoji, on=on)

    def pin(self, who: Person, said: str, *, on: bool = True) -> None:
        actions.pin_message(who.actor, message_id=self.said(said), on=on)

    def share(self, who: Person, words: str) -> None:
        """A file that holds these words, said with none."""
        self.shared = UUID(shared(who, self.conversation.id, words))

    def share_held(self, who: Person, words: str) -> None:
        """The same, and somebody has to look at it first."""
        self.shared = UUID(shared(who, self.conversation.id, words, state=FileState.PENDING))

    def review(self, who: Person, decision: str) -> None:
        """What was shared last."""
        review_file(who.actor, attachment_id=self.shared, decision=Decision(decision), reason="As agreed.")

    def add_file(self, who: Person, said: str, words: str) -> None:
        """One more, with these words, to a message."""
        path = settings.UPLOADS_DIR / "more.txt"
        path.write_text(words)
        actions.add_file(who.actor, message_id=self.said(said), path=path, name="more.txt")
        path.unlink()

    def send_file(self, who: Person, words: str) -> None:
        """Some words and a file that holds them, at once."""
        path = settings.UPLOADS_DIR / "along.txt"
        path.write_text(words)
        actions.send_with_files(
            who.actor,
            conversation_id=self.conversation.id,
            client_id=uuid4(),
            body=words,
            files=[(path, "along.txt")],
        )
        path.unlink()

    def take_out(self, who: Person) -> None:
        """What was shared last."""
        actions.delete_attachment(who.actor, attachment_id=self.shared)

    # --- who is there -----------------------------------------------------------------------------------------------

    def add(self, who: Person, newcomer: Person) -> None:
        actions.add_participant(who.actor, conversation_id=self.conversation.id, member=newcomer.member.id)

    def remove(self, who: Person, gone: Person) -> None:
        actions.remove_participant(who.actor, conversation_id=self.conversation.id, member=gone.member.id)

    def close(self, who: Person, *, closed: bool = True) -> None:
        actions.close_channel(who.actor, conversation_id=self.conversation.id, closed=closed)

    # --- at the desk ------------------------------------------------------------------------------------------------

    def assign(self, who: Person, to: Person | None = None) -> None:
        member = to.member.id if to else None
        desk.assign(who.actor, conversation_id=self.conversation.id, member=member)

    def release(self, who: Person) -> None:
        desk.release(who.actor, assignment_id=self._active)

    def resolve(self, who: Person) -> None:
        desk.resolve(who.actor, assignment_id=self._active)

    @property
    def _active(self) -> UUID:
        return Assignment.objects.get(conversation=self.conversation, state=State.ACTIVE).pk

    # --- in the portal ----------------------------------------------------------------------------------------------

    def ask(self, who: Person, title: str) -> None:
        """For something in room 101. The same title again is a retry."""
        self.request, _ = portal.create_request(
            who.actor,
            client_id=uuid5(self.cast.room.id, title),
            space=self.cast.room.id,
            kind=RequestKind.MATERIAL,
            title=title,
        )

    def ask_otherwise(self, who: Person, title: str) -> None:
        portal.change_request(who.actor, request_id=self.request.pk, title=title)

    def enclose(self, who: Person, words: str) -> None:
        """A file with these words, in the request."""
        path = settings.UPLOADS_DIR / "enclosed.txt"
        path.write_text(words)
        file = portal.add_file(who.actor, request_id=self.request.pk, path=path, name="enclosed.txt")
        path.unlink()
        self.shared = file.pk

    def look_at_files_first(self) -> None:
        """From now on, at those of clients."""
        everything = {"auto_approve": [], "require_approval": ["*/*"]}
        UploadPolicy.objects.create(organisation=self.cast.hotel, approval=Approval.CLIENTS, **everything)

    def withdraw(self, who: Person) -> None:
        portal.withdraw_request(who.actor, request_id=self.request.pk)

    def approve(self, who: Person) -> None:
        portal.approve_request(who.actor, request_id=self.request.pk, reason="As agreed.")

    def reject(self, who: Person) -> None:
        portal.reject_request(who.actor, request_id=self.request.pk, reason="Too many.")

    # --- one's own --------------------------------------------------------------------------------------------------

    def archive(self, who: Person, *, archived: bool = True) -> None:
        actions.archive_conversation(who.actor, conversation_id=self.conversation.id, archived=archived)

    def mute(self, who: Person, *, muted: bool = True, until: datetime | None = None) -> None:
        actions.mute_conversation(who.actor, conversation_id=self.conversation.id, muted=muted, until=until)

    def notify(self, who: Person, notify: str) -> None:
        actions.choose_notices(who.actor, conversation_id=self.conversation.id, notify=notify)


SOME_DAY = datetime(2100, 1, 1, tzinfo=UTC)

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
    "desk": Story(
        ["carol", "bob"],
        [
            ("Bob takes it", lambda on: on.assign(on.cast.bob)),
            ("it is his", lambda on: on.assign(on.cast.bob)),
            ("and answers", lambda on: on.say(on.cast.bob, "From 7 to 10")),
            ("Marta gives it to herself", lambda on: on.assign(on.cast.marta, on.cast.marta)),
            ("Marta puts it back", lambda on: on.release(on.cast.marta)),
            ("and takes it by speaking", lambda on: on.say(on.cast.marta, "It is included")),
            ("Marta resolves it", lambda on: on.resolve(on.cast.marta)),
            ("Carol has one more question", lambda on: on.say(on.cast.carol, "Is there tea?")),
            ("Bob takes it again", lambda on: on.assign(on.cast.bob)),
            ("and puts it back", lambda on: on.release(on.cast.bob)),
        ],
        before=[
            ("support", lambda on: on.start(on.cast.carol, Kind.SUPPORT)),
            ("a question", lambda on: on.say(on.cast.carol, "Is breakfast included?")),
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
    "life": Story(
        ["bob", "carol"],
        [
            ("Bob asks", lambda on: on.say(on.cast.bob, "Who paints?")),
            ("Carol replies", lambda on: on.say(on.cast.carol, "I do", to="Who paints?")),
            ("Bob says it better", lambda on: on.edit(on.cast.bob, "Who paints?", "Who paints the hall?")),
            ("the same text again", lambda on: on.edit(on.cast.bob, "Who paints?", "Who paints the hall?")),
            ("Carol likes it", lambda on: on.react(on.cast.carol, "Who paints?", "👍")),
            (
                "so does Alice, twice",
                together(
                    lambda on: on.react(on.cast.alice, "Who paints?", "🎉"),
                    lambda on: on.react(on.cast.alice, "Who paints?", "👍"),
                ),
            ),
            ("Carol no longer", lambda on: on.react(on.cast.carol, "Who paints?", "👍", on=False)),
            ("Alice pins it", lambda on: on.pin(on.cast.alice, "Who paints?")),
            ("pinned it is", lambda on: on.pin(on.cast.carol, "Who paints?")),
            ("Bob mentions Carol", lambda on: on.edit(on.cast.bob, "Who paints?", "Do you paint, @Carol?")),
            ("Carol unpins it", lambda on: on.pin(on.cast.carol, "Who paints?", on=False)),
            ("Alice pins the reply", lambda on: on.pin(on.cast.alice, "I do")),
            ("Bob deletes what he asked", lambda on: on.delete(on.cast.bob, "Who paints?")),
            ("Marta erases the reply", lambda on: on.erase(on.cast.marta, "I do")),
        ],
        before=[
            (
                "a group",
                lambda on: on.start(on.cast.bob, Kind.GROUP, others=(on.cast.carol, on.cast.alice)),
            )
        ],
    ),
    "people": Story(
        ["bob", "carol"],
        [
            (
                "Alice opens a channel",
                lambda on: on.start(on.cast.alice, Kind.CHANNEL, others=(on.cast.carol,), title="News"),
            ),
            ("and speaks", lambda on: on.say(on.cast.alice, "The pool is open")),
            ("Bob is added", lambda on: on.add(on.cast.alice, on.cast.bob)),
            ("there he is", lambda on: on.add(on.cast.alice, on.cast.bob)),
            ("Marta, who is not there, renames it", lambda on: on.rename(on.cast.marta, "Pool")),
            ("Carol leaves", lambda on: on.remove(on.cast.carol, on.cast.carol)),
            ("Bob speaks", lambda on: on.say(on.cast.bob, "For how long?")),
            ("Alice closes it", lambda on: on.close(on.cast.alice)),
            ("and opens it again", lambda on: on.close(on.cast.alice, closed=False)),
            ("Carol comes back", lambda on: on.add(on.cast.bob, on.cast.carol)),
            ("Alice leaves, and Bob owns it", lambda on: on.remove(on.cast.alice, on.cast.alice)),
            ("Bob takes Carol out", lambda on: on.remove(on.cast.bob, on.cast.carol)),
        ],
    ),
    "notes": Story(
        ["carol", "bob"],
        [
            ("Bob notes something", lambda on: on.note(on.cast.bob, "Late payer", to="The heating is off")),
            (
                "Alice, who takes no part, answers",
                lambda on: on.note(on.cast.alice, "Still?", to="Late payer"),
            ),
            (
                "Bob says it better",
                lambda on: on.edit(on.cast.bob, "Late payer", "Paid late, @Carol and @Bob"),
            ),
            ("Alice likes it", lambda on: on.react(on.cast.alice, "Late payer", "👍")),
            ("and pins it", lambda on: on.pin(on.cast.alice, "Late payer")),
            ("Carol reads what she has", lambda on: on.receipt(on.cast.carol, read=4)),
            ("Bob answers Carol", lambda on: on.say(on.cast.bob, "I come")),
            ("Bob deletes his note", lambda on: on.delete(on.cast.bob, "Late payer")),
            ("Carol thanks", lambda on: on.say(on.cast.carol, "Thank you")),
            ("Bob notes once more", lambda on: on.note(on.cast.bob, "Done")),
        ],
        before=[
            ("support", lambda on: on.start(on.cast.carol, Kind.SUPPORT)),
            ("known", lambda on: on.say(on.cast.carol, "The heating is off")),
            ("Bob joins", lambda on: on.say(on.cast.bob, "Which room?")),
        ],
    ),
    "own": Story(
        ["carol", "bob"],
        [
            ("Carol archives it", lambda on: on.archive(on.cast.carol)),
            ("archived it is", lambda on: on.archive(on.cast.carol)),
            ("and mutes it", lambda on: on.mute(on.cast.carol)),
            ("until then only", lambda on: on.mute(on.cast.carol, until=SOME_DAY)),
            ("Bob wants mentions only", lambda on: on.notify(on.cast.bob, "mentions")),
            ("Bob speaks", lambda on: on.say(on.cast.bob, "Anybody there?")),
            (
                "Carol has it back, as it was",
                together(
                    lambda on: on.archive(on.cast.carol, archived=False),
                    lambda on: on.mute(on.cast.carol, muted=False),
                ),
            ),
            ("She archives it again", lambda on: on.archive(on.cast.carol)),
            ("and what Bob says brings it back", lambda on: on.say(on.cast.bob, "One more thing")),
        ],
        before=[("a pair", lambda on: on.start(on.cast.bob, Kind.DIRECT, others=(on.cast.carol,)))],
    ),
    "requests": Story(
        ["carol", "bob", "marta"],
        [
            ("Carol asks", lambda on: on.ask(on.cast.carol, "Towels")),
            ("and asks again", lambda on: on.ask(on.cast.carol, "Towels")),
            ("for more of them", lambda on: on.ask_otherwise(on.cast.carol, "Four towels")),
            ("She shows which", lambda on: on.enclose(on.cast.carol, "Large ones")),
            ("Bob looks at that", lambda on: on.review(on.cast.bob, "approve")),
            ("Marta approves", lambda on: on.approve(on.cast.marta)),
            (
                "another is rejected",
                together(
                    lambda on: on.ask(on.cast.carol, "A bath"),
                    lambda on: on.reject(on.cast.marta),
                ),
            ),
            (
                "and one is taken back",
                together(
                    lambda on: on.ask(on.cast.carol, "A shower"),
                    lambda on: on.withdraw(on.cast.carol),
                ),
            ),
        ],
        before=[("What clients bring is looked at first", lambda on: on.look_at_files_first())],
    ),
}
