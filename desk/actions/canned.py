"""Canned replies: managers write them, all of them audited."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.actor import Actor
from accounts.audit import record
from accounts.permissions import Permission
from common.errors import Conflict, InvalidInput
from desk.models import CannedReply
from desk.models.canned import folded
from desk.queries import canned_replies_of, get_canned_reply

MOST = 1000


def create_canned_reply(actor: Actor, *, shortcut: str, body: str, language: str = "") -> CannedReply:
    """InvalidInput where the shortcut is taken, whatever its case."""
    actor.must(Permission.WRITE_CANNED_REPLIES)
    if canned_replies_of(actor).count() >= MOST:
        raise Conflict(f"An organisation has at most {MOST} canned replies.")
    reply = CannedReply(
        organisation_id=actor.organisation_id, body=body, language=language, created_by=actor.member
    )
    reply.shortcut = folded(shortcut)
    _write(actor, reply, "canned_reply.created")
    return reply


def change_canned_reply(
    actor: Actor,
    *,
    reply_id: UUID,
    shortcut: str | None = None,
    body: str | None = None,
    language: str | None = None,
) -> CannedReply:
    """What is not told stays; what is so already leaves no trace."""
    reply = get_canned_reply(actor, reply_id)
    actor.must(Permission.WRITE_CANNED_REPLIES)
    wanted = {"shortcut": None if shortcut is None else folded(shortcut), "body": body, "language": language}
    changed = {
        name: value for name, value in wanted.items() if value is not None and value != getattr(reply, name)
    }
    for name, value in changed.items():
        setattr(reply, name, value)
    if changed:
        _write(actor, reply, "canned_reply.changed", changed=sorted(changed))
    return reply


@transaction.atomic
def remove_canned_reply(actor: Actor, *, reply_id: UUID) -> None:
    reply = get_canned_reply(actor, reply_id)
    actor.must(Permission.WRITE_CANNED_REPLIES)
    record(actor, "canned_reply.removed", reply, shortcut=reply.shortcut)
    reply.delete()


def _write(actor: Actor, reply: CannedReply, verb: str, **data: object) -> None:
    try:
        with transaction.atomic():
            reply.save()
            record(actor, verb, reply, shortcut=reply.shortcut, **data)
    except IntegrityError:
        raise InvalidInput(fields={"shortcut": ["Another canned reply has this shortcut."]}) from None
