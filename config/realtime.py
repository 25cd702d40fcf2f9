"""The WebSocket table of contents: which frame is which command, and who says who is there."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from uuid import UUID

from django.conf import settings

from accounts.actions import redeem_socket_tickets
from accounts.actor import Actor, Holder
from accounts.payloads import member_payload
from accounts.permissions import Permission
from accounts.queries import get_actor_again, get_actors_again, which_hold
from common.api import run_for_each
from common.errors import NotAuthenticated
from delivery import commands as delivery
from delivery import queries
from delivery.actions import write_due_receipts
from delivery.pending import pending
from desk.actions import tell_moved_queues
from desk.pending import moved
from messaging import commands as messaging
from messaging.access import conversations_visible_to, known_among
from messaging.models import MAX_BODY
from presence import commands as presence
from presence.roll import roll_call
from realtime.background import Background
from realtime.database import in_database
from realtime.frames import Frame
from realtime.gathering import Gathering
from realtime.turns import Turns
from realtime.wiring import (
    Answer,
    Attended,
    Command,
    Job,
    Later,
    Outcome,
    RunTogether,
    SocketsByMember,
    Wiring,
)

# What people change by hand.
CHANGES: dict[str, Command] = {
    "message.edit": messaging.edit_message,
    "message.delete": messaging.delete_message,
    "message.react": messaging.react,
    "message.pin": messaging.pin_message,
    "conversation.start": messaging.start_conversation,
    "conversation.rename": messaging.rename_conversation,
    "conversation.close": messaging.close_channel,
    "conversation.delete": messaging.delete_channel,
    "conversation.archive": messaging.archive_conversation,
    "conversation.mute": messaging.mute_conversation,
    "conversation.notices": messaging.choose_notices,
    "participant.add": messaging.add_participant,
    "participant.remove": messaging.remove_participant,
    "notification.read": delivery.read_notification,
    "notification.dismiss": delivery.dismiss_notification,
}

COMMANDS: dict[str, Command] = {
    "sync": delivery.sync,
    "typing.set": messaging.set_typing,
    "conversation.watch": messaging.watch_conversation,
    "presence.set": presence.set_presence,
    "presence.watch": messaging.watch_presence,
    **CHANGES,
}

RATES = {
    "message.send": (settings.SENDS_PER_SECOND, settings.SENDS_BURST),
    # Of all of a member's tabs and devices together; without Redis each asks at every heal.
    "sync": (5.0, 20.0),
    "typing.set": (2.0, 20.0),
    "presence.watch": (2.0, 20.0),
    "conversation.watch": (5.0, 20.0),
    **dict.fromkeys(CHANGES, (5.0, 20.0)),
}


async def redeem(ticket: str, origin: str) -> Holder:
    """With all who come at the same time: a crowd that comes back waits for few commits."""
    holder: Holder
    holder, _ = await TICKETS.obey((ticket, origin), {})
    return holder


def redeem_together(shown: list[tuple[tuple[str, str], Frame]], wait: bool) -> list[Outcome]:
    holders = redeem_socket_tickets([one for one, _ in shown])
    return [one if isinstance(one, NotAuthenticated) else (one, None) for one in holders]


def renew(actor: Actor) -> Actor:
    return get_actor_again(actor.credential)


def together(run: Callable[[list[tuple[Actor, Frame]], bool], Sequence[Answer]]) -> RunTogether:
    """Asks first, for all at once, who they are now."""

    def run_together(asked: list[tuple[Actor | Holder, Frame]], wait: bool) -> list[Outcome]:
        present = get_actors_again(actor.credential for actor, _ in asked)
        ready = [
            (present[actor.credential], frame) if actor.credential in present else NotAuthenticated()
            for actor, frame in asked
        ]
        answers = run_for_each(ready, lambda some: run(some, wait))
        return [_outcome(one, answer) for one, answer in zip(ready, answers, strict=True)]

    return run_together


def _outcome(asked: tuple[Actor, Frame] | NotAuthenticated, answer: Answer) -> Outcome:
    if isinstance(asked, NotAuthenticated):
        return asked
    return answer if isinstance(answer, Exception | Later) else (asked[0], answer)


def share(actor: Actor, frame: Frame) -> tuple[Hashable, Hashable]:
    conversation = frame.get("conversation")
    return actor.organisation_id, conversation if isinstance(conversation, str) else ""


def may_follow(actor: Actor, subject: str, needs: str) -> bool:
    try:
        present = renew(actor)
    except NotAuthenticated:
        return False
    if needs and not present.can(Permission(needs)):
        return False
    return conversations_visible_to(present).filter(pk=subject).exists()


def attend(changed: SocketsByMember, watched: set[UUID], asked: set[UUID]) -> Attended:
    return roll_call().attend(changed, watched, asked)


def may_watch(watching: list[tuple[Actor, frozenset[UUID]]]) -> list[frozenset[UUID]]:
    """Staff may know of everybody in their organisation: there is nothing to ask."""
    return [people if actor.member.is_staff else known_among(actor, people) for actor, people in watching]


async def welcome(holder: Holder, hello: Frame) -> tuple[Actor, Frame]:
    """With all who come at the same time. Whoever has missed something is told of it alone, and nobody waits for that.

    Asks who this is now that its socket hears of it: what ended between the ticket and its joining was told to nobody.
    """
    actor: Actor
    actor, nothing_new = await COMING_BACK.obey(holder, hello)
    sync = nothing_new if nothing_new else await in_database(delivery.catch_up, actor, hello)
    return actor, {
        "member": member_payload(actor.member),
        "epoch": sync.pop("epoch"),
        "unread": sync.pop("unread"),
        "limits": {"body": MAX_BODY},
        "sync": sync,
    }


def first_come(*_: object) -> tuple[Hashable, Hashable]:
    """Of whom it is not known yet which tenant's they are."""
    return "", ""


TICKETS = Gathering(redeem_together, share=first_come)
COMING_BACK = Gathering(together(delivery.come_back), share=first_come)

# Whoever sends and whoever has read locks the same conversations.
CONVERSATIONS = Turns()
GATHERED = {
    "message.send": Gathering(
        together(messaging.send_messages),
        share=share,
        turns=CONVERSATIONS,
        rate=(settings.TENANT_SENDS_PER_SECOND, settings.TENANT_SENDS_BURST),
    ),
    "receipt.move": Gathering(together(delivery.move_receipts), share=share, pause=0.15),
}

# Made here, before there are threads: a process has one.
roll_call()

WIRING = Wiring(
    redeem=redeem,
    renew=renew,
    welcome=welcome,
    heads=queries.heads,
    may_follow=may_follow,
    attend=attend,
    may_watch=may_watch,
    which_hold=which_hold,
    rates=RATES,
    jobs=(
        Job("write receipts", 0.25, write_due_receipts, done=pending.is_empty, turns=CONVERSATIONS),
        Job("tell queues", 2.0, tell_moved_queues, done=moved.is_empty),
    ),
    commands=COMMANDS,
    gathered=GATHERED,
)

BACKGROUND = Background(WIRING)
