"""E-mails: made of what is unread when they leave, and handed to Django's backend."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Member
from delivery.payloads import files_of
from delivery.telling import News, about, title_of, url_of, where_of
from delivery.words import Words
from messaging.models import Message

SALT = "no more e-mails"
LONGEST = 500


class NotAccepted(Exception):
    """The server did not take it. `for_good`: it never will."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


class MaybeAccepted(Exception):
    """The line broke after the first byte had left: nobody knows."""


class Line(NamedTuple):
    """What one person said, and with which files."""

    name: str
    text: str
    is_cut: bool
    files: list[str]

    @classmethod
    def of(cls, message: Message, words: Words) -> Line:
        text = message.body[:LONGEST]
        return cls(message.sender.name, text, len(message.body) > LONGEST, files_of(message, words["file"]))


# --- what it says ---------------------------------------------------------------------------------------------------


def email_about(
    news: News, *, to: str, after_seq: int = 0, files: Sequence[Any] = ()
) -> EmailMultiAlternatives:
    """One thread a conversation. `files`: what goes with it, as Django attaches it (name, content, type)."""
    context = _context(news)
    mail = EmailMultiAlternatives(
        subject=subject_of(news),
        body=render_to_string("delivery/mail.txt", context),
        to=[to],
        headers=_headers(news, after_seq),
        attachments=list(files),
    )
    mail.attach_alternative(render_to_string("delivery/mail.html", context), "text/html")
    return mail


def subject_of(news: News) -> str:
    """The same for all of a conversation, or programs would show them apart."""
    subject = title_of(news) if news.notification else where_of(news)
    return " ".join(subject.split())


def _context(news: News) -> dict[str, Any]:
    words = news.words
    lines = [Line.of(one, words) for one in news.messages]
    more = news.count - len(news.messages)
    return {
        "words": words,
        "language": news.member.language[:2],
        "heading": title_of(news),
        "about": about(news),
        "lines": lines if news.shows_text else [],
        "is_hidden": not news.shows_text and bool(news.messages),
        "more": words["more"].format(count=more) if more > 0 and news.shows_text else "",
        "url": url_of(news),
        "open": words["open_request" if news.request else "open"],
        "why": words["why"].format(organisation=news.organisation.name),
        "stop_url": stop_url_for(news.member),
    }


def _headers(news: News, after_seq: int) -> dict[str, str]:
    headers = {
        "Message-ID": _id(news, news.outgoing.seq or news.outgoing.pk.hex),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Unsubscribe": f"<{stop_url_for(news.member)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    if news.conversation and not news.notification:
        # All hang on one root, which nobody was sent; and each on the one before.
        thread = [_id(news, "0"), *([_id(news, after_seq)] if after_seq else [])]
        headers |= {"In-Reply-To": thread[-1], "References": " ".join(thread)}
    return headers


def _id(news: News, part: object) -> str:
    """Short enough for one line: some programs do not put a folded one together again."""
    place = news.conversation.pk.hex if news.conversation else "notification"
    return f"<{place}.{part}.{news.member.pk.hex[-10:]}@{urlsplit(settings.PUBLIC_URL).hostname}>"


# --- the link that ends them ----------------------------------------------------------------------------------------


def stop_url_for(member: Member) -> str:
    """Signed, and good for one thing: whoever has it can end this member's e-mails, and do nothing else."""
    token = signing.dumps(str(member.pk), salt=SALT)
    return settings.PUBLIC_URL + reverse("stop-emails", args=[token])


def member_of_link(token: str) -> str | None:
    try:
        return str(signing.loads(token, salt=SALT))
    except signing.BadSignature:
        return None


# --- the way --------------------------------------------------------------------------------------------------------


def open_line() -> Any:
    """A connection that is ready: nothing of an e-mail has left. NotAccepted."""
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise NotAccepted(type(error).__name__) from None
    return connection


def send(connection: Any, mail: EmailMultiAlternatives) -> None:
    """NotAccepted, MaybeAccepted."""
    try:
        connection.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise NotAccepted("SMTPRecipientsRefused", for_good=all(code >= 500 for code in codes)) from None
    except smtplib.SMTPResponseException as error:
        raise NotAccepted(f"SMTP {error.smtp_code}", for_good=error.smtp_code >= 500) from None
    except ValueError as error:
        # Django cannot write it down: so it finds an address that is none, before anything is sent.
        raise NotAccepted(type(error).__name__, for_good=True) from None
    except (OSError, smtplib.SMTPException) as error:
        raise MaybeAccepted(type(error).__name__) from None
    finally:
        connection.close()


def can_be_mailed(address: str) -> bool:
    _, parsed = parseaddr(address)
    return bool(parsed) and parsed == address and "@" in parsed
