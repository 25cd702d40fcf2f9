"""Sending somebody what was said in a conversation of theirs: when they ask for it, to their own address, once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q

from accounts.actor import Actor
from accounts.models import Role
from accounts.permissions import Permission
from common import ratelimit
from common.clock import ask_the_database
from common.errors import Forbidden, InvalidInput
from common.ids import digest_of
from delivery import mailing
from delivery.actions.planning import AT_ONCE, LEASE, address_of
from delivery.actions.sending import again, ends, takes_off
from delivery.models import State, Transcript
from delivery.transcribing import reader_of, transcript_mail
from messaging.access import get_conversation, takes_part
from messaging.models import Conversation, MessageKind

TRANSCRIPTS_PER_MEMBER = "5/hour"
# Nobody has confirmed a guest's address. Whoever gives another's as their own does not get far: somebody of the
# organisation must have answered, and neither one mailbox nor one organisation's server can be made to send many.
TRANSCRIPTS_PER_ADDRESS = "10/day"
TRANSCRIPTS_PER_ORGANISATION = "100/hour"


def ask_transcript(actor: Actor, *, conversation_id: UUID, language: str = "") -> str:
    """Whoever takes part, at the address that is theirs, which it gives. Forbidden, InvalidInput, RateLimited."""
    conversation = get_conversation(actor, conversation_id)
    actor.must(Permission.CHANGE_SETTINGS)
    if not takes_part(actor, conversation):
        raise Forbidden("Whoever takes part may ask for it.")
    address = address_of(actor.member)
    if not mailing.can_be_mailed(address):
        raise InvalidInput(
            "There is no address to send it to.", fields={"email": ["You have no e-mail here."]}
        )
    if actor.member.role == Role.GUEST and not has_answer(actor, conversation):
        raise Forbidden("There is nothing of ours to send you yet.")
    ratelimit.hit(TRANSCRIPTS_PER_MEMBER, "transcript", actor.id)
    ratelimit.hit(TRANSCRIPTS_PER_ADDRESS, "transcript to", digest_of(mailbox_of(address)))
    ratelimit.hit(TRANSCRIPTS_PER_ORGANISATION, "transcripts of", actor.organisation_id)
    language = language or actor.member.language
    Transcript.objects.create(conversation=conversation, member=actor.member, language=language)
    return address


def has_answer(actor: Actor, conversation: Conversation) -> bool:
    """Whether somebody else has said something there."""
    said = conversation.messages.filter(kind=MessageKind.TEXT, deleted_at=None)
    return said.exclude(sender=actor.id).exists()


def mailbox_of(address: str) -> str:
    """Of all the addresses that a mailbox may have by a "+", one."""
    name, at, host = address.casefold().rpartition("@")
    return f"{name.partition('+')[0]}{at}{host}"


def lease_due_transcripts() -> list[UUID]:
    """Those that wait for a task, given to one. Call in the transaction that enqueues it."""
    at = ask_the_database()()
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    due = Transcript.objects.filter(free, state=State.DUE, due_at__lte=at).order_by("due_at")
    ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:AT_ONCE])
    Transcript.objects.filter(pk__in=ids).update(leased_until=at + LEASE)
    return ids


def send_transcript(transcript_id: UUID) -> None:
    """Does nothing when it has left already, or somebody else is at it. The line is opened first, as for notices."""
    due = Transcript.objects.filter(pk=transcript_id, state=State.DUE)
    transcript = due.select_related("conversation").first()
    if transcript is None:
        return
    try:
        line = mailing.open_line()
    except mailing.NotAccepted as error:
        again(transcript, str(error))
        return
    with transaction.atomic():
        reader = reader_of(transcript)
        address = address_of(reader) if reader else ""
        if reader is None or not mailing.can_be_mailed(address):
            ends(transcript, State.DROPPED, "nobody to send it to any more")
            line.close()
            return
        mail = transcript_mail(transcript, reader, to=address)
        if not takes_off(transcript):
            line.close()
            return
    _send(line, mail, transcript)


def _send(line: Any, mail: EmailMultiAlternatives, transcript: Transcript) -> None:
    try:
        mailing.send(line, mail)
    except mailing.NotAccepted as error:
        if error.for_good:
            ends(transcript, State.DROPPED, str(error))
        else:
            again(transcript, str(error))
    except mailing.MaybeAccepted as error:
        ends(transcript, State.DROPPED, f"perhaps sent: {error}")
    else:
        ends(transcript, State.SENT, "")
