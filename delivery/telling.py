"""What a push and an e-mail say: everything is read when they leave, as it is then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from accounts.actor import Actor, Credential
from accounts.models import Member, Organisation
from accounts.permissions import Permission
from delivery.models import NoticeKind, Notification, Outgoing
from delivery.notifications import unread_counts
from delivery.payloads import excerpt_of, files_of
from delivery.words import Words, words_for
from messaging.access import conversations_visible_to, participants_who_hear
from messaging.models import Conversation, Kind, Message, MessageKind
from messaging.queries import MESSAGES, bring_adornments, complete

SHOWN = 10
MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class News:
    """What one person has not read: of a conversation (`messages` are the newest of `count`), or a notification."""

    outgoing: Outgoing
    member: Member
    conversation: Conversation | None
    messages: list[Message]
    count: int
    notification: Notification | None = None

    @property
    def organisation(self) -> Organisation:
        return self.member.organisation

    @property
    def shows_text(self) -> bool:
        return self.organisation.notices_show_text

    @property
    def words(self) -> Words:
        return words_for(self.member.language)

    @property
    def request(self) -> str:
        """That of a client which it is about; "" for all else."""
        return str(self.notification.data.get("request", "")) if self.notification else ""

    @property
    def tag(self) -> str:
        """What replaces what: of a conversation only the newest stays. At most 32 letters of base64url."""
        return (self.outgoing.conversation_id or self.outgoing.notification_id or self.outgoing.pk).hex


def news_of(outgoing: Outgoing) -> News | None:
    """None when there is nothing to tell any more: it was read or deleted, or they hear it no more."""
    member = (
        Member.objects.active().select_related("organisation", "user").filter(pk=outgoing.member_id).first()
    )
    if member is None:
        return None
    if outgoing.notification_id:
        return _of_notification(outgoing, member, outgoing.notification_id)
    own = (
        participants_who_hear()
        .filter(conversation=outgoing.conversation_id, member=member.pk, conversation__deleted_at=None)
        .select_related("conversation")
        .first()
    )
    if own is None:
        return None
    unread = (
        MESSAGES.filter(
            conversation=own.conversation_id,
            seq__gt=max(own.read_seq, outgoing.after_seq),
            created_at__gt=own.joined_at,
            kind=MessageKind.TEXT,
            deleted_at=None,
        )
        .exclude(sender=member.pk)
        .order_by("-seq")
    )
    newest = complete(unread[:MOST_COUNTED])
    if not newest:
        return None
    return News(outgoing, member, own.conversation, newest[:SHOWN][::-1], len(newest))


def _of_notification(outgoing: Outgoing, member: Member, id: UUID) -> News | None:
    found = (
        Notification.objects.unread()
        .filter(pk=id)
        .select_related("message__sender", "actor", "conversation")
        .first()
    )
    if found is None or (found.message and found.message.deleted_at):
        return None
    actor = Actor(member, Credential(member.pk))
    if found.conversation and not conversations_visible_to(actor).filter(pk=found.conversation.pk).exists():
        return None
    if found.message and found.message.kind == MessageKind.NOTE and not actor.can(Permission.SEE_NOTES):
        return None
    if found.kind == NoticeKind.NEW_REQUEST and not actor.can(Permission.DECIDE_REQUESTS):
        return None
    messages = [found.message] if found.message else []
    bring_adornments(messages)
    return News(outgoing, member, found.conversation, messages, 1, found)


# --- a push ---------------------------------------------------------------------------------------------------------


def push_payload(news: News) -> dict[str, Any]:
    """Small: a service takes 4 KiB. `body` only where the organisation lets texts be shown."""
    payload: dict[str, Any] = {
        "kind": news.outgoing.kind,
        "conversation": str(news.conversation.pk) if news.conversation else None,
        "title": title_of(news),
        "url": path_of(news),
        "tag": news.tag,
        "unread": unread_counts([news.member.pk])[news.member.pk],
        "count": news.count,
    }
    if news.shows_text and news.messages:
        last = news.messages[-1]
        said = excerpt_of(last) or ", ".join(files_of(last, news.words["file"]))
        payload["body"] = f"{last.sender.name}: {said}"
    else:
        payload["body"] = about(news)
    return payload


def about(news: News) -> str:
    """What it is, without what was said."""
    words = news.words
    if news.notification:
        # What a request is called is what somebody says.
        is_shown = news.shows_text or not news.request
        return _one_line(str(news.notification.data.get("title", ""))) if is_shown else ""
    return words["new_message"] if news.count == 1 else words["new_messages"].format(count=news.count)


def title_of(news: News) -> str:
    words = news.words
    if news.notification:
        return words[_word_for(news.notification)].format(actor=_actor(news))
    if news.outgoing.kind == NoticeKind.MENTION:
        return words["mention"].format(actor=_actor(news))
    return where_of(news)


def _word_for(notification: Notification) -> str:
    """Of a request, what was decided about it."""
    status = notification.data.get("status", "")
    is_decision = notification.kind == NoticeKind.REQUEST_STATUS and status in ("approved", "rejected")
    return f"request_{status}" if is_decision else notification.kind


def where_of(news: News) -> str:
    """A pair is named after who writes; the others have a title, or nothing to say."""
    conversation, organisation = news.conversation, news.organisation.name
    if conversation and conversation.title and conversation.kind != Kind.DIRECT:
        return news.words["in"].format(title=_one_line(conversation.title), organisation=organisation)
    return news.words["from"].format(actor=_actor(news), organisation=organisation)


def _actor(news: News) -> str:
    if news.notification:
        return _one_line(news.notification.actor.name) if news.notification.actor else news.organisation.name
    return _one_line(news.messages[-1].sender.name)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:120]


def path_of(news: News) -> str:
    """Whoever signs in has a page of ours; a client's is the host's, which we do not know."""
    if not news.member.user_id:
        return ""
    place = f"#{news.conversation.pk}" if news.conversation else ""
    if news.request:
        place = f"#request={news.request}"
    return f"/chat/?organisation={news.organisation.slug}{place}"


def url_of(news: News) -> str:
    path = path_of(news)
    return f"{settings.PUBLIC_URL}{path}" if path else ""
