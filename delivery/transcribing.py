"""A transcript: what one person may read of a conversation, as it is when the e-mail leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format

from accounts.models import Member
from delivery.models import Transcript
from delivery.payloads import files_of
from delivery.words import Words, words_for
from messaging.access import participants_who_hear
from messaging.models import Conversation, Message, MessageKind
from messaging.queries import MESSAGES, complete

# The newest: whoever needs more than fits an e-mail reads it here.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Said:
    name: str
    at: str
    text: str
    files: list[str]


def reader_of(transcript: Transcript) -> Member | None:
    """None when they hear the conversation no more."""
    hears = participants_who_hear().filter(
        conversation=transcript.conversation_id,
        member=transcript.member_id,
        conversation__deleted_at=None,
        member__organisation__is_active=True,
    )
    own = hears.select_related("member__organisation", "member__user").first()
    return own.member if own else None


def transcript_mail(transcript: Transcript, reader: Member, *, to: str) -> EmailMultiAlternatives:
    conversation = transcript.conversation
    words, organisation = words_for(transcript.language), reader.organisation
    with translation.override(transcript.language):
        said, is_cut = _said_in(conversation, words, ZoneInfo(organisation.timezone))
    context: dict[str, Any] = {
        "words": words,
        "language": transcript.language,
        "heading": _heading(conversation, words, organisation.name),
        "said": said,
        "is_cut": is_cut,
        "why": words["transcript_why"].format(organisation=organisation.name),
    }
    mail = EmailMultiAlternatives(
        subject=" ".join(context["heading"].split()),
        body=render_to_string("delivery/transcript.txt", context),
        to=[to],
        headers={
            "Message-ID": f"<{transcript.pk.hex}.transcript@{urlsplit(settings.PUBLIC_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    mail.attach_alternative(render_to_string("delivery/transcript.html", context), "text/html")
    return mail


def _heading(conversation: Conversation, words: Words, organisation: str) -> str:
    title = conversation.title or words["conversation"]
    return words["transcript"].format(title=title, organisation=organisation)


def _said_in(conversation: Conversation, words: Words, zone: ZoneInfo) -> tuple[list[Said], bool]:
    """Neither what was deleted, nor what the staff notes among itself, nor what the system tells."""
    texts = MESSAGES.filter(conversation=conversation, kind=MessageKind.TEXT, deleted_at=None)
    newest = complete(texts.order_by("-seq")[: MOST + 1])
    return [_said(one, words, zone) for one in newest[:MOST][::-1]], len(newest) > MOST


def _said(message: Message, words: Words, zone: ZoneInfo) -> Said:
    at = date_format(message.created_at.astimezone(zone), "SHORT_DATETIME_FORMAT")
    return Said(message.sender.name, at, message.body, files_of(message, words["file"]))
