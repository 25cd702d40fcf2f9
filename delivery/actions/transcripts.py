"""Sending somebody what was said in a conversation of theirs: when they ask for it, to their own address, once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q

from accounts.actor import Actor
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

TRANSCRIPTS_PER_MEMBER = "5/hour"
# Whoever writes somebody else's address as their own does not get far.
TRANSCRIPTS_PER_ADDRESS = "10/day"


def ask_transcript(actor: Actor, *, conversation_id: UUID, language: str = "") -> str:
    """Whoever takes part, at the address that is theirs, which it gives. Forbidden, InvalidInput, RateLimited."""
    conversation = get_conversation(actor, conversation_id)
    if not takes_part(actor, conversation):
        raise Forbidden("Whoever takes part may ask for it.")
    address = address_of(actor.member)
    if not mailing.can_be_mailed(address):
        raise InvalidInput(
            "There is no address to send it to.", fields={"email": ["You have no e-mail here."]}
        )
    ratelimit.hit(TRANSCRIPTS_PER_MEMBER, "transcript", actor.id)
    ratelimit.hit(TRANSCRIPTS_PER_ADDRESS, "transcript to", digest_of(address.casefold()))
    language = language or actor.member.organisation.locale
    Transcript.objects.create(conversation=conversation, member=actor.member, language=language)
    return address


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
