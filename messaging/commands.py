"""Socket commands about messages: frame in, action, answer out."""

from __future__ import annotations

from accounts.actor import Actor
from common.api import read_input
from messaging import actions
from messaging.payloads import message_payload
from messaging.serializers import SendMessageFrame
from realtime.frames import Frame


def send_message(actor: Actor, frame: Frame) -> Frame:
    data = read_input(SendMessageFrame, frame)
    sent = actions.send_message(
        actor,
        conversation_id=data["conversation"],
        client_id=data["client_id"],
        body=data["body"],
        reply_to=data["reply_to"],
        link_url=data["link_url"],
    )
    return {"message": message_payload(sent.message), "duplicate": sent.duplicate}
