"""REST about conversations and their messages."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from rest_framework.fields import DateTimeField, UUIDField
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.http import ActorView
from accounts.queries import get_space
from common import ratelimit
from common.api import pack_cursor, page, read_input, unpack_cursor
from messaging import actions, queries
from messaging.access import conversations_visible_to, get_conversation, known_among
from messaging.models import Conversation, Kind, Message, Participant
from messaging.payloads import conversation_payload, message_payload_for
from messaging.serializers import (
    ConversationsQuery,
    DirectionField,
    PresenceQuery,
    RenameConversationInput,
    SendMessageInput,
    SeqField,
    SetTypingInput,
    StartConversationInput,
    TimelineQuery,
)
from presence.payloads import presences_payload
from presence.roll import roll_call

TYPING_PER_MEMBER = "60/minute"
SENDS_PER_MEMBER = ratelimit.rate(settings.SENDS_PER_SECOND, settings.SENDS_BURST)


class Conversations(ActorView):
    """Newest first. What the actor archived is listed with `archived=true` only."""

    def get(self, request: Request) -> Response:
        query = read_input(ConversationsQuery, request.query_params)
        conversations = conversations_visible_to(self.actor)
        if "kind" in query:
            conversations = conversations.filter(kind=query["kind"])
        if "space" in query:
            conversations = conversations.filter(space=get_space(self.actor, query["space"]))
        if query["q"]:
            conversations = queries.matching(conversations, query["q"], self.actor)
        archived = Participant.objects.filter(
            conversation=OuterRef("pk"), member=self.actor.id, archived_at__isnull=False
        )
        conversations = conversations.filter(Exists(archived) if query["archived"] else ~Exists(archived))
        return self._page(conversations, query)

    def _page(self, conversations: Any, query: dict[str, Any]) -> Response:
        if query["cursor"]:
            active_at, id = unpack_cursor(query["cursor"], DateTimeField, UUIDField)
            conversations = conversations.filter(
                Q(active_at__lt=active_at) | Q(active_at=active_at, id__lt=id)
            )
        found = list(
            queries.with_everything(conversations, self.actor).order_by("-active_at", "-id")[
                : query["limit"] + 1
            ]
        )
        shown, more = found[: query["limit"]], found[query["limit"] :]
        next_cursor = pack_cursor(shown[-1].active_at.isoformat(), shown[-1].id) if more else None
        results = [conversation_payload(one, self.actor.id) for one in shown]
        return page(results, next_cursor=next_cursor)


class StartConversation(ActorView):
    def post(self, request: Request) -> Response:
        data = read_input(StartConversationInput, request.data)
        started = actions.start_conversation(self.actor, **{**data, "kind": Kind(data["kind"])})
        status = HTTPStatus.CREATED if started.is_new else HTTPStatus.OK
        return Response(_detail(self, started.conversation.id), status=status)


class ConversationDetail(ActorView):
    def get(self, request: Request, conversation_id: UUID) -> Response:
        return Response(_detail(self, get_conversation(self.actor, conversation_id).id))

    def patch(self, request: Request, conversation_id: UUID) -> Response:
        get_conversation(self.actor, conversation_id)
        data = read_input(RenameConversationInput, request.data)
        actions.rename_conversation(self.actor, conversation_id=conversation_id, title=data["title"])
        return Response(_detail(self, conversation_id))


class SetTyping(ActorView):
    """For those without a socket."""

    def post(self, request: Request, conversation_id: UUID) -> Response:
        get_conversation(self.actor, conversation_id)
        typing = read_input(SetTypingInput, request.data)["typing"]
        ratelimit.hit(TYPING_PER_MEMBER, "typing", self.actor.id)
        actions.tell_typing(self.actor, conversation_id=conversation_id, on=typing)
        return Response(status=HTTPStatus.NO_CONTENT)


class PresenceOf(ActorView):
    """Of those among `members` whom the actor may know of; the others are left out."""

    def get(self, request: Request) -> Response:
        asked = read_input(PresenceQuery, request.query_params)["members"]
        return Response({"members": presences_payload(roll_call().look(known_among(self.actor, asked)))})


def _detail(view: ActorView, id: UUID) -> Any:
    found = queries.with_everything(Conversation.objects.filter(pk=id), view.actor).get()
    return conversation_payload(found, view.actor.id)


class Timeline(ActorView):
    """By `seq`, oldest first. Without a parameter the newest page; `next` continues the way the page was going."""

    def get(self, request: Request, conversation_id: UUID) -> Response:
        conversation = get_conversation(self.actor, conversation_id)
        query = read_input(TimelineQuery, request.query_params)
        if query["cursor"]:
            direction, seq = unpack_cursor(query["cursor"], DirectionField, SeqField)
            query[direction] = seq
        messages, next_cursor = self._messages(conversation, query, query["limit"])
        return page(self._payloads(conversation, messages), next_cursor=next_cursor)

    def post(self, request: Request, conversation_id: UUID) -> Response:
        conversation = get_conversation(self.actor, conversation_id)
        data = read_input(SendMessageInput, request.data)
        data.pop("attachments")
        ratelimit.hit(SENDS_PER_MEMBER, "send", self.actor.id)
        sent = actions.send_message(self.actor, conversation_id=conversation.id, **data)
        (payload,) = self._payloads(conversation, [sent.message])
        if sent.duplicate:
            return Response({**payload, "duplicate": True}, status=HTTPStatus.OK)
        return Response(payload, status=HTTPStatus.CREATED)

    def _messages(
        self, conversation: Conversation, query: dict[str, Any], limit: int
    ) -> tuple[list[Message], str | None]:
        if "after" in query:
            messages = queries.messages_after(conversation, query["after"], limit)
            more = bool(messages) and messages[-1].seq < conversation.last_seq
            return messages, pack_cursor("after", messages[-1].seq) if more else None
        if "around" in query:
            messages = queries.messages_around(conversation, query["around"], limit)
        else:
            messages = queries.messages_before(conversation, query.get("before"), limit)
        more = bool(messages) and messages[0].seq > 1
        return messages, pack_cursor("before", messages[0].seq) if more else None

    def _payloads(self, conversation: Conversation, messages: list[Message]) -> list[Any]:
        participants = queries.participants_of(conversation)
        return [message_payload_for(self.actor.member, message, participants) for message in messages]
