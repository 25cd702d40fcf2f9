"""Sending one notice: once at most.

What it says is read in the transaction that writes SENDING, and only then does the first byte leave. Whoever dies
before has certainly sent nothing, and the notice is tried again; whoever dies after may have, and it is not: a person
who is told nothing of what they can read anyway is better off than one who is told twice.
"""

from __future__ import annotations

import logging
import random
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, QuerySet

from accounts.actor import Credential
from accounts.queries import get_actors_again
from common.clock import now
from delivery import mailing, webpush
from delivery.actions.planning import address_of
from delivery.models import Channel, NoticeKind, Outgoing, PushSubscription, State, Transcript
from delivery.telling import News, news_of, push_payload

logger = logging.getLogger(__name__)

ATTEMPTS = 6
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
# What leaves once at most.
Leaving = Outgoing | Transcript
URGENT = (NoticeKind.URGENT, NoticeKind.MENTION, NoticeKind.SLA_BREACH)
GONE = (404, 410)
TEMPORARY = (408, 425, 429)


def send_notice(outgoing_id: UUID) -> None:
    """Does nothing when it has left already, or somebody else is at it."""
    due = Outgoing.objects.filter(pk=outgoing_id, state=State.DUE)
    outgoing = due.select_related("subscription", "notification").first()
    if outgoing is None:
        return
    if outgoing.channel == Channel.PUSH:
        _push(outgoing)
    else:
        _mail(outgoing)


# --- by push --------------------------------------------------------------------------------------------------------


def _push(outgoing: Outgoing) -> None:
    with transaction.atomic():
        push = _prepared(outgoing)
        if push is None or not takes_off(outgoing):
            return
    try:
        answer = webpush.post(push)
    except webpush.NotSent as error:
        again(outgoing, str(error))
    except webpush.MaybeSent as error:
        ends(outgoing, State.DROPPED, f"perhaps sent: {error}")
    else:
        _answered(outgoing, answer)


def _prepared(outgoing: Outgoing) -> webpush.Push | None:
    subscription = outgoing.subscription
    if subscription is None or not still_holds(subscription):
        return None
    news = _news(outgoing)
    if news is None:
        return None
    is_urgent = outgoing.kind in URGENT
    return webpush.prepare(subscription, push_payload(news), topic=news.tag, is_urgent=is_urgent)


def still_holds(subscription: PushSubscription) -> bool:
    """A browser is pushed to as long as what it was signed up with would let it in; then it is forgotten."""
    shown = Credential(
        subscription.member_id, token_id=subscription.token_id, session_key=subscription.session_key
    )
    if shown in get_actors_again([shown]):
        return True
    subscription.delete()
    return False


def _answered(outgoing: Outgoing, answer: webpush.Answer) -> None:
    if 200 <= answer.status < 300:
        ends(outgoing, State.SENT, "")
    elif answer.status in GONE:
        # With all that waits for it.
        if outgoing.subscription:
            outgoing.subscription.delete()
    elif answer.status in TEMPORARY or answer.status >= 500:
        again(outgoing, str(answer.status), after=answer.retry_after)
    else:
        logger.warning("a push service refused a notice: %s", answer.status)
        ends(outgoing, State.DROPPED, str(answer.status))


# --- by e-mail ------------------------------------------------------------------------------------------------------


def _mail(outgoing: Outgoing) -> None:
    """The line is opened first: that takes long, fails often, and nothing has left by then."""
    if _news(outgoing) is None:
        return
    try:
        line = mailing.open_line()
    except mailing.NotAccepted as error:
        again(outgoing, str(error))
        return
    with transaction.atomic():
        mail = _written(outgoing)
        if mail is None or not takes_off(outgoing):
            line.close()
            return
    try:
        mailing.send(line, mail)
    except mailing.NotAccepted as error:
        if error.for_good:
            ends(outgoing, State.DROPPED, str(error))
        else:
            again(outgoing, str(error))
    except mailing.MaybeAccepted as error:
        ends(outgoing, State.DROPPED, f"perhaps sent: {error}")
    else:
        ends(outgoing, State.SENT, "")


def _written(outgoing: Outgoing) -> EmailMultiAlternatives | None:
    news = _news(outgoing)
    address = address_of(news.member) if news else ""
    if news is None or not mailing.can_be_mailed(address):
        return None
    before = (
        Outgoing.objects.filter(
            channel=Channel.EMAIL,
            member=outgoing.member_id,
            conversation=outgoing.conversation_id,
            notification=None,
            state=State.SENT,
        )
        .order_by("-seq")
        .values_list("seq", flat=True)
        .first()
    )
    return mailing.email_about(news, to=address, after_seq=before or 0)


# --- what becomes of it ---------------------------------------------------------------------------------------------


def _news(outgoing: Outgoing) -> News | None:
    news = news_of(outgoing)
    if news is None:
        ends(outgoing, State.DROPPED, "no news any more")
    return news


def rows_like(outgoing: Leaving) -> QuerySet[Any]:
    rows: QuerySet[Any] = type(outgoing)._default_manager.all()
    return rows


def takes_off(outgoing: Leaving) -> bool:
    """One wins."""
    due = rows_like(outgoing).filter(pk=outgoing.pk, state=State.DUE)
    outgoing.attempts += 1
    return bool(due.update(state=State.SENDING, attempts=F("attempts") + 1))


def ends(outgoing: Leaving, state: State, outcome: str) -> None:
    rows_like(outgoing).filter(pk=outgoing.pk).exclude(state=State.SENT).update(
        state=state, outcome=outcome[:60]
    )


def again(outgoing: Leaving, why: str, *, after: int | None = None) -> None:
    """It certainly was not taken. Each time twice as long, and not all at the same moment."""
    if outgoing.attempts >= ATTEMPTS:
        ends(outgoing, State.DROPPED, f"given up: {why}")
        return
    attempts = max(1, outgoing.attempts)
    wait = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT) * random.uniform(1, 1.25)  # noqa: S311  jitter
    due_at = now() + max(wait, timedelta(seconds=after or 0))
    rows_like(outgoing).filter(pk=outgoing.pk).update(
        state=State.DUE, due_at=due_at, leased_until=None, attempts=attempts, outcome=why[:60]
    )
