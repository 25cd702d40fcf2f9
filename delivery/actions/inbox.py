"""Telling somebody of something in their inbox, and what they do with it there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.actor import Actor
from accounts.models import Member
from accounts.permissions import Permission, roles_with
from attachments.models import Attachment, StorageUse
from common.clock import now
from common.ids import new_id
from delivery.choices import notify_of, wishes_of
from delivery.deciding import SAID, Event, Means, Preference, Where, decide
from delivery.events import NotificationsRead, NotificationTold
from delivery.models import NoticeKind, Notification
from delivery.notifications import COMPLETE, get_notification, unread_counts
from delivery.payloads import notification_payload
from messaging.access import Hearers
from messaging.models import Conversation, Message, MessageKind, Participant
from realtime.publishing import publish

# Whoever looks at the page reads within seconds, and needs no push.
GRACE = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Notice:
    """What to tell, and whom: members of one organisation. `key` says what it is about: nobody is told of it twice.

    `data` must hold no text of a message.
    """

    kind: NoticeKind
    key: str
    organisation_id: UUID
    members: Collection[UUID]
    conversation: Conversation | None = None
    message: Message | None = None
    actor: Member | None = None
    data: dict[str, Any] = field(default_factory=dict)


def notify(notices: Sequence[Notice]) -> list[Notification]:
    """Tells of these, all in one transaction: a few statements, however many they are. Gives those that are new.

    Whoever did it is not told of it, nor is whoever is of another organisation, is gone, or does not want to be.
    Publishes `notification` to each.
    """
    with transaction.atomic():
        at = now()
        new = _write(_wanted(notices, at))
        if new:
            _tell([one for one, _ in new], alerts={one.pk for one, means in new if Means.PAGE in means})
        return [one for one, _ in new]


Wanted = list[tuple[Notification, frozenset[Means]]]


def _wanted(notices: Sequence[Notice], at: datetime) -> Wanted:
    who = {id for one in notices for id in one.members}
    active = dict(Member.objects.active().filter(pk__in=who).values_list("pk", "organisation"))
    wishes, in_place = wishes_of(active), _participations(notices)
    wanted: Wanted = []
    for notice in notices:
        for member in dict.fromkeys(notice.members):
            is_actor = notice.actor is not None and notice.actor.pk == member
            if is_actor or active.get(member) != notice.organisation_id:
                continue
            own = in_place.get((notice.conversation.pk, member)) if notice.conversation else None
            preference = wishes[member].of(notice.kind, at)
            if own and notice.conversation:
                preference = wishes[member].of(
                    notice.kind,
                    at,
                    notify=notify_of(notice.conversation, own.notify),
                    muted_until=own.muted_until,
                )
            # As if they were looking at another page: who is really here is asked when something is pushed.
            means = decide(preference, Where.ONLINE, Event(notice.kind))
            if Means.INBOX in means:
                wanted.append((_notification(notice, member, preference, at), means))
    return wanted


def _participations(notices: Sequence[Notice]) -> dict[tuple[UUID, UUID], Participant]:
    """What each wants of the conversation it is said in."""
    said = [one for one in notices if one.kind in SAID and one.conversation]
    conversations = {one.conversation.pk for one in said if one.conversation}
    if not conversations:
        return {}
    found = Participant.objects.filter(
        conversation__in=conversations, member__in={id for one in said for id in one.members}
    ).only("conversation", "member", "notify", "muted_until")
    return {(one.conversation_id, one.member_id): one for one in found}


def _notification(notice: Notice, member: UUID, preference: Preference, at: datetime) -> Notification:
    """What is said in a conversation is pushed together with all that is new there; the others by themselves, and so is
    a note, which is no news to everybody."""
    is_said = notice.kind in SAID and not _is_of_a_note(notice)
    is_pushed_alone = not is_said and bool(preference.chosen & {Means.PUSH, Means.EMAIL})
    return Notification(
        id=new_id(),
        member_id=member,
        kind=notice.kind,
        key=notice.key,
        conversation=notice.conversation,
        message=notice.message,
        actor=notice.actor,
        data=notice.data,
        created_at=at,
        due_at=at + GRACE if is_pushed_alone else None,
    )


def _is_of_a_note(notice: Notice) -> bool:
    return notice.message is not None and notice.message.kind == MessageKind.NOTE


def _write(wanted: Wanted) -> Wanted:
    """Those that were not there: their ids are in the database then."""
    if not wanted:
        return []
    Notification.objects.bulk_create([one for one, _ in wanted], ignore_conflicts=True)
    ours = [one.pk for one, _ in wanted]
    new = set(Notification.objects.filter(pk__in=ours).values_list("pk", flat=True))
    return [(one, means) for one, means in wanted if one.pk in new]


def _tell(notifications: Iterable[Notification], *, alerts: Collection[UUID] = ()) -> None:
    """Each to its member's own sockets. Of several, the count is that after the last."""
    told = list(notifications)
    unread = unread_counts(one.member_id for one in told)
    for one in told:
        payload = notification_payload(one)
        publish(
            NotificationTold(payload, unread[one.member_id], one.pk in alerts),
            to=[one.member_id],
        )


# --- mentions -------------------------------------------------------------------------------------------------------


def tell_mentions(messages: Iterable[tuple[Message, Collection[UUID]]]) -> None:
    """Whoever is mentioned, and still hears the conversation. Publishes `notification`."""
    mentioning = [(message, members) for message, members in messages if members]
    if not mentioning:
        return
    hearers = Hearers({message.conversation_id for message, _ in mentioning})
    notify(
        [
            Notice(
                NoticeKind.MENTION,
                str(message.pk),
                message.conversation.organisation_id,
                [one for one in members if one in hearers.of(message.conversation)],
                conversation=message.conversation,
                message=message,
                actor=message.sender,
            )
            for message, members in mentioning
        ]
    )


def tell_decision(file: Attachment, message: Message) -> None:
    """Whoever uploaded a file that had to wait. Publishes `notification`."""
    notice = Notice(
        NoticeKind.FILE_DECISION,
        f"{file.pk} {file.state}",
        file.organisation_id,
        [
            one
            for one in [file.uploader_id]
            if one in Hearers([message.conversation_id]).of(message.conversation)
        ],
        conversation=message.conversation,
        message=message,
        actor=file.reviewer,
        # What it is called is a part of what was said.
        data={"file": str(file.pk), "state": file.state},
    )
    notify([notice])


def tell_of_storage(use: StorageUse, percent: int) -> None:
    """Whoever manages the organisation: that files take so much of what they may. Publishes `notification`."""
    managers = Member.objects.active().filter(
        organisation=use.organisation_id, role__in=roles_with(Permission.DELETE_ANY_MESSAGE)
    )
    where = f"{percent} % · {use.space.name}" if use.space else f"{percent} %"
    notice = Notice(
        NoticeKind.STORAGE,
        # Once on each way up.
        f"{use.pk} {percent} {now():%Y-%m-%d}",
        use.organisation_id,
        list(managers.values_list("pk", flat=True)),
        data={"title": where, "percent": percent, "space": str(use.space_id) if use.space_id else None},
    )
    notify([notice])


def mark_read_up_to(conversation_id: UUID, member: UUID, seq: int) -> None:
    """What one is told of in a conversation is read with it. Publishes `notification` for each."""
    _close(
        Notification.objects.unread().filter(
            member=member, conversation=conversation_id, kind__in=SAID, message__seq__lte=seq
        ),
        "read_at",
    )


@transaction.atomic
def dismiss_notifications_about(message: Message) -> None:
    """It is deleted: who has not read of it needs not any more. Publishes `notification` for each."""
    _close(Notification.objects.unread().filter(message=message.pk), "dismissed_at", about=message)


@transaction.atomic
def dismiss_notifications_in(conversation: Conversation, members: Collection[UUID] | None = None) -> None:
    """Of a conversation that these (or all) see no more. Publishes `notification` for each."""
    those = Notification.objects.filter(conversation=conversation.pk, dismissed_at=None)
    _close(those if members is None else those.filter(member__in=members), "dismissed_at")


@transaction.atomic
def dismiss_notifications_of(kind: NoticeKind, key: str, members: Collection[UUID]) -> None:
    """What they were to do something about is done. Publishes `notification` for each that was unread."""
    about = Notification.objects.unread().filter(member__in=members, kind=kind, key=key)
    _close(about, "dismissed_at")


def _close(those: Any, column: str, *, about: Message | None = None) -> None:
    ids = list(those.values_list("pk", flat=True))
    if not ids:
        return
    Notification.objects.filter(Q(pk__in=ids), **{column: None}).update(**{column: now()}, due_at=None)
    closed = list(COMPLETE.filter(pk__in=ids).order_by("pk"))
    for one in closed:
        # As it is in this transaction, and not as a cache has it.
        one.message = about or one.message
    _tell(closed)


# --- what one does with them ----------------------------------------------------------------------------------------


def read_notification(actor: Actor, *, notification_id: UUID) -> tuple[Notification, int]:
    """Gives it, with how many are unread. Publishes `notification` to the actor's sockets, the first time."""
    return _settle(actor, notification_id, "read_at")


def dismiss_notification(actor: Actor, *, notification_id: UUID) -> tuple[Notification, int]:
    """It is in no list any more. Publishes `notification` to the actor's sockets, the first time."""
    return _settle(actor, notification_id, "dismissed_at")


@transaction.atomic
def _settle(actor: Actor, id: UUID, column: str) -> tuple[Notification, int]:
    actor.must(Permission.CHANGE_SETTINGS)
    notification = get_notification(actor, id)
    moment = now()
    if Notification.objects.filter(pk=id, **{column: None}).update(**{column: moment}, due_at=None):
        setattr(notification, column, moment)
        _tell([notification])
    return notification, unread_counts([actor.id])[actor.id]


@transaction.atomic
def read_all_notifications(actor: Actor) -> int:
    """Gives how many there were. Publishes `notifications` to the actor's sockets, if there were any."""
    actor.must(Permission.CHANGE_SETTINGS)
    count = Notification.objects.unread().filter(member=actor.id).update(read_at=now(), due_at=None)
    if count:
        publish(NotificationsRead(0), to=[actor.id])
    return count


def forget_old_notifications(*, older_than: timedelta) -> None:
    """Those that were read or dismissed."""
    gone = Notification.objects.filter(created_at__lt=now() - older_than)
    gone.exclude(read_at=None, dismissed_at=None).delete()
