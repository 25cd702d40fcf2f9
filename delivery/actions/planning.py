"""Finding who is to be pushed or mailed, without a row for each recipient when something is said.

All in one transaction, under the lock of one row: what is found is written down as `Outgoing` together with how far
everybody has been told. Whoever dies in the middle of it has told nobody, and the next look finds the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from common.clock import ask_the_database
from common.ids import new_id
from delivery.actions.inbox import GRACE
from delivery.choices import notify_of, wishes_of
from delivery.deciding import Event, Means, Preference, Where, Wishes, decide
from delivery.models import (
    Channel,
    Look,
    NoticeKind,
    Notification,
    Outgoing,
    Progress,
    PushSubscription,
    State,
    Transcript,
)
from messaging.access import participants_who_hear
from messaging.models import Conversation, Message, MessageKind, Participant
from presence.queries import whereabouts

LOOK = "messages"
# Longer than any transaction lasts: what committed late still falls into the look.
OVERLAP = timedelta(seconds=15)
# Whoever is at a page, but does not look: until they have gone, or have read.
AGAIN_AFTER = timedelta(minutes=1)
# What nobody looked at for so long is no news any more.
NEWS_FOR = timedelta(days=1)
AT_ONCE = 500
# A task has a notice so long; whoever died with it before the first byte left is followed by another.
LEASE = timedelta(minutes=5)


def plan_notices() -> None:
    """Looks at what changed since the last look, and at what is due again. Call in a transaction.

    Does nothing while another process looks.
    """
    Look.objects.get_or_create(name=LOOK)
    look = Look.objects.select_for_update(skip_locked=True).filter(name=LOOK).first()
    if look is None:
        return
    at = ask_the_database()()
    changed = Conversation.objects.filter(changed_at__gt=look.at - OVERLAP, deleted_at=None)
    ids = list(changed.values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        _plan(at, _unlooked(_behind(at).filter(conversation__in=ids[start : start + AT_ONCE])))
    _plan_what_is_due(at)
    _plan_notifications(at)
    look.at = at
    look.save(update_fields=["at"])


def lease_due_notices() -> list[UUID]:
    """Those that wait for a task, given to one. Call in the transaction that enqueues it."""
    at = ask_the_database()()
    due = Outgoing.objects.filter(
        Q(leased_until=None) | Q(leased_until__lt=at), state=State.DUE, due_at__lte=at
    )
    ids = list(
        due.select_for_update(skip_locked=True).order_by("due_at").values_list("pk", flat=True)[:AT_ONCE]
    )
    Outgoing.objects.filter(pk__in=ids).update(leased_until=at + LEASE)
    return ids


def look_again(conversation: UUID, members: Iterable[UUID]) -> None:
    """What they were looked at for has become something else: a message that names them now."""
    Progress.objects.filter(conversation=conversation, member__in=members).update(due_at=ask_the_database()())


def forget_old_notices(*, older_than: timedelta) -> None:
    before = ask_the_database()() - older_than
    Outgoing.objects.filter(created_at__lt=before).delete()
    Transcript.objects.filter(created_at__lt=before).delete()


# --- who is behind --------------------------------------------------------------------------------------------------


def _behind(at: datetime) -> QuerySet[Participant, Any]:
    """Participants who can be told, where others said something that they have not read: `newest` is its seq.

    `pushed`, `mailed`: how far they were. `waiting_since`: of what they were not mailed, when the first was said.
    """
    own = Progress.objects.filter(conversation=OuterRef("conversation"), member=OuterRef("member"))
    unread = (
        Message.objects.filter(
            conversation=OuterRef("conversation"),
            kind=MessageKind.TEXT,
            deleted_at=None,
            seq__gt=OuterRef("read_seq"),
            created_at__gt=OuterRef("joined_at"),
            created_at__lte=at - GRACE,
        )
        .exclude(sender=OuterRef("member"))
        .order_by("seq")
    )
    mention = Notification.objects.unread().filter(
        member=OuterRef("member"), conversation=OuterRef("conversation"), kind=NoticeKind.MENTION
    )
    unmailed = unread.filter(seq__gt=OuterRef("mailed"))
    return (
        participants_who_hear()
        .filter(_can_be_told())
        .annotate(
            newest=Subquery(unread.order_by("-seq").values("seq")[:1]),
            pushed=_or_none_yet(own.values("pushed_seq")[:1]),
            mailed=_or_none_yet(own.values("mailed_seq")[:1]),
        )
        .filter(newest__isnull=False)
        .annotate(
            waiting_since=Subquery(unmailed.values("created_at")[:1]),
            is_mentioned_unpushed=Exists(mention.filter(message__seq__gt=OuterRef("pushed"))),
            is_mentioned_unmailed=Exists(mention.filter(message__seq__gt=OuterRef("mailed"))),
        )
        .select_related("conversation", "member__user")
    )


def _or_none_yet(progress: Any) -> Coalesce:
    return Coalesce(
        Subquery(progress, output_field=BigIntegerField()), Value(0), output_field=BigIntegerField()
    )


def _can_be_told() -> Q:
    """By anything at all: of all others there is nothing to decide, and nothing to write down."""
    subscribed = Q(Exists(PushSubscription.objects.filter(member=OuterRef("member"))))
    return (
        subscribed | Q(member__email__gt="") | Q(member__user__email__gt="")
        if settings.SENDS_EMAIL
        else subscribed
    )


def _unlooked(behind: QuerySet[Participant, Any]) -> QuerySet[Participant, Any]:
    looked = Progress.objects.filter(
        conversation=OuterRef("conversation"), member=OuterRef("member"), looked_seq__gte=OuterRef("newest")
    )
    return behind.exclude(Exists(looked))


def _plan_what_is_due(at: datetime) -> None:
    due = list(Progress.objects.filter(due_at__lte=at).order_by("due_at")[:AT_ONCE])
    if not due:
        return
    Progress.objects.filter(pk__in=[one.pk for one in due]).update(due_at=None)
    pairs = {(one.conversation_id, one.member_id) for one in due}
    conversations, members = zip(*pairs, strict=True)
    behind = _behind(at).filter(conversation__in=set(conversations), member__in=set(members))
    _plan(at, [one for one in behind if (one.conversation_id, one.member_id) in pairs])


# --- what they are told ---------------------------------------------------------------------------------------------


def _plan(at: datetime, behind: Iterable[Any]) -> None:
    ones = list(behind)
    if not ones:
        return
    members = {one.member_id for one in ones}
    wishes, where = wishes_of(members), whereabouts(members)
    progress, outgoing = [], Leaving(members)
    for one in ones:
        of_push, of_mail = _means_for(one, wishes[one.member_id], Where(where[one.member_id]), at)
        pushed, mailed = one.pushed, one.mailed
        if Means.PUSH in of_push and one.newest > one.pushed:
            outgoing.push(one.member_id, _kind(one.is_mentioned_unpushed), **_up_to(one, one.pushed))
            pushed = one.newest
        if Means.EMAIL in of_mail and address_of(one.member):
            outgoing.mail(one.member_id, _kind(one.is_mentioned_unmailed), **_up_to(one, one.mailed))
            mailed = one.newest
        again = _again(
            one, wishes[one.member_id], at, is_pushed=pushed >= one.newest, is_mailed=mailed >= one.newest
        )
        progress.append(
            Progress(
                conversation_id=one.conversation_id,
                member_id=one.member_id,
                looked_seq=one.newest,
                pushed_seq=pushed,
                mailed_seq=mailed,
                due_at=again,
            )
        )
    Progress.objects.bulk_create(
        progress,
        update_conflicts=True,
        unique_fields=["conversation", "member"],
        update_fields=["looked_seq", "pushed_seq", "mailed_seq", "due_at"],
    )
    outgoing.write()


def _kind(is_mentioned: bool) -> NoticeKind:
    return NoticeKind.MENTION if is_mentioned else NoticeKind.NEW_MESSAGE


def _up_to(one: Any, after: int) -> dict[str, Any]:
    return {
        "conversation_id": one.conversation_id,
        "after_seq": max(one.read_seq, after),
        "seq": one.newest,
    }


Decided = tuple[frozenset[Means], frozenset[Means]]


def _means_for(one: Any, wishes: Wishes, where: Where, at: datetime, *, awake: bool = False) -> Decided:
    """For a push and for an e-mail: the one may be of a mention where the other is of something new."""
    has_waited = one.waiting_since is not None and one.waiting_since + email_delay() <= at

    def of(is_mentioned: bool) -> frozenset[Means]:
        kind = _kind(is_mentioned)
        preference = _preference(one, wishes, kind, at)
        return decide(
            replace(preference, is_quiet=False) if awake else preference,
            where,
            Event(kind, has_waited=has_waited),
        )

    return of(one.is_mentioned_unpushed), of(one.is_mentioned_unmailed)


def _preference(one: Any, wishes: Wishes, kind: NoticeKind, at: datetime) -> Preference:
    notify = notify_of(one.conversation, one.notify)
    return wishes.of(kind, at, notify=notify, muted_until=one.muted_until)


def _again(one: Any, wishes: Wishes, at: datetime, *, is_pushed: bool, is_mailed: bool) -> datetime | None:
    """When to look again: if they had gone by then, there would be something to tell them."""
    then = max(at, (one.waiting_since or at) + email_delay())
    if one.waiting_since and one.waiting_since < at - NEWS_FOR:
        return None
    of_push, _ = _means_for(one, wishes, Where.OFFLINE, at, awake=True)
    _, of_mail = _means_for(one, wishes, Where.OFFLINE, then, awake=True)
    soon = at + AGAIN_AFTER
    moments = []
    if Means.PUSH in of_push and not is_pushed:
        moments.append(soon)
    if Means.EMAIL in of_mail and not is_mailed and address_of(one.member):
        moments.append(max(then, soon) if then <= at else then)
    if not moments:
        return None
    moment = min(moments)
    quiet = wishes.quiet
    return quiet.ends_after(moment) if quiet and quiet.holds_at(moment) else moment


def email_delay() -> timedelta:
    return timedelta(seconds=settings.EMAIL_DELAY_SECONDS)


def address_of(member: Any) -> str:
    """Where somebody is mailed; "" where they are not."""
    if not settings.SENDS_EMAIL:
        return ""
    return member.email or (member.user.email if member.user else "")


# --- notifications that are told by themselves ----------------------------------------------------------------------


def _plan_notifications(at: datetime) -> None:
    due = list(
        Notification.objects.unread()
        .filter(due_at__lte=at)
        .select_related("member__user")
        .order_by("due_at")[:AT_ONCE]
    )
    if not due:
        return
    members = {one.member_id for one in due}
    wishes, where, outgoing = wishes_of(members), whereabouts(members), Leaving(members)
    for one in due:
        _plan_notification(one, wishes[one.member_id], Where(where[one.member_id]), at, outgoing)
    Notification.objects.bulk_update(due, ["due_at", "is_pushed", "is_mailed"])
    outgoing.write()


def _plan_notification(
    one: Notification, wishes: Wishes, where: Where, at: datetime, outgoing: Leaving
) -> None:
    kind, mail_at = NoticeKind(one.kind), one.created_at + email_delay()
    preference = wishes.of(kind, at)
    means = decide(preference, where, Event(kind, has_waited=mail_at <= at))
    if Means.PUSH in means and not one.is_pushed:
        outgoing.push(one.member_id, kind, notification=one)
        one.is_pushed = True
    if Means.EMAIL in means and not one.is_mailed and address_of(one.member):
        outgoing.mail(one.member_id, kind, notification=one)
        one.is_mailed = True
    wanted = decide(replace(preference, is_quiet=False), Where.OFFLINE, Event(kind, has_waited=True))
    moments = []
    if Means.PUSH in wanted and not one.is_pushed:
        moments.append(at + AGAIN_AFTER)
    if Means.EMAIL in wanted and not one.is_mailed and address_of(one.member):
        moments.append(mail_at if mail_at > at else at + AGAIN_AFTER)
    is_news = one.created_at > at - NEWS_FOR
    one.due_at = min(moments) if moments and is_news else None


# --- writing it down ------------------------------------------------------------------------------------------------


class Leaving:
    """What is to leave: a push for each browser of theirs, an e-mail for each person."""

    def __init__(self, members: Iterable[UUID]) -> None:
        self._browsers: defaultdict[UUID, list[UUID]] = defaultdict(list)
        for member, id in PushSubscription.objects.filter(member__in=members).values_list("member", "pk"):
            self._browsers[member].append(id)
        self._rows: list[Outgoing] = []

    def push(self, member: UUID, kind: NoticeKind, **about: Any) -> None:
        for browser in self._browsers[member]:
            self._add(channel=Channel.PUSH, member_id=member, kind=kind, subscription_id=browser, **about)

    def mail(self, member: UUID, kind: NoticeKind, **about: Any) -> None:
        self._add(channel=Channel.EMAIL, member_id=member, kind=kind, **about)

    def _add(self, **fields: Any) -> None:
        self._rows.append(Outgoing(id=new_id(), **fields))

    def write(self) -> Sequence[Outgoing]:
        return Outgoing.objects.bulk_create(self._rows, ignore_conflicts=True)
