"""The WebSocket table of contents: which frame is which command, and who says who is there."""

from __future__ import annotations

from django.conf import settings

from accounts.actions import redeem_socket_ticket
from accounts.actor import Actor
from accounts.payloads import member_payload
from accounts.queries import get_actor_again, which_hold
from common.api import read_input
from delivery import commands as delivery
from delivery import queries
from delivery.actions import repeat_receipts, write_due_receipts
from delivery.serializers import HelloInput
from messaging import commands as messaging
from messaging.models import MAX_BODY
from realtime.background import Background
from realtime.frames import Frame
from realtime.wiring import Command, Job, Wiring

PAGE = 50

RATES = {
    "message.send": (settings.SENDS_PER_SECOND, settings.SENDS_BURST),
    # Of all of a member's tabs and devices together; without Redis each asks at every heal.
    "sync": (5.0, 20.0),
}

COMMANDS: dict[str, Command] = {
    "message.send": messaging.send_message,
    "receipt.move": delivery.move_receipt,
    "sync": delivery.sync,
}


def redeem(ticket: str, origin: str) -> Actor:
    return redeem_socket_ticket(ticket, origin=origin)


def renew(actor: Actor, origin: str) -> Actor:
    return get_actor_again(actor.credential, origin=origin)


def welcome(actor: Actor, hello: Frame) -> Frame:
    said = read_input(HelloInput, hello)
    repeat_receipts(actor, watermarks=said["read"])
    sync = queries.sync(actor, cursors=said["cursors"], limit=PAGE)
    return {
        "member": member_payload(actor.member),
        "epoch": sync.pop("epoch"),
        "limits": {"body": MAX_BODY},
        "sync": sync,
    }


WIRING = Wiring(
    redeem=redeem,
    renew=renew,
    welcome=welcome,
    heads=queries.heads,
    which_hold=which_hold,
    rates=RATES,
    jobs=(Job("write receipts", 0.25, write_due_receipts),),
    commands=COMMANDS,
)

BACKGROUND = Background(WIRING)
