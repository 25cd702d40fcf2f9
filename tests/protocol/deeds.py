"""For each action that publishes, what people do with it: the stories of the snapshot law."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from accounts.actions import change_settings
from attachments.models import StorageUse
from common.clock import now
from delivery import actions as delivery
from delivery.models import NoticeKind, Notification
from delivery.pending import Move
from desk import actions as desk
from desk.pending import moved
from messaging.actions import (
    Telling,
    contact,
    delete_channel,
    describe_conversation,
    put_preview,
    send_message,
    send_messages,
    start_conversation,
    tell_entities,
    tell_typing,
)
from messaging.models import Kind
from messaging.previews import Page
from messaging.saying import Saying
from tests.cast import Person
from tests.protocol.stories import SOME_DAY, Act, Stage, Story, together


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


def replies_to_files(on: Stage) -> None:
    """Which say all; one of them waits for a person."""
    for original in on.conversation.messages.filter(body=""):
        send_message(
            on.cast.bob.actor,
            conversation_id=on.conversation.id,
            client_id=uuid4(),
            body=f"I saw {original.seq}",
            reply_to=original.id,
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


def asks(who: str, title: str) -> Act:
    return lambda on: on.ask(getattr(on.cast, who), title)


def asks_otherwise(who: str, title: str) -> Act:
    return lambda on: on.ask_otherwise(getattr(on.cast, who), title)


def encloses(who: str) -> Act:
    return lambda on: on.enclose(getattr(on.cast, who), "Large ones")


def looked_at_first(on: Stage) -> None:
    on.look_at_files_first()


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


def notes(who: str, body: str) -> Act:
    return lambda on: on.note(getattr(on.cast, who), body)


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


def edits(who: str, said: str, body: str) -> Act:
    return lambda on: on.edit(getattr(on.cast, who), said, body)


def deletes(who: str, said: str) -> Act:
    return lambda on: on.delete(getattr(on.cast, who), said)


def erases(who: str, said: str) -> Act:
    return lambda on: on.erase(getattr(on.cast, who), said)


def reacts(who: str, said: str, emoji: str = "👍", *, on: bool = True) -> Act:
    return lambda stage: stage.react(getattr(stage.cast, who), said, emoji, on=on)


def pins(who: str, said: str, *, on: bool = True) -> Act:
    return lambda stage: stage.pin(getattr(stage.cast, who), said, on=on)


def shares(who: str) -> Act:
    return lambda on: on.share(getattr(on.cast, who), "A plan of the stairs")


def holds(who: str) -> Act:
    return lambda on: on.share_held(getattr(on.cast, who), "A plan of the roof")


def reviews(who: str, decision: str) -> Act:
    return lambda on: on.review(getattr(on.cast, who), decision)


def adds_file(who: str, said: str) -> Act:
    return lambda on: on.add_file(getattr(on.cast, who), said, "A plan of the cellar")


def sends_file(who: str) -> Act:
    return lambda on: on.send_file(getattr(on.cast, who), "A plan of the attic")


def contacts(who: str) -> Act:
    def act(on: Stage) -> None:
        actor = getattr(on.cast, who).actor
        said = contact(
            actor, name="Dora", email="dora@example.com", client_id=uuid4(), body="Do you rent bicycles?"
        )
        on.conversation = said.message.conversation

    return act


def describes(who: str, **attributes: object) -> Act:
    def act(on: Stage) -> None:
        actor = getattr(on.cast, who).actor
        describe_conversation(actor, conversation_id=on.conversation.id, attributes=attributes)

    return act


def fills_the_house(on: Stage) -> None:
    use = StorageUse.objects.create(organisation=on.cast.hotel, bytes=80)
    delivery.tell_of_storage(use, 80)


def takes_out(who: str) -> Act:
    return lambda on: on.take_out(getattr(on.cast, who))


def replies(who: str, said: str, body: str) -> Act:
    return lambda on: on.say(getattr(on.cast, who), body, to=said)


def adds(who: str, newcomer: str) -> Act:
    return lambda on: on.add(getattr(on.cast, who), getattr(on.cast, newcomer))


def removes(who: str, gone: str) -> Act:
    return lambda on: on.remove(getattr(on.cast, who), getattr(on.cast, gone))


def leaves(who: str) -> Act:
    return removes(who, who)


def closes(who: str, *, closed: bool = True) -> Act:
    return lambda on: on.close(getattr(on.cast, who), closed=closed)


def deletes_it(who: str) -> Act:
    def act(on: Stage) -> None:
        person: Person = getattr(on.cast, who)
        delete_channel(person.actor, conversation_id=on.conversation.id)

    return act


def told_of_an_assignment(on: Stage) -> None:
    carol = on.cast.carol.member
    delivery.notify([delivery.Notice(NoticeKind.ASSIGNMENT, "1", carol.organisation_id, [carol.id])])


def assigned(on: Stage) -> None:
    a_group(on)
    told_of_an_assignment(on)


def mentioned(on: Stage) -> None:
    delivery.tell_mentions([(on.conversation.messages.order_by("seq")[0], [on.cast.carol.member.id])])


def settles(settle: Callable[..., object]) -> Act:
    def act(on: Stage) -> None:
        told = Notification.objects.get(member=on.cast.carol.member)
        settle(on.cast.carol.actor, notification_id=told.pk)

    return act


LINK = "https://www.hotel.example/painters"


def a_link(on: Stage) -> None:
    a_group(on)
    on.cast.hotel.link_previews = True
    on.cast.hotel.save()
    on.say(on.cast.carol, f"They are at {LINK}")


def previewed(title: str) -> Act:
    def act(on: Stage) -> None:
        message = on.conversation.messages.get(body__contains=LINK)
        put_preview(message_id=message.id, url=LINK, page=Page(title, "Since 1901.", "hotel.example"))

    return act


def takes(who: str) -> Act:
    return lambda on: on.assign(getattr(on.cast, who))


def gives(who: str, to: str) -> Act:
    return lambda on: on.assign(getattr(on.cast, who), getattr(on.cast, to))


def releases(who: str) -> Act:
    return lambda on: on.release(getattr(on.cast, who))


def releases_all_of(who: str) -> Act:
    def act(on: Stage) -> None:
        with transaction.atomic():
            desk.release_all_of(on.cast.alice.actor, getattr(on.cast, who).member)

    return act


def resolves(who: str) -> Act:
    return lambda on: on.resolve(getattr(on.cast, who))


def rates(who: str, score: int) -> Act:
    def act(on: Stage) -> None:
        actor = getattr(on.cast, who).actor
        desk.rate(actor, conversation_id=on.conversation.id, score=score, comment="")

    return act


def told_where_they_stand(on: Stage) -> None:
    desk.tell_queue(on.cast.hotel.id)


def told_since_it_moved(on: Stage) -> None:
    moved.note(on.cast.hotel.id)
    desk.tell_moved_queues()


def archives(who: str, *, archived: bool = True) -> Act:
    return lambda on: on.archive(getattr(on.cast, who), archived=archived)


def mutes(who: str, *, muted: bool = True, until: datetime | None = None) -> Act:
    return lambda on: on.mute(getattr(on.cast, who), muted=muted, until=until)


def wants(who: str, notify: str) -> Act:
    return lambda on: on.notify(getattr(on.cast, who), notify)


def a_tower(on: Stage) -> None:
    """The host tells of things: one of everybody's, one of a space."""
    tellings = [
        Telling("task", "45", "Paint the lift"),
        Telling("damage", "7", "A crack", space=on.cast.room.id),
    ]
    tell_entities(on.cast.alice.actor, tellings)


def read_all(on: Stage) -> None:
    delivery.read_all_notifications(on.cast.carol.actor)


def read_up_to(on: Stage) -> None:
    delivery.mark_read_up_to(on.conversation.id, on.cast.carol.member.id, 1)


def about_what_is_gone(on: Stage) -> None:
    delivery.dismiss_notifications_about(on.conversation.messages.order_by("seq")[0])


def gone(on: Stage) -> None:
    delivery.dismiss_notifications_in(on.conversation)


# --- the deeds of each action ---------------------------------------------------------------------------------------

QUOTED = together(a_group, replies("alice", "Who paints?", "Not me"))
REJECTED = together(support, holds("carol"), reviews("bob", "reject"))
IN_SUPPORT = together(support, says("bob", "Yes"))
PRIVATELY = together(reads("alice", delivered=2), reads("alice", read=1), reads("bob", read=2))
BOB = frozenset({"bob"})
MARTA = frozenset({"marta"})
# Who hears what waits.
THE_OTHERS = frozenset({"alice", "marta"})
TAKEN = together(support, takes("bob"))
DONE = together(TAKEN, resolves("bob"))

DEEDS: dict[str, list[Deed]] = {
    "messaging.actions.send_message": [
        Deed("in a group", says("carol", "And I"), a_group),
        Deed("a reply", reply, a_group),
        Deed("a reply to files", replies_to_files, together(a_group, shares("carol"), holds("alice"))),
        Deed("twice the same", says("carol", "I do"), a_group, is_news=False),
        Deed("a note", notes("bob", "Late payer"), support),
        Deed("joining support by speaking", says("bob", "Yes"), support),
        Deed(
            "two join support",
            together(says("bob", "Yes"), says("marta", "From 7")),
            support,
            newcomers=MARTA,
        ),
        Deed("in what was resolved", says("carol", "And tea?"), DONE, newcomers=THE_OTHERS),
        Deed("to whom it was resolved for", says("bob", "It was a pleasure"), DONE),
        Deed("joining a channel by speaking", says("bob", "When?"), a_channel, newcomers=BOB),
        Deed("by whoever comes back", says("bob", "Thanks"), bob_was_there, newcomers=BOB),
        Deed("with mentions", says("carol", "@Bob and @alice, see @task#45"), together(a_group, a_tower)),
        Deed("of a space's thing in its channel", says("alice", "@damage#7"), together(a_channel, a_tower)),
        Deed("of a space's thing elsewhere", says("carol", "@damage#7!"), together(a_group, a_tower)),
        Deed(
            "by whoever had archived it, and left",
            says("bob", "Back"),
            together(IN_SUPPORT, archives("bob"), leaves("bob")),
        ),
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
    "messaging.actions.edit_message": [
        Deed("in a group", edits("bob", "Who paints?", "Who paints the hall?"), a_group),
        Deed("what is quoted", edits("bob", "Who paints?", 40 * "Who? "), QUOTED),
        Deed("a reply", edits("alice", "Not me", "Nor me"), QUOTED),
        Deed(
            "twice",
            together(edits("carol", "I do", "I don't"), edits("carol", "I do", "I do, @Bob")),
            a_group,
        ),
        Deed(
            "whom it mentions",
            edits("carol", "@Bob", "@Alice"),
            together(a_group, says("carol", "@Bob"), reacts("bob", "@Bob")),
        ),
        Deed("to the same", edits("carol", "I do", "I do"), a_group, is_news=False),
    ],
    "messaging.actions.delete_message": [
        Deed("one's own", deletes("carol", "I do"), a_group),
        Deed("another's", deletes("marta", "Is breakfast included?"), support),
        Deed("what is quoted", deletes("bob", "Who paints?"), QUOTED),
        Deed("a reply", deletes("alice", "Not me"), QUOTED),
        Deed(
            "what is pinned and liked",
            deletes("carol", "I do"),
            together(a_group, pins("bob", "I do"), reacts("bob", "I do")),
        ),
        Deed(
            "what is deleted",
            deletes("carol", "I do"),
            together(a_group, deletes("carol", "I do")),
            is_news=False,
        ),
    ],
    "messaging.actions.erase_message": [
        Deed("what is quoted", erases("marta", "Who paints?"), QUOTED),
        Deed("what is liked", erases("marta", "I do"), together(a_group, reacts("bob", "I do"))),
        Deed(
            "what is deleted",
            erases("marta", "I do"),
            together(a_group, deletes("carol", "I do")),
            is_news=False,
        ),
        Deed("twice", erases("marta", "I do"), together(a_group, erases("marta", "I do")), is_news=False),
    ],
    "messaging.actions.react": [
        Deed("one", reacts("bob", "I do"), a_group),
        Deed("several", together(*(reacts(who, "I do") for who in ("bob", "alice", "carol"))), a_group),
        Deed("to what is quoted", reacts("carol", "Who paints?"), QUOTED),
        Deed("without taking part", reacts("bob", "Is breakfast included?"), support),
        Deed("no longer", reacts("bob", "I do", on=False), together(a_group, reacts("bob", "I do"))),
        Deed(
            "twice the same", reacts("bob", "I do"), together(a_group, reacts("bob", "I do")), is_news=False
        ),
        Deed("never, no longer", reacts("bob", "I do", on=False), a_group, is_news=False),
    ],
    "messaging.actions.pin_message": [
        Deed("in a group", pins("carol", "Who paints?"), a_group),
        Deed("in a channel", pins("alice", "The lift is being painted"), a_channel),
        Deed("no longer", pins("bob", "I do", on=False), together(a_group, pins("carol", "I do"))),
        Deed("twice", pins("bob", "I do"), together(a_group, pins("carol", "I do")), is_news=False),
    ],
    "messaging.actions.delete_attachment": [
        Deed("one's own", takes_out("carol"), together(a_group, shares("carol"))),
        Deed("somebody else's", takes_out("marta"), together(support, shares("carol"))),
    ],
    "messaging.actions.show_file_anew": [
        Deed("approved", reviews("marta", "approve"), together(a_group, holds("carol"))),
        Deed("rejected", reviews("bob", "reject"), together(support, holds("carol"))),
        Deed("rejected twice", reviews("bob", "reject"), REJECTED, is_news=False),
    ],
    "messaging.actions.add_file": [
        Deed("to one's own message", adds_file("carol", "I do"), a_group),
        Deed("beside others", adds_file("carol", "I do"), together(a_group, adds_file("carol", "I do"))),
    ],
    "messaging.actions.contact": [
        Deed("beginning support", contacts("dana")),
        Deed("in the support that is open", contacts("carol"), support),
    ],
    "messaging.actions.describe_conversation": [
        Deed("by its client", describes("carol", order="A-17"), support),
        Deed("by whoever serves it", describes("bob", order="A-17"), TAKEN),
        Deed("twice", describes("carol", n=1), together(support, describes("carol", n=1)), is_news=False),
    ],
    "messaging.actions.send_with_files": [
        Deed("in a group", sends_file("carol"), a_group),
        Deed("joining support by it", sends_file("bob"), support),
    ],
    "messaging.actions.add_participant": [
        Deed("to a group", adds("carol", "marta"), a_group, newcomers=frozenset({"marta"})),
        Deed("to a channel", adds("alice", "bob"), a_channel, newcomers=BOB),
        Deed("oneself to a channel", adds("bob", "bob"), a_channel, newcomers=BOB),
        Deed("to support", adds("marta", "bob"), support),
        Deed("whoever was there", adds("alice", "bob"), bob_was_there, newcomers=BOB),
        Deed(
            "whoever managed it from outside",
            adds("bob", "marta"),
            together(IN_SUPPORT, renames("marta", "Breakfast")),
            newcomers=MARTA,
        ),
        Deed("whoever is there", adds("bob", "carol"), a_group, is_news=False),
    ],
    "messaging.actions.remove_participant": [
        Deed("by its owner", removes("bob", "carol"), a_group),
        Deed("by a manager", removes("marta", "alice"), a_group),
        Deed("by leaving", leaves("carol"), a_group),
        Deed("the owner, by leaving", leaves("bob"), a_group),
        Deed(
            "whoever serves it",
            leaves("bob"),
            IN_SUPPORT,
            newcomers=BOB | THE_OTHERS,
        ),
        Deed("from a channel", removes("bob", "vera"), a_channel),
        Deed("the last one", leaves("alice"), together(a_group, leaves("bob"), leaves("carol"))),
    ],
    "messaging.actions.close_channel": [
        Deed("by whoever is there", closes("alice"), a_channel),
        Deed("by whoever is not", closes("bob"), a_channel),
        Deed("no longer", closes("alice", closed=False), together(a_channel, closes("bob"))),
        Deed("twice", closes("alice"), together(a_channel, closes("bob")), is_news=False),
        Deed("open as it is", closes("alice", closed=False), a_channel, is_news=False),
    ],
    "messaging.actions.delete_channel": [
        Deed("by whoever is there", deletes_it("alice"), a_channel),
        Deed("by whoever is not", deletes_it("marta"), together(a_channel, closes("bob"))),
    ],
    "messaging.actions.archive_conversation": [
        Deed("one's own", archives("carol"), a_group),
        Deed("of a client", archives("carol"), IN_SUPPORT),
        Deed("back", archives("carol", archived=False), together(a_group, archives("carol"))),
        Deed("twice", archives("carol"), together(a_group, archives("carol")), is_news=False),
        Deed(
            "with talk around it",
            together(says("bob", "So"), archives("carol"), says("alice", "Red?")),
            a_group,
        ),
    ],
    "messaging.actions.mute_conversation": [
        Deed("for good", mutes("carol"), a_group),
        Deed("for a while", mutes("carol", until=SOME_DAY), a_group),
        Deed("no longer", mutes("carol", muted=False), together(a_group, mutes("carol"))),
        Deed("for good twice", mutes("carol"), together(a_group, mutes("carol")), is_news=False),
    ],
    "messaging.actions.choose_notices": [
        Deed("mentions only", wants("vera", "mentions"), a_channel),
        Deed("whatever is usual", wants("vera", ""), together(a_channel, wants("vera", "all"))),
        Deed("twice", wants("vera", "all"), together(a_channel, wants("vera", "all")), is_news=False),
    ],
    "messaging.actions.put_preview": [
        Deed("of a link", previewed("Painters"), a_link),
        Deed("twice", previewed("Painters"), together(a_link, previewed("Painters")), is_news=False),
    ],
    "messaging.actions.hand_over": [
        Deed("to whoever takes it", takes("bob"), support),
        Deed("to whoever is there", takes("bob"), together(support, adds("marta", "bob"))),
        Deed("to somebody else", gives("marta", "alice"), TAKEN, newcomers=frozenset({"alice"})),
    ],
    "messaging.actions.put_back": [Deed("into the queue", releases("bob"), TAKEN, newcomers=THE_OTHERS)],
    "messaging.actions.resolve": [Deed("done", resolves("bob"), TAKEN)],
    "desk.actions.assign": [
        Deed("taken", takes("bob"), support),
        Deed("taken twice", takes("bob"), TAKEN, is_news=False),
        Deed("given to an agent", gives("marta", "bob"), support),
        Deed("opened again", takes("bob"), DONE),
        Deed("opened again by somebody else", takes("marta"), DONE, newcomers=MARTA),
    ],
    "desk.actions.release": [
        Deed("by whoever serves it", releases("bob"), TAKEN, newcomers=THE_OTHERS),
        Deed("by a manager", releases("marta"), TAKEN, newcomers=THE_OTHERS),
    ],
    "desk.actions.release_all_of": [
        Deed("of whoever serves it", releases_all_of("bob"), TAKEN, newcomers=THE_OTHERS),
        Deed("of a colleague", releases_all_of("marta"), TAKEN, is_news=False),
    ],
    "desk.actions.resolve": [
        Deed("by whoever serves it", resolves("bob"), TAKEN),
        Deed("by a manager", resolves("marta"), TAKEN),
    ],
    "desk.actions.tell_queue": [
        Deed("of one who waits", told_where_they_stand, support),
        Deed("of nobody", told_where_they_stand, TAKEN, is_news=False),
    ],
    "desk.actions.tell_moved_queues": [Deed("one", told_since_it_moved, support)],
    "desk.actions.rate": [
        Deed("it was good", rates("carol", 5), DONE),
        Deed("it was not that good", rates("carol", 3), together(DONE, rates("carol", 5))),
    ],
    "portal.actions.create_request": [
        Deed("in one's room", asks("carol", "Towels")),
        Deed("by staff", asks("bob", "Towels")),
        Deed("twice the same", asks("carol", "Towels"), asks("carol", "Towels"), is_news=False),
    ],
    "portal.actions.change_request": [
        Deed("one's own", asks_otherwise("carol", "Four towels"), asks("carol", "Towels")),
        Deed("as it is", asks_otherwise("carol", "Towels"), asks("carol", "Towels"), is_news=False),
    ],
    "portal.actions.withdraw_request": [
        Deed("one's own", lambda on: on.withdraw(on.cast.carol), asks("carol", "Towels"))
    ],
    "portal.actions.approve_request": [
        Deed("by a manager", lambda on: on.approve(on.cast.marta), asks("carol", "Towels"))
    ],
    "portal.actions.reject_request": [
        Deed("by an admin", lambda on: on.reject(on.cast.alice), asks("carol", "Towels"))
    ],
    "portal.actions.add_file": [
        Deed("to one's own", encloses("carol"), asks("carol", "Towels")),
        Deed(
            "which somebody looks at first",
            encloses("carol"),
            together(looked_at_first, asks("carol", "Towels")),
        ),
    ],
    "portal.actions.show_file_anew": [
        Deed(
            "approved",
            reviews("bob", "approve"),
            together(looked_at_first, asks("carol", "Towels"), encloses("carol")),
        ),
    ],
    "portal.actions.take_out_file": [
        Deed("one's own", takes_out("carol"), together(asks("carol", "Towels"), encloses("carol"))),
        Deed("another's", takes_out("marta"), together(asks("carol", "Towels"), encloses("carol"))),
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
    "delivery.actions.notify": [
        Deed("of an assignment", told_of_an_assignment, a_group),
        Deed("twice of the same", told_of_an_assignment, assigned, is_news=False),
    ],
    "delivery.actions.tell_mentions": [Deed("whom a message names", mentioned, a_group)],
    "delivery.actions.tell_decision": [
        Deed("whose file it is", reviews("bob", "approve"), together(support, holds("carol")))
    ],
    "delivery.actions.tell_of_storage": [Deed("who manages the hotel", fills_the_house, support)],
    "delivery.actions.read_notification": [Deed("one", settles(delivery.read_notification), assigned)],
    "delivery.actions.dismiss_notification": [Deed("one", settles(delivery.dismiss_notification), assigned)],
    "delivery.actions.read_all_notifications": [
        Deed("one", read_all, assigned),
        Deed("none", read_all, a_group, is_news=False),
    ],
    "delivery.actions.mark_read_up_to": [Deed("a mention", read_up_to, together(a_group, mentioned))],
    "delivery.actions.dismiss_notifications_about": [
        Deed("a message that mentions", about_what_is_gone, together(a_group, mentioned))
    ],
    "delivery.actions.dismiss_notifications_in": [Deed("a conversation", gone, together(a_group, mentioned))],
    "delivery.actions.dismiss_notifications_of": [
        Deed("what is settled", lambda on: on.withdraw(on.cast.carol), asks("carol", "Towels"))
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
